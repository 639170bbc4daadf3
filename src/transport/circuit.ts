import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { WayState } from './call-meter.ts';
import { SourceError } from './source-error.ts';

export interface CircuitSettings {
  readonly source: string;
  /** Consecutive failures after which the source is left alone. */
  readonly circuitFailures: number;
  /** Milliseconds for which it is left alone. */
  readonly circuitOpenMs: number;
}

/** Leaves a source alone that fails again and again, so that its callers hear so at once and it can recover. */
export interface Circuit {
  /** @throws SourceError SOURCE_UNAVAILABLE while the source is left alone, without running the attempt */
  run<T>(attempt: () => Promise<T>): Promise<T>;
  /** `open` while calls are refused, `trying` from then on until one has found out whether the source has recovered. */
  readonly state: WayState['circuit'];
}

/** Rate limits and nonsense do not open the circuit: the source can be reached, and what it says is its own matter. */
const isFailure = (error: unknown) =>
  error instanceof SourceError && error.retryable && error.code !== 'SOURCE_RATE_LIMITED';

const isAbandoned = (error: unknown) => error instanceof SourceError && error.code === 'CANCELED';

export function createCircuit({ source, circuitFailures, circuitOpenMs }: CircuitSettings): Circuit {
  let openedAtMs = 0;
  let isTrying = false;
  const breaker = circuitBreaker(
    // A trial whose caller went away has told nothing: the circuit must not close by it.
    handleWhen((error) => isFailure(error) || (isTrying && isAbandoned(error))),
    { halfOpenAfter: circuitOpenMs, breaker: new ConsecutiveBreaker(circuitFailures) },
  );
  breaker.onBreak(() => {
    openedAtMs = Date.now();
  });
  breaker.onStateChange((state) => {
    isTrying = state === CircuitState.HalfOpen;
  });
  const refusal = (cause?: unknown) => {
    const retryAfterMs = Math.max(0, openedAtMs + circuitOpenMs - Date.now());
    const message = `${source} failed several times and is left alone for a moment.`;
    return new SourceError('SOURCE_UNAVAILABLE', message, { source, retryAfterMs, cause });
  };
  const isClosed = () => breaker.state === CircuitState.Closed;
  // While nothing fails there is nothing that the breaker has to know, and to ask it costs several promises for each call.
  let isSpotless = true;
  const runWatched = async <T>(attempt: () => Promise<T>): Promise<T> => {
    try {
      const value = await breaker.execute(attempt);
      isSpotless = isClosed();
      return value;
    } catch (error) {
      throw error instanceof BrokenCircuitError ? refusal(error) : error;
    }
  };
  const runUnwatched = async <T>(attempt: () => Promise<T>): Promise<T> => {
    let outcome: () => Promise<T>;
    try {
      const value = await attempt();
      if (isSpotless) return value;
      outcome = async () => value;
    } catch (error) {
      isSpotless = false;
      outcome = () => Promise.reject(error);
    }
    // Others may have opened the circuit meanwhile, which is not closed by what was asked before.
    return isClosed() ? runWatched(outcome) : outcome();
  };
  return {
    get state() {
      if (breaker.state === CircuitState.Closed) return 'closed';
      return isTrying || Date.now() >= openedAtMs + circuitOpenMs ? 'trying' : 'open';
    },
    run: (attempt) => {
      // The breaker would have others wait for the outcome of a trial; they are told at once instead.
      if (isTrying) return Promise.reject(refusal());
      return isSpotless ? runUnwatched(attempt) : runWatched(attempt);
    },
  };
}
