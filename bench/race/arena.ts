import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../kit/child.ts';
import { type Answers, collectAnswers, compareAnswers, firstDifference } from './check-answers.ts';
import type { Entrant } from './entrant.ts';
import type { Measured, Prepared, RunOptions } from './load.ts';
import type { Workload } from './operations.ts';
import type { Mode } from './requests.ts';
import { freePort, type ServerProcess, startServer } from './server-process.ts';
import type { Calls, Seen, Upstream } from './upstream.ts';

/** One who races, with its server. */
export interface Contender {
  readonly entrant: Entrant;
  readonly server: ServerProcess;
  readonly answers: Answers;
}

/** What is done with a contender for a while. */
export interface Lap {
  readonly contender: Contender;
  readonly mode: Mode;
  readonly workload: Workload;
  readonly settleMs: number;
  readonly measureMs: number;
}

export interface LapResult extends Measured {
  readonly upstreamCalls: number;
}

/** Everything that runs during a race. */
export interface Arena {
  readonly contenders: readonly Contender[];
  readonly upstream: Upstream;
  /** Has callers that come again and again say hello once, so that a server that looks at who calls knows them. */
  greet(contender: Contender, mode: Mode): Promise<void>;
  /** @throws Error when an answer is not as it should be, or the upstream has refused something */
  run(lap: Lap): Promise<LapResult>;
  close(): Promise<void>;
}

const OTHER_CORE = 1;

/** More than the longest lap. */
const LAP_LIMIT_MS = 120_000;

interface Sides {
  readonly load: Child;
  readonly upstream: Child;
}

const bytesOf = ({ list, points }: Answers, workload: Workload) =>
  workload === 'list' ? [list.bytes] : points.map(({ bytes }) => bytes);

interface Ground {
  readonly sides: Sides;
  readonly upstream: Upstream;
  readonly prepared: Prepared;
  readonly folder: string;
}

/** Asks a server everything once, and makes sure that it passes on the token of whoever asks. */
async function question({ sides, upstream, prepared }: Ground, { label, dialect }: Entrant, server: ServerProcess) {
  const { packageIds } = upstream;
  const questioner = { packageIds, gatewayTokens: prepared.gatewayTokens };
  await sides.upstream.ask({ ask: 'watch' });
  const answers = await collectAnswers(server.port, dialect, questioner).catch((error: Error) => {
    throw new Error(`${label}: ${error.message}\n${server.output()}`);
  });
  const { seen } = await sides.upstream.ask<Seen>({ ask: 'seen' });
  const expected = ['list 0', 'files 0', ...packageIds.map((_, caller) => `package ${caller}`)];
  const difference = firstDifference(expected.toSorted(), seen.toSorted());
  if (difference !== undefined) throw new Error(`${label} calls the upstream in other names. ${difference}`);
  return answers;
}

/** The first one is who all others are compared with. */
async function startContenders(
  entrants: readonly Entrant[],
  ground: Ground,
  onStart: (server: ServerProcess) => void,
): Promise<Contender[]> {
  const { upstream, folder } = ground;
  const contenders: Contender[] = [];
  for (const entrant of entrants) {
    process.stderr.write(`${entrant.label} starts ...\n`);
    const port = await freePort();
    const server = await startServer({
      label: entrant.label,
      args: await entrant.args({ port, upstream, folder }),
      port,
      env: entrant.env ?? {},
      logFile: join(folder, `${entrant.name}.log`),
    });
    onStart(server);
    const answers = await question(ground, entrant, server);
    const [first] = contenders;
    if (first) compareAnswers(entrant.label, first.answers, answers, entrant.projection?.project);
    contenders.push({ entrant, server, answers });
  }
  return contenders;
}

async function runLap(sides: Sides, upstreamPid: number, lap: Lap): Promise<LapResult> {
  const { contender, mode, workload, settleMs, measureMs } = lap;
  const { entrant, server, answers } = contender;
  const { port } = server;
  const before = await sides.upstream.ask<Calls>({ ask: 'calls' });
  const options: RunOptions = {
    ...{ port, mode, dialect: entrant.dialect, workload, settleMs, measureMs },
    ...{ serverPid: server.pid, upstreamPid, answerBytes: bytesOf(answers, workload) },
  };
  const measured = await sides.load.ask<Measured>({ ask: 'run', ...options }, LAP_LIMIT_MS);
  const after = await sides.upstream.ask<Calls>({ ask: 'calls' });
  const refused = after.refused - before.refused;
  if (measured.wrong + refused > 0) {
    const what = `${measured.wrong} of ${measured.allRequests} answers were wrong, ${refused} upstream calls refused`;
    throw new Error(`${entrant.label}, ${workload}: ${what}\n${server.output()}`);
  }
  const made = after.list + after.package + after.files - before.list - before.package - before.files;
  return { ...measured, upstreamCalls: made };
}

/** Only the gateway looks at who calls, and only callers that come back are known; verdicts end after a while. */
async function greet({ load }: Sides, { entrant, server }: Contender, mode: Mode): Promise<void> {
  if (entrant.role !== 'gateway' || mode !== 'known') return;
  const greeting = { ask: 'greet', port: server.port, mode, dialect: entrant.dialect };
  const { refused } = await load.ask<{ refused: number }>(greeting, LAP_LIMIT_MS);
  if (refused > 0) throw new Error(`${entrant.label} has refused ${refused} callers\n${server.output()}`);
}

/** Starts upstream, load and one server for each entrant, and compares what they answer. */
export async function openArena(entrants: readonly Entrant[]): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'race-'));
  const sides: Sides = {
    load: startChild(new URL('./load.ts', import.meta.url), OTHER_CORE),
    upstream: startChild(new URL('./upstream.ts', import.meta.url), OTHER_CORE),
  };
  const servers: ServerProcess[] = [];
  // Servers are programs of their own, which would outlive this one if it ended before they are told to.
  const killAll = () => {
    for (const server of servers) server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const leave = () => process.exit(1);
  process.once('exit', killAll).once('SIGTERM', leave);
  const close = async () => {
    process.off('exit', killAll).off('SIGTERM', leave);
    await Promise.all([...servers.map((server) => server.end()), sides.load.end(), sides.upstream.end()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const issuer = await sides.load.ask<{ jwks: object }>({ ask: 'issuer' });
    const upstream = await sides.upstream.ask<Upstream>({ ask: 'start', ...issuer });
    const { packageIds } = upstream;
    const prepared = await sides.load.ask<Prepared>({ ask: 'prepare', packageIds });
    const ground = { sides, upstream, prepared, folder };
    const contenders = await startContenders(entrants, ground, (server) => servers.push(server));
    return {
      contenders,
      upstream,
      greet: (contender, mode) => greet(sides, contender, mode),
      run: (lap) => runLap(sides, upstream.pid, lap),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
