import type { Viewer } from '../identity/viewer.ts';
import type { KnownOperation } from './documents.ts';

/** What makes two requests ask the same: then their answers are the same, too, while neither has been answered. */
export interface Question {
  readonly operation: KnownOperation;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  readonly viewer: Viewer;
  /** Digests of the tokens for sources that came along. */
  readonly tokens: readonly (string | undefined)[];
}

/** A query that is being answered, and may be joined by who asks the same. */
export interface Leading {
  /** Tells those who have joined: the text of the answer, or nothing where they have to ask for themselves. */
  finish(text: string | undefined): void;
}

/** Queries that are being answered. */
export interface SharedAnswers {
  /** A text that is the same for the same question, until something is written. */
  keyOf(question: Question): string;
  /**
   * The answer to the same question of the same caller, who asked it a moment ago: undefined where there is none that may
   * be joined. It becomes undefined when that has no answer that can be shared.
   */
  join(key: string): Promise<Buffer | undefined> | undefined;
  /** @param calls how many requests to sources the query has made so far, health checks apart */
  lead(key: string, calls: () => number): Leading;
}

/** Numbers for objects that live long, so that a text can name them. */
function createNumbers() {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (thing: object): number => {
    const known = numbers.get(thing);
    if (known !== undefined) return known;
    last += 1;
    numbers.set(thing, last);
    return last;
  };
}

/** What has left a Map stays reachable for a while: once it has been answered it holds nothing any more. */
class Waiting implements Leading {
  readonly #leave: (waiting: Waiting) => void;
  #calls: (() => number) | undefined;
  #joined: PromiseWithResolvers<Buffer | undefined> | undefined;

  constructor(calls: () => number, leave: (waiting: Waiting) => void) {
    this.#calls = calls;
    this.#leave = leave;
  }

  /** Calls are made at once where they can be: with the second, the first may have been answered. */
  get isJoinable(): boolean {
    return this.#calls?.() === 1;
  }

  join(): Promise<Buffer | undefined> {
    this.#joined ??= Promise.withResolvers();
    return this.#joined.promise;
  }

  finish(text: string | undefined): void {
    if (!this.#calls) return;
    this.#calls = undefined;
    this.#leave(this);
    this.#joined?.resolve(text === undefined ? undefined : Buffer.from(text));
    this.#joined = undefined;
  }
}

/**
 * Lets identical queries of one caller share one execution, beyond the calls to sources that they share anyway. A query is
 * joined only while its first call has not been answered, so that nobody is told what was true before they asked; and not
 * across a mutation, whoever sent it.
 * @param writes moves whenever a mutation begins and ends
 */
export function createSharedAnswers(writes: () => number): SharedAnswers {
  const numberOf = createNumbers();
  const waiting = new Map<string, Waiting>();
  return {
    keyOf: ({ operation, variables, viewer, tokens }) =>
      // Digests have no blanks.
      `${numberOf(operation)} ${numberOf(viewer)} ${writes()} ${tokens.join()} ${variables ? JSON.stringify(variables) : ''}`,
    join: (key) => {
      const found = waiting.get(key);
      return found?.isJoinable ? found.join() : undefined;
    },
    lead: (key, calls) => {
      const mine = new Waiting(calls, (ended) => {
        if (waiting.get(key) === ended) waiting.delete(key);
      });
      waiting.set(key, mine);
      return mine;
    },
  };
}
