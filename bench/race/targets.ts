import type { Workload } from './operations.ts';
import { cpuRatio, p99Ratio, type Standing, summarize } from './standings.ts';

/** What the gateway is to reach. */
const MOST_CPU: Readonly<Record<Workload, number>> = { list: 1.6, point: 1.4 };
const STRETCH_CPU: Readonly<Record<Workload, number>> = { list: 1.3, point: 1.2 };
const MOST_P99 = 2;
const MOST_SHARED_CALLS = 0.1;
const MOST_SHARED_CPU = 0.6;
const MOST_MEMORY = 1.5;

export interface Outcome {
  readonly standings: readonly Standing[];
  /** Bytes that each entrant has held at most, by name. */
  readonly peakBytes: ReadonlyMap<string, number>;
  /** The framework peers, by name. */
  readonly peers: ReadonlyMap<string, string>;
}

const line = (what: string, isMet: boolean) => `${what}: ${isMet ? 'MET' : 'MISSED'}`;

const atMost = (what: string, value: number, most: number) =>
  line(`${what} ${value.toFixed(2)} x, at most ${most}`, value <= most);

function find({ standings }: Outcome, name: string, workload: Workload, mode: Standing['mode'] = 'known') {
  return standings.find(
    (standing) => standing.name === name && standing.workload === workload && standing.mode === mode,
  );
}

/** Against each framework: the cheapest of them decides. */
function aheadOfPeers(outcome: Outcome, workload: Workload, ours: Standing): string[] {
  const rivals = [...outcome.peers].flatMap(([name, label]) => {
    const standing = find(outcome, name, workload);
    return standing ? [{ label, ratio: cpuRatio(ours, standing) }] : [];
  });
  const [nearest] = rivals.toSorted((left, right) => right.ratio - left.ratio);
  if (!nearest) return [];
  const what = `${workload}: CPU per request ${nearest.ratio.toFixed(2)} x that of ${nearest.label}`;
  return [line(`${what}, the cheapest of ${rivals.length} frameworks, less than 1`, nearest.ratio < 1)];
}

function latencyLines(outcome: Outcome, workload: Workload, ours: Standing, floor: Standing): string[] {
  const mercurius = find(outcome, 'mercurius', workload);
  return [
    atMost(`${workload}: p99 over that of the floor`, p99Ratio(ours, floor), MOST_P99),
    ...(mercurius ? [atMost(`${workload}: p99 over that of Mercurius + JIT`, p99Ratio(ours, mercurius), 1)] : []),
  ];
}

function workloadLines(outcome: Outcome, workload: Workload): string[] {
  const ours = find(outcome, 'gateway', workload);
  const floor = find(outcome, 'floor', workload);
  if (!ours || !floor) return [];
  const ratio = cpuRatio(ours, floor);
  return [
    atMost(`${workload}: CPU per request over the floor`, ratio, MOST_CPU[workload]),
    atMost(`${workload}: CPU per request over the floor, stretch`, ratio, STRETCH_CPU[workload]),
    ...aheadOfPeers(outcome, workload, ours),
    ...latencyLines(outcome, workload, ours, floor),
  ];
}

function sharingLines(outcome: Outcome): string[] {
  const shared = find(outcome, 'gateway', 'list', 'one');
  const floor = find(outcome, 'floor', 'list');
  if (!shared || !floor) return [];
  const calls = summarize(shared).upstreamCallsPerRequest;
  return [
    line(
      `one identity, list: ${calls.toFixed(3)} upstream calls per query, at most ${MOST_SHARED_CALLS}`,
      calls <= MOST_SHARED_CALLS,
    ),
    atMost('one identity, list: CPU per request over the floor', cpuRatio(shared, floor), MOST_SHARED_CPU),
  ];
}

function memoryLines({ peakBytes }: Outcome): string[] {
  const [ours, floor] = [peakBytes.get('gateway'), peakBytes.get('floor')];
  if (ours === undefined || floor === undefined) return [];
  return [atMost('memory at most, over the floor', ours / floor, MOST_MEMORY)];
}

/** One line for each target, which ends in MET or MISSED. */
export const judge = (outcome: Outcome): readonly string[] => [
  ...workloadLines(outcome, 'list'),
  ...workloadLines(outcome, 'point'),
  ...sharingLines(outcome),
  ...memoryLines(outcome),
];
