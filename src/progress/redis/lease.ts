/** The right of this process to poll, as far as it knows by itself. */
export interface Lease {
  /** `<owner epoch>:<process>` while the lease is held for certain; empty when it is not. */
  readonly value: string;
  /** Redis has granted or renewed it, asked at `sentMs` of the monotonic clock. */
  grant(value: string, sentMs: number): void;
  giveUp(): void;
}

/** The part of a lease in which its owner relies on it; the rest is for a poll under way to come to its end. */
const RELIABLE = 0.8;

/**
 * A lease ends here before it ends in Redis, by a clock that nobody sets and that goes on while the process is stopped:
 * whoever cannot renew it, or wakes up late, does not take themselves for the owner.
 */
export function createLease(leaseMs: number, onEnd: () => void): Lease {
  let held = '';
  let untilMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const giveUp = () => {
    clearTimeout(timer);
    held = '';
  };
  const isOver = () => performance.now() >= untilMs;
  const check = () => {
    if (held === '') return;
    giveUp();
    onEnd();
  };
  return {
    get value() {
      return isOver() ? '' : held;
    },
    grant: (value, sentMs) => {
      clearTimeout(timer);
      held = value;
      untilMs = sentMs + leaseMs * RELIABLE;
      timer = setTimeout(check, Math.max(0, untilMs - performance.now()));
    },
    giveUp,
  };
}
