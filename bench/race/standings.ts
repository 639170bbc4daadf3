import { median, spread } from './latencies.ts';
import type { Measured } from './load.ts';
import type { Workload } from './operations.ts';
import type { Mode } from './requests.ts';

/** What one lap tells, in the numbers that are compared. */
export interface LapNumbers extends Omit<Measured, 'wrong'> {
  readonly upstreamCalls: number;
}

/** Who ran what. */
export interface Course {
  /** Of the entrant. */
  readonly name: string;
  readonly mode: Mode;
  readonly workload: Workload;
}

/** The laps of one course, one of each round. */
export interface Standing extends Course {
  readonly laps: readonly LapNumbers[];
}

/** The middle of all rounds. */
export interface Summary {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Server CPU of a request, in microseconds. */
  readonly cpuUs: number;
  /** How far the rounds' CPU times lie apart, as a share. */
  readonly cpuSpread: number;
  readonly upstreamCallsPerRequest: number;
  /** Share of its core that the server has used. */
  readonly serverBusy: number;
  /** Share of their core that upstream and load have used. */
  readonly otherBusy: number;
}

const cpuUsOf = ({ serverCpuMs, requests }: LapNumbers) => (serverCpuMs * 1_000) / requests;

export function summarize({ laps }: Standing): Summary {
  const middle = (read: (lap: LapNumbers) => number) => median(laps.map(read));
  return {
    requestsPerSecond: middle(({ requests, ms }) => (requests * 1_000) / ms),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    cpuUs: middle(cpuUsOf),
    cpuSpread: spread(laps.map(cpuUsOf)),
    upstreamCallsPerRequest: middle(({ upstreamCalls, allRequests }) => upstreamCalls / allRequests),
    serverBusy: middle(({ serverCpuMs, ms }) => serverCpuMs / ms),
    otherBusy: middle(({ otherCpuMs, ms }) => otherCpuMs / ms),
  };
}

/** How much more one takes than the other: the middle of what each round says, since a machine's rounds differ. */
function ratioOf(standing: Standing, base: Standing, read: (lap: LapNumbers) => number): number {
  return median(
    standing.laps.map((lap, round) => {
      const other = base.laps[round];
      return other ? read(lap) / read(other) : Number.NaN;
    }),
  );
}

export const cpuRatio = (standing: Standing, base: Standing): number => ratioOf(standing, base, cpuUsOf);

export const p99Ratio = (standing: Standing, base: Standing): number => ratioOf(standing, base, ({ p99Ms }) => p99Ms);
