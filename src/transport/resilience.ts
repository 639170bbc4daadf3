import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IRetryBackoffContext,
  retry,
} from 'cockatiel';
import { SourceError } from './source-error.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream.ts';

export interface ResilienceSettings {
  readonly source: string;
  /** How often a safe call is tried again, at most. */
  readonly retries: number;
  /** Consecutive failures after which the source is left alone. */
  readonly circuitFailures: number;
  /** Milliseconds for which it is left alone. */
  readonly circuitOpenMs: number;
}

/** Runs one call under the source's policy: repeats it where that is safe, and refuses it while the circuit is open. */
export type Resilience = (
  repeat: UpstreamRequest['repeat'],
  attempt: () => Promise<UpstreamResponse>,
  signal: AbortSignal | undefined,
) => Promise<UpstreamResponse>;

/** A source that asks to wait longer than this is not waited for within a request; the caller is told instead. */
const MAX_RETRY_AFTER_MS = 5_000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;

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
  const wait = retryAfterMs(response);
  const options = { source, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  if (response.status === 429) {
    throw new SourceError('SOURCE_RATE_LIMITED', `${source} asks for fewer requests.`, options);
  }
  if (unavailable.has(response.status)) {
    throw new SourceError('SOURCE_UNAVAILABLE', `${source} cannot serve requests now.`, options);
  }
  return response;
}

const isTransient = (error: unknown): error is SourceError => error instanceof SourceError && error.retryable;

/** 429 without Retry-After is not repeated: the source asked for less, not for the same again. */
const isWorthRepeating = (error: unknown) =>
  isTransient(error) &&
  (error.code !== 'SOURCE_RATE_LIMITED' || error.retryAfterMs !== undefined) &&
  (error.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS;

function backoffMs({ attempt, result }: IRetryBackoffContext<unknown>): number {
  const error = 'error' in result ? result.error : undefined;
  if (error instanceof SourceError && error.retryAfterMs !== undefined) return error.retryAfterMs;
  const ceiling = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}

/** Rate limits do not open the circuit: the source is well and says so. */
const countsAsFailure = (error: unknown) => isTransient(error) && error.code !== 'SOURCE_RATE_LIMITED';

export function createResilience(settings: ResilienceSettings): Resilience {
  const { source } = settings;
  const breaker = circuitBreaker(handleWhen(countsAsFailure), {
    halfOpenAfter: settings.circuitOpenMs,
    breaker: new ConsecutiveBreaker(settings.circuitFailures),
  });
  const repeater = retry(handleWhen(isWorthRepeating), {
    maxAttempts: settings.retries,
    backoff: new DelegateBackoff(backoffMs),
  });
  const guarded = async (attempt: () => Promise<UpstreamResponse>) => {
    try {
      return await breaker.execute(async () => refuseUnavailable(source, await attempt()));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const message = `${source} failed several times and is left alone for a moment.`;
      throw new SourceError('SOURCE_UNAVAILABLE', message, {
        source,
        cause: error,
        retryAfterMs: settings.circuitOpenMs,
      });
    }
  };
  return (repeat, attempt, signal) => {
    if (repeat === 'never' || settings.retries === 0) return guarded(attempt);
    return repeater.execute(() => guarded(attempt), signal);
  };
}
