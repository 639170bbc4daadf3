/**
 * What one subscriber has still to read. Of each thing only the newest state waits, so a subscriber that does not keep
 * up holds as many entries as there are things, not as there were events; the order is that of the first change.
 */
export interface LatestQueue<T> {
  push(key: string, value: T): void;
  /** Ends the iteration once everything that waits has been read. */
  end(): void;
  /** Ends the iteration with an error once everything that waits has been read. */
  fail(error: unknown): void;
  readonly values: AsyncIterableIterator<T>;
  /** States that were replaced before they were read. */
  readonly skipped: number;
}

export function createLatestQueue<T>(onReturn: () => void): LatestQueue<T> {
  const waiting = new Map<string, T>();
  let skipped = 0;
  let ended = false;
  let failure: { error: unknown } | undefined;
  let wake: (() => void) | undefined;

  const signal = () => {
    wake?.();
    wake = undefined;
  };
  const take = (): IteratorResult<T> | undefined => {
    const first = waiting.entries().next().value;
    if (first) {
      waiting.delete(first[0]);
      return { done: false, value: first[1] };
    }
    if (failure) {
      const { error } = failure;
      failure = undefined;
      ended = true;
      throw error;
    }
    return ended ? { done: true, value: undefined } : undefined;
  };
  const values: AsyncIterableIterator<T> = {
    next: async () => {
      for (;;) {
        const taken = take();
        if (taken) return taken;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    return: async () => {
      ended = true;
      waiting.clear();
      onReturn();
      signal();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => values,
  };
  return {
    push: (key, value) => {
      if (ended) return;
      if (waiting.has(key)) skipped += 1;
      waiting.set(key, value);
      signal();
    },
    end: () => {
      ended = true;
      signal();
    },
    fail: (error) => {
      failure = { error };
      signal();
    },
    values,
    get skipped() {
      return skipped;
    },
  };
}
