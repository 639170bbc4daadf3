/** Runs `work` for every key, at most `limit` at a time. Each key gets its own result or error, in order. */
export async function settleAll<K, V>(
  keys: readonly K[],
  limit: number,
  work: (key: K) => Promise<V>,
): Promise<(V | Error)[]> {
  const results: (V | Error)[] = new Array(keys.length);
  const queue = keys.entries();
  const runNext = async () => {
    // All workers draw from the one iterator, so each key is worked on once.
    for (const [index, key] of queue) {
      results[index] = await work(key).catch((error: unknown) =>
        error instanceof Error ? error : new Error('Unexpected failure.', { cause: error }),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, keys.length) }, runNext));
  return results;
}
