import { setTimeout as wait } from 'node:timers/promises';
import { type Child, isPinned, openFiles, startChild } from '../kit/child.ts';
import { renderTable } from '../kit/table.ts';
import type { Memory } from '../kit/usage.ts';
import type { Measured } from './load.ts';
import { TRANSFERS } from './transfers.ts';

interface Row {
  readonly label: string;
  readonly kind: 'gateway' | 'graphql-ws' | 'mercurius';
  readonly isAlone: boolean;
  /** Each subscriber is another viewer; all of them see the same. */
  readonly isOfMany?: boolean;
}

const rows: readonly Row[] = [
  { label: 'this gateway', kind: 'gateway', isAlone: false },
  { label: 'this gateway, as many viewers', kind: 'gateway', isAlone: false, isOfMany: true },
  { label: 'this gateway, nobody shares', kind: 'gateway', isAlone: true },
  { label: 'graphql-ws', kind: 'graphql-ws', isAlone: false },
  { label: 'Mercurius', kind: 'mercurius', isAlone: false },
];

interface Size {
  readonly count: number;
  /** Milliseconds between events of a transfer: no more than one load process can take. */
  readonly intervalMs: number;
  /** The same where nobody shares, so that each event is executed for every subscriber. */
  readonly aloneMs: number;
}

const sizes: readonly Size[] = [
  { count: 100, intervalMs: 100, aloneMs: 100 },
  { count: 1_000, intervalMs: 100, aloneMs: 500 },
  { count: 4_000, intervalMs: 250, aloneMs: 2_000 },
  { count: 10_000, intervalMs: 1_000, aloneMs: 5_000 },
];

const WARM_UP_MS = 2_000;
/** At least so long, and so many events. */
const MEASURE_MS = 6_000;
const MEASURED_EVENTS = 3;
/** Columns between the number of subscribers and the note. */
const MEASUREMENTS = 9;

const keysFor = ({ isOfMany = false }: Row, count: number) =>
  Array.from({ length: isOfMany ? count : 1 }, (_, index) => `bench-key-0123456789abcdef-${index}`);

/** Sockets, and what a process has open besides. */
const filesFor = (count: number) => count + 200;

async function measure(server: Child, load: Child, row: Row, { count, intervalMs, aloneMs }: Size) {
  const { url: nodeUrl } = await load.ask<{ url: string }>({ ask: 'node' });
  const keys = keysFor(row, count);
  const { url } = await server.ask<{ url: string }>({
    ...{ ask: 'start', kind: row.kind, nodeUrl, keys },
    intervalMs: row.isAlone ? aloneMs : intervalMs,
  });
  const idle = await server.ask<Memory>({ ask: 'memory' });
  await load.ask({ ask: 'subscribe', url, keys, count, isAlone: row.isAlone }, 120_000);
  await wait(WARM_UP_MS);
  const full = await server.ask<Memory>({ ask: 'memory' });
  await load.ask({ ask: 'begin' });
  const before = await server.ask<{ cpuMs: number }>({ ask: 'cpu' });
  await wait(Math.max(MEASURE_MS, MEASURED_EVENTS * (row.isAlone ? aloneMs : intervalMs)));
  const measured = await load.ask<Measured>({ ask: 'end' });
  const after = await server.ask<{ cpuMs: number }>({ ask: 'cpu' });
  const bytes = (full.liveBytes - idle.liveBytes) / count;
  return { measured, cpuMs: after.cpuMs - before.cpuMs, bytes };
}

/** A row of which nothing is known but why. */
const unmeasured = ({ label }: Row, { count }: Size, why: string) => [
  label,
  count,
  ...Array.from({ length: MEASUREMENTS }, () => ''),
  why,
];

const round = (value: number, digits = 1) => Number(value.toFixed(digits));

async function runRow(row: Row, size: Size): Promise<readonly (string | number)[]> {
  const files = filesFor(size.count);
  if (openFiles < files) return unmeasured(row, size, `skipped: ulimit -n is ${openFiles}, ${files} are needed`);
  const [server, load] = [
    startChild(new URL('./serve.ts', import.meta.url), 0),
    startChild(new URL('./load.ts', import.meta.url), 1),
  ];
  try {
    const { measured, cpuMs, bytes } = await measure(server, load, row, size);
    const { messages, expected, p50Ms, p99Ms, busy, ms } = measured;
    return [
      row.label,
      size.count,
      round((1_000 * expected) / size.count / ms),
      Math.round((messages / ms) * 1_000),
      round((100 * messages) / expected),
      round((cpuMs * 1_000) / messages),
      round((100 * cpuMs) / ms, 0),
      round(bytes / 1_024),
      round(p50Ms),
      round(p99Ms),
      round(100 * busy, 0),
    ];
  } catch (error) {
    return unmeasured(row, size, `failed: ${(error as Error).message.split('\n', 1)[0]}`);
  } finally {
    await Promise.all([server.end(), load.end()]);
  }
}

const head = [
  ...['server', 'subscribers', 'events/s', 'messages/s', 'delivered %', 'CPU us/message', 'server CPU %'],
  ...['KB/subscriber', 'p50 ms', 'p99 ms', 'load CPU %', 'note'],
];

/** @param only sizes and kinds of servers to run, e.g. `1000 gateway`; all of them when left out */
export async function bench(only: readonly string[]): Promise<void> {
  const isChosen = (what: string, all: readonly string[]) =>
    !all.some((one) => only.includes(one)) || only.includes(what);
  const counts = sizes.map(({ count }) => String(count));
  const kinds = rows.map(({ kind }) => kind);
  const chosen = sizes.filter(({ count }) => isChosen(String(count), counts));
  const place = isPinned ? 'on a core of its own' : 'on any core: taskset or a second core is missing';
  process.stdout.write(
    `${TRANSFERS} transfers of one node; every poll brings an event of each. Server and load each ${place}.\n` +
      'KB are of what lives after garbage collection. CPU is that of the server, polling included.\n\n',
  );
  const table: (readonly (string | number)[])[] = [];
  for (const size of chosen) {
    for (const row of rows.filter(({ kind }) => isChosen(kind, kinds))) {
      process.stderr.write(`${row.label}, ${size.count} subscribers ...\n`);
      table.push(await runRow(row, size));
    }
  }
  process.stdout.write(`${renderTable(head, table)}\n`);
}
