import { SourceError } from '../transport/source-error.ts';
import type { Rest } from './poller.ts';

export interface PaceSettings {
  readonly intervalMs: number;
  readonly idleIntervalMs: number;
}

/** How long a topic rests between polls, by how the last ones went. */
export interface Pace {
  afterResult(result: { readonly busy: boolean; readonly startsAnew: boolean }): Rest;
  /** Takes note of a failure, and says how many there were in a row. */
  countFailure(): number;
  /** After a failure that has been counted. */
  afterFailure(error: unknown): Rest;
  /** After a poll that was given up in the middle. */
  afterAbort(): Rest;
}

const MAX_BACKOFF_MS = 30_000;
/** What a source asks for is obeyed up to here; a slip of theirs must not silence a topic for days. */
const MAX_ASKED_MS = 10 * 60_000;
/** Only ever longer: many gateways that follow one source drift apart, and none comes before it was asked to. */
const JITTER = 0.1;

/** Failures that no later poll will cure: subscribers are told instead of waiting. */
export const isFinal = (error: unknown): boolean =>
  !(error instanceof SourceError) || error.code === 'SOURCE_UNAUTHENTICATED' || error.code === 'SOURCE_FORBIDDEN';

const rest = (milliseconds: number, isFirm: boolean): Rest => ({
  milliseconds: milliseconds * (1 + JITTER * Math.random()),
  isFirm,
});

/** Twice as long with each setback in a row. */
const backOff = (intervalMs: number, setbacks: number) =>
  rest(Math.min(MAX_BACKOFF_MS, intervalMs * 2 ** Math.min(setbacks, 10)), true);

export function createPace({ intervalMs, idleIntervalMs }: PaceSettings): Pace {
  /** Polls in a row that failed. */
  let failures = 0;
  /** Polls in a row that had to start anew. */
  let restarts = 0;
  return {
    afterResult: ({ busy, startsAnew }) => {
      failures = 0;
      restarts = startsAnew ? restarts + 1 : 0;
      if (restarts > 1) return backOff(intervalMs, restarts - 1);
      return rest(busy ? intervalMs : idleIntervalMs, false);
    },
    countFailure: () => {
      failures += 1;
      return failures;
    },
    afterFailure: (error) => {
      if (isFinal(error)) {
        failures = 0;
        return rest(intervalMs, false);
      }
      const asked = error instanceof SourceError ? Math.min(MAX_ASKED_MS, error.retryAfterMs ?? 0) : 0;
      const own = backOff(intervalMs, failures);
      return asked > own.milliseconds ? rest(asked, true) : own;
    },
    afterAbort: () => (failures > 0 ? backOff(intervalMs, failures) : rest(intervalMs, false)),
  };
}
