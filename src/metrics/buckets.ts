/** How many values there were of each size. */
export interface Buckets {
  /** The largest value of each bucket but the last, which has all that are larger. */
  readonly bounds: readonly number[];
  /** How many values are in each bucket. */
  readonly counts: Float64Array;
  sum: number;
}

export const createBuckets = (bounds: readonly number[]): Buckets => ({
  bounds,
  counts: new Float64Array(bounds.length + 1),
  sum: 0,
});

/** Takes up a value. This is done for every operation and every call: it must be quick. */
export function addTo(buckets: Buckets, value: number): void {
  const { bounds, counts } = buckets;
  let index = 0;
  while (index < bounds.length && value > (bounds[index] ?? Number.POSITIVE_INFINITY)) index += 1;
  counts[index] = (counts[index] ?? 0) + 1;
  buckets.sum += value;
}
