/**
 * What one subscriber has still to read. Of each thing only the newest state waits, so a subscriber that does not keep
 * up holds as many entries as there are things, not as there were events; the order is that of the first change.
 */
export interface LatestQueue<T, Read> {
  push(key: string, value: T): void;
  /** Ends the iteration with an error once everything that waits has been read. */
  fail(error: unknown): void;
  readonly values: LatestValues<Read>;
}

export interface LatestValues<T> extends AsyncIterableIterator<T> {
  /** Values that can be read without waiting. */
  readonly waiting: number;
  return(): Promise<IteratorResult<T>>;
}

export interface LatestQueueOptions<T, Read> {
  /** How many may wait: things come without end, too, so their newest states alone are no bound. */
  readonly limit: number;
  /** What waits instead of everything when it would be more. */
  readonly overflow: () => T;
  /** What waits in the place of the first of the two. */
  readonly merge: (waiting: T, newer: T) => T;
  /** What is read of a value, given the one that is read next if it waits already. */
  readonly release: (value: T, following: T | undefined) => Read;
  /** Called when the reader has gone. */
  readonly onReturn: () => void;
}

interface State<T, Read> {
  readonly options: LatestQueueOptions<T, Read>;
  readonly waiting: Map<string, T>;
  /** Readers that wait for something to read, first come first served. */
  readers: (() => void)[];
  failure: { readonly error: unknown } | undefined;
  isOver: boolean;
}

/** No caller's key is empty. */
const OVERFLOW_KEY = '';

function wake<T, Read>(state: State<T, Read>): void {
  const { readers } = state;
  state.readers = [];
  for (const reader of readers) reader();
}

function push<T, Read>(state: State<T, Read>, key: string, value: T): void {
  const { waiting, options } = state;
  if (state.isOver || state.failure) return;
  const before = waiting.get(key);
  if (before !== undefined) {
    waiting.set(key, options.merge(before, value));
  } else if (waiting.size < options.limit) {
    waiting.set(key, value);
  } else {
    waiting.clear();
    waiting.set(OVERFLOW_KEY, options.overflow());
  }
  wake(state);
}

function finish<T, Read>(state: State<T, Read>): void {
  state.isOver = true;
  state.waiting.clear();
  wake(state);
}

function take<T, Read>(state: State<T, Read>): IteratorResult<Read> | undefined {
  if (state.isOver) return { done: true, value: undefined };
  const [first, following] = state.waiting;
  if (first) {
    state.waiting.delete(first[0]);
    return { done: false, value: state.options.release(first[1], following?.[1]) };
  }
  if (!state.failure) return undefined;
  finish(state);
  throw state.failure.error;
}

async function next<T, Read>(state: State<T, Read>): Promise<IteratorResult<Read>> {
  for (;;) {
    const taken = take(state);
    if (taken) return taken;
    await new Promise<void>((resolve) => {
      state.readers.push(resolve);
    });
  }
}

export function createLatestQueue<T, Read>(options: LatestQueueOptions<T, Read>): LatestQueue<T, Read> {
  const state: State<T, Read> = { options, waiting: new Map(), readers: [], failure: undefined, isOver: false };
  const values: LatestValues<Read> = {
    next: () => next(state),
    return: async () => {
      finish(state);
      options.onReturn();
      return { done: true, value: undefined };
    },
    get waiting() {
      return state.waiting.size;
    },
    [Symbol.asyncIterator]: () => values,
  };
  return {
    push: (key, value) => push(state, key, value),
    fail: (error) => {
      state.failure ??= { error };
      wake(state);
    },
    values,
  };
}
