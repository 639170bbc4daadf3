import type { CallMeter, WayState } from '../transport/call-meter.ts';
import { addTo, type Buckets, createBuckets } from './buckets.ts';

/** Seconds. A server next door answers within the first few; the longest deadlines are minutes. */
export const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What was counted of one operation of one source since the start. */
interface CallNumbers {
  /** Seconds that attempts took. */
  readonly duration: Buckets;
  /** Attempts, by how they ended. */
  readonly outcomes: Map<string, number>;
}

/** What was counted of one source since the start, and how it stands. */
interface SourceNumbers {
  readonly calls: ReadonlyMap<string, CallNumbers>;
  readonly tokens: { fetched: number; failed: number };
  state: (() => WayState) | undefined;
}

/** By the names of the sources. */
export type AllSourceNumbers = ReadonlyMap<string, Readonly<SourceNumbers>>;

function createMeter(sources: Map<string, SourceNumbers>, source: string): CallMeter {
  const calls = new Map<string, CallNumbers>();
  const numbers: SourceNumbers = { calls, tokens: { fetched: 0, failed: 0 }, state: undefined };
  sources.set(source, numbers);
  const open = (operation: string) => {
    const opened: CallNumbers = { duration: createBuckets(CALL_SECONDS), outcomes: new Map() };
    calls.set(operation, opened);
    return opened;
  };
  return {
    noteCall: (operation, outcome, milliseconds) => {
      const { duration, outcomes } = calls.get(operation) ?? open(operation);
      addTo(duration, milliseconds / 1000);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    },
    noteToken: (isFetched) => {
      if (isFetched) numbers.tokens.fetched += 1;
      else numbers.tokens.failed += 1;
    },
    watch: (read) => {
      numbers.state = read;
    },
  };
}

/** Counts the calls to sources. */
export function createSourceMeters() {
  const sources = new Map<string, SourceNumbers>();
  return {
    /** What hears of the calls to the source with this name. */
    ofSource: (source: string): CallMeter => createMeter(sources, source),
    numbers: sources as AllSourceNumbers,
  };
}
