import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { renderTable } from '../kit/table.ts';
import { openArena } from './arena.ts';
import { type CpuProfile, groupTimes, selfTimes } from './cpu-profile.ts';
import type { Entrant } from './entrant.ts';
import { floor, gateway } from './entrants.ts';
import type { Workload } from './operations.ts';
import { machineLine } from './report.ts';

const WARM_UP_MS = 6_000;
const MEASURE_MS = 6_000;
const FUNCTIONS = 40;
const READ_MS = 10_000;

const withProfiler = (entrant: Entrant, file: string): Entrant => ({
  ...entrant,
  args: async (place) => [
    ...['--import', fileURLToPath(new URL('./profiler.ts', import.meta.url))],
    ...(await entrant.args(place)),
  ],
  env: { RACE_PROFILE: file },
});

/** A profile is complete when it is JSON. */
async function readProfile(file: string): Promise<CpuProfile> {
  const deadline = performance.now() + READ_MS;
  for (;;) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await wait(100);
    }
  }
}

function show(profile: CpuProfile, requests: number): string {
  const times = selfTimes(profile);
  const total = times.reduce((sum, { us }) => sum + us, 0);
  const numbers = (us: number) => [((100 * us) / total).toFixed(1), (us / requests).toFixed(1)];
  const groups = groupTimes(times).map(({ group, us }) => [group, ...numbers(us)]);
  const functions = times.slice(0, FUNCTIONS).map(({ name, place, us }) => [...numbers(us), name, place]);
  return [
    renderTable(['part', '% of CPU', 'us/request'], groups),
    renderTable(['% of CPU', 'us/request', 'function', 'place'], functions),
  ].join('\n\n');
}

/** Runs floor and gateway with one workload and shows what the gateway's time is spent on. */
export async function profile(workload: Workload): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'race-profile-')), `${workload}.cpuprofile`);
  const arena = await openArena([floor, withProfiler(gateway, file)]);
  try {
    process.stdout.write(`${machineLine()}\n\n`);
    for (const contender of arena.contenders) {
      await arena.greet(contender, 'known');
      const lap = { contender, mode: 'known', workload, settleMs: WARM_UP_MS, measureMs: MEASURE_MS } as const;
      const { serverCpuMs, requests } = await arena.run(lap);
      const cpuUs = Math.round((serverCpuMs * 1_000) / requests);
      process.stdout.write(`${contender.entrant.label}: ${cpuUs} us of CPU per request\n`);
    }
    const [, contender] = arena.contenders;
    if (!contender) throw new Error('the gateway does not run');
    await arena.greet(contender, 'known');
    contender.server.signal('SIGUSR2');
    await wait(500);
    const { allRequests } = await arena.run({
      ...{ contender, workload, mode: 'known' },
      ...{ settleMs: 0, measureMs: MEASURE_MS },
    });
    contender.server.signal('SIGUSR2');
    const found = await readProfile(file);
    process.stdout.write(`\n${show(found, allRequests)}\n\nFor the browser's developer tools: ${file}\n`);
  } finally {
    await arena.close();
  }
}
