import { availableParallelism, cpus } from 'node:os';
import { isPinned } from '../kit/child.ts';
import { renderTable } from '../kit/table.ts';
import type { Contender } from './arena.ts';
import type { Workload } from './operations.ts';
import type { Mode } from './requests.ts';
import { cpuRatio, type Standing, summarize } from './standings.ts';

/** What a race has shown, as people read it. */
export interface Shown {
  readonly contenders: readonly Contender[];
  readonly standings: readonly Standing[];
  readonly peakBytes: ReadonlyMap<string, number>;
}

const round = (value: number, digits = 0) => Number(value.toFixed(digits));

/** Numbers with as many digits as were asked for, so that columns line up. */
const fixed = (value: number, digits: number) => value.toFixed(digits);

const modes: Readonly<Record<Mode, string>> = {
  known: '',
  strangers: ', tokens never seen before',
  one: ', all one caller',
};

const head = [
  ...['server', 'req/s', 'p50 ms', 'p99 ms', 'CPU us/request', 'x floor', 'spread %'],
  ...['upstream calls', 'server core %', 'other core %'],
];

/** What the machine is, so that numbers of two machines are not taken for those of one. */
export function machineLine(): string {
  const place = isPinned ? 'server on one, upstream and load on another' : 'not pinned: taskset or a core is missing';
  const day = new Date().toISOString().slice(0, 10);
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores (${place}), Node.js ${process.version}, ${day}`;
}

/** What was found out before anything was timed. */
export const comparedLine = (contenders: readonly Contender[]): string =>
  [
    'Every answer is the same as that of the floor.',
    ...contenders.flatMap(({ entrant: { label, projection } }) =>
      projection ? [`Those of ${label} have other names, and ${projection.leavesOut} are not compared.`] : [],
    ),
  ].join(' ');

function rowOf(label: string, standing: Standing, floor: Standing | undefined) {
  const all = summarize(standing);
  return [
    label,
    round(all.requestsPerSecond),
    fixed(all.p50Ms, 1),
    fixed(all.p99Ms, 1),
    round(all.cpuUs),
    floor ? fixed(cpuRatio(standing, floor), 2) : '',
    round(100 * all.cpuSpread),
    fixed(all.upstreamCallsPerRequest, 2),
    round(100 * all.serverBusy),
    round(100 * all.otherBusy),
  ];
}

/** Below this share of its core it was not the server that limited how many requests there were. */
const BUSY = 0.9;

/** Where rates and latencies say more of the machine than of the server; CPU per request holds all the same. */
function idleNote(standings: readonly Standing[]): string {
  const idle = standings.filter((standing) => !(summarize(standing).serverBusy >= BUSY)).length;
  if (idle === 0) return '';
  const what = `In ${idle} of ${standings.length} rows the server has used less than ${100 * BUSY} % of its core`;
  return `\n${what}: the other core, or another program, was the limit.`;
}

/** One table for a workload, the cheapest server first. */
export function workloadTable({ contenders, standings }: Shown, workload: Workload): string {
  const labels = new Map(contenders.map(({ entrant }) => [entrant.name, entrant.label]));
  const run = standings.filter((standing) => standing.workload === workload);
  const floor = run.find(({ name }) => name === 'floor');
  const sorted = run.toSorted((left, right) => summarize(left).cpuUs - summarize(right).cpuUs);
  const labelOf = ({ name, mode }: Standing) => `${labels.get(name) ?? name}${modes[mode]}`;
  const table = renderTable(
    head,
    sorted.map((standing) => rowOf(labelOf(standing), standing, floor)),
  );
  return `${table}${idleNote(sorted)}`;
}

/** What each server has held in memory at most. */
export function memoryTable({ contenders, peakBytes }: Shown): string {
  const floor = peakBytes.get('floor') ?? Number.NaN;
  const rows = contenders.map(({ entrant }) => {
    const bytes = peakBytes.get(entrant.name) ?? Number.NaN;
    return [entrant.label, round(bytes / 1_048_576), fixed(bytes / floor, 2)];
  });
  return renderTable(['server', 'RSS at most, MB', 'x floor'], rows);
}
