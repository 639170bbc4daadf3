import type { GraphQLFieldResolver } from 'graphql';
import { createLatestQueue } from '../../../src/progress/latest-queue.ts';
import { createLineHand, type Line, type MarkedEvent, toLine } from '../../../src/progress/line.ts';
import type { TestServerOptions } from '../start-server.ts';

/** An event of the test graph. */
export interface Reading extends MarkedEvent {
  readonly thing: string;
  readonly value: number;
  readonly cursor: string;
}

export interface ReadingOptions {
  readonly thing?: string;
  readonly gap?: boolean;
  readonly isRepeat?: boolean;
  readonly isLookedUp?: boolean;
}

/** One line that the graph has opened, in the hands of the test. */
export interface OpenLine {
  /** Whether it was opened with `after`. */
  readonly after: string | undefined;
  readonly signal: AbortSignal;
  /** Tells an event; its value is its place in the log. */
  tell(value: number, options?: ReadingOptions): void;
  fail(error: unknown): void;
  end(): void;
  /** Says that all is told up to this place. */
  level(sequence: number): void;
  /** Answers those who have asked how things stand; undefined when nobody has. */
  readonly refresh: { tell(value: number, options?: ReadingOptions): void; fail(error: unknown): void } | undefined;
}

export const EPOCH = 'epoch';

export const reading = (value: number, options: ReadingOptions = {}): Reading => {
  const { thing = 'thing', gap = false, isRepeat = false, isLookedUp = false } = options;
  const mark = { thing, position: { epoch: EPOCH, sequence: value }, isLookedUp, isRepeat };
  return { thing, value, cursor: `cursor ${value}`, gap, mark };
};

interface Pulled {
  readonly event: Reading | 'end';
}

/** Tells everything that the test pushes, in its order. */
async function* pull(values: AsyncIterable<Pulled>): AsyncGenerator<Reading> {
  for await (const { event } of values) {
    if (event === 'end') return;
    yield event;
  }
}

function openLine(
  opened: OpenLine[],
  after: string | undefined,
  signal: AbortSignal,
  hasPresent: boolean,
): Line<Reading> {
  const queue = createLatestQueue<Pulled, Pulled>({
    limit: 100_000,
    overflow: () => ({ event: 'end' }),
    merge: (_before, newer) => newer,
    release: (value) => value,
    onReturn: () => undefined,
  });
  let pushed = 0;
  let level = 0;
  let asked: ((event: Reading | undefined) => void) | undefined;
  let refuse: ((error: unknown) => void) | undefined;
  const lookAgain = () =>
    new Promise<Reading | undefined>((resolve, reject) => {
      asked = resolve;
      refuse = reject;
    }).finally(() => {
      asked = undefined;
    });
  const hand = createLineHand<Reading>(() => ({ epoch: EPOCH, sequence: level }), hasPresent ? lookAgain : undefined);
  const push = (event: Pulled['event']) => {
    pushed += 1;
    queue.push(String(pushed), { event });
  };
  signal.addEventListener('abort', () => void queue.values.return());
  opened.push({
    after,
    signal,
    tell: (value, options) => {
      level = Math.max(level, value);
      push(reading(value, options));
    },
    fail: queue.fail,
    end: () => push('end'),
    level: (sequence) => {
      level = sequence;
      hand.noteLevel();
    },
    get refresh() {
      const answer = asked;
      if (!answer) return undefined;
      return {
        tell: (value: number, options?: ReadingOptions) => answer(reading(value, options)),
        fail: (error: unknown) => refuse?.(error),
      };
    },
  });
  return toLine(pull(queue.values), hand.controls);
}

const shared = (tellsPresent: boolean) => ({
  shared: {
    placesOf: () => [],
    resumeArgument: 'after',
    tellsPresent,
    afterSkips: { skipped: true },
    ...(tellsPresent ? {} : { afterLoss: { thing: null, gap: true, skipped: true } }),
  },
});

/** A graph of two subscriptions that are shared: `life` has a present state, `changes` has none. */
export function createSharedGraph() {
  const lines: OpenLine[] = [];
  /** How often an event was executed. */
  const executed = { count: 0 };
  const open =
    (hasPresent: boolean): GraphQLFieldResolver<unknown, { signal: AbortSignal }> =>
    (_root, { after, fails }, { signal }) => {
      if (fails) throw new Error('the disk of secret-host-17 is full');
      return openLine(lines, after ?? undefined, signal, hasPresent);
    };
  const graph: TestServerOptions = {
    schema: `
      type Query { ok: Boolean }
      type Mutation { change: Boolean }
      type Reading { thing: String, value: Int!, cursor: String!, gap: Boolean!, skipped: Boolean!, bulk(size: Int!): String, breaks: Int }
      type Subscription {
        life(id: String, after: String, fails: Boolean): Reading!
        changes(after: String): Reading!
      }
    `,
    declared: { 'Subscription.life': shared(true), 'Subscription.changes': shared(false) },
    resolvers: {
      'Mutation.change': () => true,
      'Subscription.life': open(true) as never,
      'Subscription.changes': open(false) as never,
      'Reading.value': (event) => {
        executed.count += 1;
        return (event as Reading).value;
      },
      'Reading.skipped': () => false,
      'Reading.bulk': (_event, { size }) => 'x'.repeat(size as number),
      'Reading.breaks': () => {
        throw new Error('the disk of secret-host-17 is full');
      },
    },
  };
  return { graph, lines, executed };
}
