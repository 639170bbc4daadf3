/** Calls under way at a time, for one list of ids. */
const CONCURRENCY = 6;

const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** Runs `work` for every key, a few at a time, and gives each its result or its error, in the order of the keys. */
export async function eachOf<K, T>(keys: readonly K[], work: (key: K) => Promise<T>): Promise<(T | Error)[]> {
  const [only] = keys;
  if (only !== undefined && keys.length === 1) return [await work(only).catch(toError)];
  const results = new Array<T | Error>(keys.length);
  const queue = keys.entries();
  const worker = async () => {
    for (const [index, key] of queue) {
      results[index] = await work(key).catch(toError);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, keys.length) }, worker));
  return results;
}
