import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMeters } from '../../src/metrics/meters.ts';
import { openLogOutput } from '../../src/server/log-output.ts';
import { createLogger } from '../../src/server/logger.ts';
import type { OperationFacts } from '../../src/server/operation-facts.ts';
import { createOperationObserver, type OperationObserver } from '../../src/server/operation-log.ts';
import { renderTable } from '../kit/table.ts';
import { cpuMs } from '../kit/usage.ts';

const ROUNDS = 200_000;
/** A server does other things between two lines: what is collected is written meanwhile. */
const LINES_A_TURN = 20;

const facts: OperationFacts = { kind: 'query', name: 'Dashboard', document: '9b74c9897bac' };
const viewer = { id: 'key:newsroom' };
const answer = { data: {} };

/** CPU time of one, in microseconds, threads of the process included. */
async function costOf(work: (index: number) => void, rounds: number): Promise<number> {
  for (let index = 0; index < rounds / 10; index += 1) work(index);
  await nextTurn();
  const before = cpuMs();
  for (let index = 0; index < rounds; index += 1) {
    work(index);
    if (index % LINES_A_TURN === 0) await nextTurn();
  }
  return ((cpuMs() - before) * 1_000) / rounds;
}

const operation = (observer: OperationObserver) => () => {
  const observation = observer.begin('fast', viewer);
  observation.facts = facts;
  observation.requestId = '8d0cf1b0-6a51-4b0e-9f0e-2f6f3f1f7a11';
  observer.answer(observation, answer);
};

/** A pipe that another process reads, as a container's runtime does. */
function openPipe(folder: string): number {
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const reader = spawn('sh', ['-c', `exec cat ${pipe} > /dev/null`], { stdio: 'ignore' });
  reader.unref();
  return openSync(pipe, 'w');
}

/** What takes the lines. */
interface Destination {
  write(line: string): void;
}

const nowhere: Destination = { write: () => undefined };

const failedCall = (logger: ReturnType<typeof createLogger>) => (index: number) =>
  logger.warn(
    { source: 'london', operation: 'node.info', code: 'SOURCE_TIMEOUT', elapsedMs: index },
    'upstream call failed',
  );

/** What it costs to be observed. With `quick`, little of everything: to see that it runs. */
export async function bench(args: readonly string[]): Promise<void> {
  const rounds = args.includes('quick') ? 2_000 : ROUNDS;
  const folder = mkdtempSync(join(tmpdir(), 'observing-'));
  const fileDescriptor = openPipe(folder);
  const meters = createMeters();
  const calls = meters.ofSource('london');
  const output = openLogOutput(fileDescriptor);
  const observer = (stream: Destination, isLogged: boolean, meter = meters.operations) =>
    createOperationObserver({ logger: createLogger('info', stream), isLogged, meter });
  const unbuffered: Destination = { write: (line) => void writeSync(fileDescriptor, line) };
  const works: readonly (readonly [string, (index: number) => void])[] = [
    ['nothing (the loop)', () => undefined],
    ['an operation in the metrics', operation(observer(nowhere, false))],
    ['a call to a source in the metrics', (index) => calls.noteCall('node.info', '2xx', index % 100)],
    ['an operation in the metrics, its line made', operation(observer(nowhere, true))],
    ['the same, written as the gateway does', operation(observer(output.stream, true))],
    ['the same, each line in a write of its own', operation(observer(unbuffered, true))],
    ['a line of a failed call, made', failedCall(createLogger('info', nowhere))],
  ];
  const rows: (readonly [string, number])[] = [];
  for (const [name, work] of works) rows.push([name, Number((await costOf(work, rounds)).toFixed(2))]);
  process.stdout.write(`${renderTable(['what', 'CPU µs'], rows)}\n`);
  await output.close(2_000);
  rmSync(folder, { recursive: true });
}
