import { describe, expect, it } from 'vitest';
import type { Standing } from '../../../bench/race/standings.ts';
import { judge } from '../../../bench/race/targets.ts';

interface Numbers {
  readonly cpuUs: number;
  readonly p99Ms?: number;
  readonly callsPerRequest?: number;
}

const lap = ({ cpuUs, p99Ms = 10, callsPerRequest = 2 }: Numbers) => ({
  ...{ requests: 1_000, ms: 1_000, p50Ms: 1, p99Ms, serverCpuMs: cpuUs, otherCpuMs: 1 },
  ...{ allRequests: 1_000, upstreamCalls: 1_000 * callsPerRequest },
});

/** Three rounds on a machine that is half as fast in the last one. */
const standing = (name: string, mode: Standing['mode'], numbers: Numbers): Standing => ({
  ...{ name, mode, workload: 'list' },
  laps: [1, 1, 2].map((slowness) => lap({ ...numbers, cpuUs: numbers.cpuUs * slowness })),
});

const outcome = (ours: Numbers, shared: Numbers, peakBytes: number) => ({
  standings: [
    standing('floor', 'known', { cpuUs: 100 }),
    standing('gateway', 'known', ours),
    standing('gateway', 'strangers', { cpuUs: 10_000 }),
    standing('gateway', 'one', shared),
    standing('mercurius', 'known', { cpuUs: 150, p99Ms: 15 }),
    standing('apollo', 'known', { cpuUs: 500 }),
  ],
  peakBytes: new Map([
    ['floor', 100],
    ['gateway', peakBytes],
  ]),
  peers: new Map([
    ['mercurius', 'Mercurius + JIT'],
    ['apollo', 'Apollo Server'],
  ]),
});

const verdicts = (lines: readonly string[]) => lines.map((line) => line.split(': ').at(-1));

describe('judge', () => {
  it('ends each line with MET where everything is reached', () => {
    const lines = judge(outcome({ cpuUs: 125 }, { cpuUs: 50, callsPerRequest: 0.05 }, 140));
    expect(lines[0]).toBe('list: CPU per request over the floor 1.25 x, at most 1.6: MET');
    expect(verdicts(lines)).toEqual(Array.from({ length: 8 }, () => 'MET'));
  });

  it('ends each line with MISSED where nothing is', () => {
    const lines = judge(outcome({ cpuUs: 200, p99Ms: 21 }, { cpuUs: 61, callsPerRequest: 0.2 }, 151));
    expect(verdicts(lines)).toEqual(Array.from({ length: 8 }, () => 'MISSED'));
  });

  it('compares with the cheapest framework', () => {
    expect(judge(outcome({ cpuUs: 160 }, { cpuUs: 50 }, 140))).toContain(
      'list: CPU per request 1.07 x that of Mercurius + JIT, the cheapest of 2 frameworks, less than 1: MISSED',
    );
  });
});
