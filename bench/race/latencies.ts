/** How long things took, in buckets of 10 microseconds up to 5 seconds: a fixed cost per thing and no garbage. */
export interface Latencies {
  add(milliseconds: number): void;
  readonly count: number;
  /** Milliseconds that this share of all did not exceed; 0 when there were none. */
  percentile(share: number): number;
  clear(): void;
}

const PER_MS = 100;
const BUCKETS = 5_000 * PER_MS;

export function createLatencies(): Latencies {
  const buckets = new Uint32Array(BUCKETS);
  let count = 0;
  return {
    add: (milliseconds) => {
      const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(milliseconds * PER_MS)));
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      count += 1;
    },
    get count() {
      return count;
    },
    percentile: (share) => {
      const rank = Math.max(1, Math.ceil(count * share));
      if (count === 0) return 0;
      let seen = 0;
      const bucket = buckets.findIndex((amount) => {
        seen += amount;
        return seen >= rank;
      });
      return (bucket + 1) / PER_MS;
    },
    clear: () => {
      buckets.fill(0);
      count = 0;
    },
  };
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

/** How far the values lie apart, as a share of the middle one. */
export const spread = (values: readonly number[]): number =>
  (Math.max(...values) - Math.min(...values)) / median(values);
