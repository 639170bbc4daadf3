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
  /**
   * The answer to the same question of the same caller, who asked it a moment ago: undefined where there is none that may
   * be joined. It becomes undefined when that has no answer that can be shared.
   */
  join(question: Question): Promise<Buffer | undefined> | undefined;
  /** @param calls how many requests to sources the query has made so far, health checks apart */
  lead(question: Question, calls: () => number): Leading;
}

interface Waiting {
  answer: Promise<Buffer | undefined> | undefined;
  calls: (() => number) | undefined;
  hasJoined: boolean;
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

/**
 * Lets identical queries of one caller share one execution, beyond the calls to sources that they share anyway. A query is
 * joined only while its first call has not been answered, so that nobody is told what was true before they asked; and not
 * across a mutation, whoever sent it.
 * @param writes moves whenever a mutation begins and ends
 */
export function createSharedAnswers(writes: () => number): SharedAnswers {
  const numberOf = createNumbers();
  const waiting = new Map<string, Waiting>();
  const keyOf = ({ operation, variables, viewer, tokens }: Question) =>
    JSON.stringify([numberOf(operation), numberOf(viewer), writes(), tokens, variables]);
  // Calls are made at once where they can be: with the second, the first may have been answered.
  const isJoinable = ({ calls }: Waiting) => calls?.() === 1;
  return {
    join: (question) => {
      const found = waiting.get(keyOf(question));
      if (!found || !isJoinable(found)) return undefined;
      found.hasJoined = true;
      return found.answer;
    },
    lead: (question, calls) => {
      const key = keyOf(question);
      const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
      const mine: Waiting = { answer: promise, calls, hasJoined: false };
      waiting.set(key, mine);
      return {
        finish: (text) => {
          if (waiting.get(key) === mine) waiting.delete(key);
          // What has left a Map stays reachable for a while: it must not hold the answer.
          mine.answer = undefined;
          mine.calls = undefined;
          resolve(text === undefined || !mine.hasJoined ? undefined : Buffer.from(text));
        },
      };
    },
  };
}
