import type { ExecutionResult } from 'graphql';

export interface EventMapping {
  /** What is told of an event. */
  readonly tell: (event: unknown) => Promise<ExecutionResult>;
  /** What is thrown in place of a failure that ends the events. */
  readonly fail: (error: unknown) => unknown;
  /** Called, perhaps more than once, when nothing more is told. */
  readonly end: () => void;
}

/** The same events as they are told. Whoever stops reading them ends their source. */
export function mapEvents(
  events: AsyncIterable<unknown>,
  { tell, fail, end }: EventMapping,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = events[Symbol.asyncIterator]();
  const told = async (next: Promise<IteratorResult<unknown>>): Promise<IteratorResult<ExecutionResult>> => {
    try {
      const { done, value } = await next;
      if (!done) return { done: false, value: await tell(value) };
      end();
      return { done, value: undefined };
    } catch (error) {
      throw fail(error);
    }
  };
  return {
    next: () => told(iterator.next()),
    return: async () => {
      end();
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
