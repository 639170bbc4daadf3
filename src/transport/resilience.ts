import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Circuit, CircuitSettings } from './circuit.ts';
import { asAbortSignal, type Signal } from './signal.ts';
import { SourceError } from './source-error.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream.ts';

export interface ResilienceSettings extends CircuitSettings {
  /** How often a safe call is tried again, at most. */
  readonly retries: number;
}

/** Runs one call under the source's policy: repeats it where that is safe, and refuses it while the circuit is open. */
export type Resilience = (
  repeat: UpstreamRequest['repeat'],
  attempt: () => Promise<UpstreamResponse>,
  signal: Signal | undefined,
) => Promise<UpstreamResponse>;

/** A source that asks to wait longer than this is not waited for within a request; the caller is told instead. */
const MAX_RETRY_AFTER_MS = 5_000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;

const TOO_MANY_REQUESTS = 429;
const unavailable = new Set([502, 503, 504]);

function retryAfterMs(response: UpstreamResponse): number | undefined {
  const header = response.headers['retry-after'];
  if (typeof header !== 'string') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Answers that mean "not now" become errors here, so that policy sees them; every other status is the client's matter. */
function refuseUnavailable(source: string, response: UpstreamResponse): UpstreamResponse {
  if (response.status < TOO_MANY_REQUESTS) return response;
  const wait = retryAfterMs(response);
  const options = { source, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  if (response.status === TOO_MANY_REQUESTS) {
    throw new SourceError('SOURCE_RATE_LIMITED', `${source} asks for fewer requests.`, options);
  }
  if (unavailable.has(response.status)) {
    throw new SourceError('SOURCE_UNAVAILABLE', `${source} cannot serve requests now.`, options);
  }
  return response;
}

const isTransient = (error: unknown): error is SourceError => error instanceof SourceError && error.retryable;

/** 429 without Retry-After is not repeated: the source asked for less, not for the same again. */
const isWorthRepeating = (error: unknown): error is SourceError =>
  isTransient(error) &&
  (error.code !== 'SOURCE_RATE_LIMITED' || error.retryAfterMs !== undefined) &&
  (error.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS;

/** What a source asks for comes before our own idea of a good pause. */
async function pauseAsAsked(error: Error, signal: Signal | undefined): Promise<void> {
  if (error instanceof SourceError && error.retryAfterMs !== undefined) {
    await delay(error.retryAfterMs, undefined, signal && { signal: asAbortSignal(signal) });
  }
}

/** Tries again after a first failure, and after those that follow. */
async function repeatAfter(
  first: unknown,
  once: () => Promise<UpstreamResponse>,
  {
    retries,
    shouldRepeat,
    signal,
  }: { retries: number; shouldRepeat: (error: unknown) => boolean; signal: Signal | undefined },
): Promise<UpstreamResponse> {
  let known: { readonly error: unknown } | undefined = { error: first };
  // To the library the failure is the outcome of its own first attempt.
  const again = async () => {
    const failed = known;
    known = undefined;
    if (failed) throw failed.error;
    return once();
  };
  return pRetry(again, {
    retries,
    factor: 2,
    minTimeout: FIRST_BACKOFF_MS,
    maxTimeout: MAX_BACKOFF_MS,
    randomize: true,
    shouldRetry: ({ error }) => shouldRepeat(error),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      if (retriesLeft > 0 && shouldRepeat(error)) await pauseAsAsked(error, signal);
    },
    ...(signal ? { signal: asAbortSignal(signal) } : {}),
  });
}

const abandoned = (source: string, cause: unknown) =>
  new SourceError('CANCELED', `${source} was not waited for: the caller went away.`, { source, cause });

export function createResilience({ source, retries }: ResilienceSettings, circuit: Circuit): Resilience {
  return async (repeat, attempt, signal) => {
    let refusedByCircuit = false;
    const reach = async () => {
      refusedByCircuit = false;
      return refuseUnavailable(source, await attempt());
    };
    const once = () => {
      refusedByCircuit = true;
      return circuit.run(reach);
    };
    // A source that is left alone is not waited for.
    const shouldRepeat = (error: unknown) => !refusedByCircuit && isWorthRepeating(error);
    try {
      return await once();
    } catch (error) {
      // Only what has failed once is worth the machinery of repeats.
      if (repeat === 'never' || retries === 0 || !shouldRepeat(error)) throw error;
      return repeatAfter(error, once, { retries, shouldRepeat, signal }).catch((last) => {
        throw last instanceof SourceError || !signal?.aborted ? last : abandoned(source, last);
      });
    }
  };
}
