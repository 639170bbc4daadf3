import type { Clock } from '../kit/clock.ts';
import { refusal } from './errors.ts';

/** The server's request limit (aspera-apps-api.md §1, “Throttle”); off until a rate is set. */
export interface Throttle {
  /** Counts a request, or throws 429/1001. */
  admit(): void;
  /** 0 switches it off. */
  setRate(requestsPerSecond: number): void;
}

export function createThrottle(clock: Clock): Throttle {
  let rate = 0;
  let second = 0;
  let count = 0;
  return {
    admit: () => {
      if (rate === 0) return;
      const now = Math.floor(clock.now() / 1000);
      count = now === second ? count + 1 : 1;
      second = now;
      // No Retry-After: none is documented (aspera-apps-api.md part E, 36).
      if (count > rate) throw refusal(429, 1001, 'There were too many requests.');
    },
    setRate: (requestsPerSecond) => {
      rate = requestsPerSecond;
      count = 0;
    },
  };
}
