/** Holds a sender at a target rate that may change while it runs. */
export interface RateLimiter {
  readonly targetRateKbps: number;
  setTargetRate(kbps: number): void;
  /** The size of one piece at the current rate: about twenty a second, 1 KiB to 256 KiB. */
  pieceBytes(): number;
  /** Resolves when that many bytes may go; rejects with the signal's reason when it aborts. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

const BYTES_PER_SECOND_PER_KBPS = 125;
const SMALLEST_PIECE = 1024;
const LARGEST_PIECE = 256 * 1024;

interface LimiterState {
  kbps: number;
  /** When the bytes taken so far will have gone at the target rate, in milliseconds of `performance.now()`. */
  paidUntil: number;
  readonly waiting: Set<() => void>;
}

const pause = (state: LimiterState, milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      state.waiting.delete(settle);
      resolve();
    };
    const timer = setTimeout(settle, milliseconds);
    signal.addEventListener('abort', settle);
    state.waiting.add(settle);
  });

async function take(state: LimiterState, bytes: number, signal: AbortSignal): Promise<void> {
  let owed = bytes;
  while (owed > 0) {
    signal.throwIfAborted();
    const now = performance.now();
    const wait = state.paidUntil - now;
    // Timers are coarse: a debt of a few milliseconds is paid with the next piece.
    if (wait > 5) {
      await pause(state, wait, signal);
      continue;
    }
    state.paidUntil = Math.max(state.paidUntil, now - 20) + (owed / (state.kbps * BYTES_PER_SECOND_PER_KBPS)) * 1000;
    owed = 0;
  }
  signal.throwIfAborted();
}

export function createRateLimiter(targetRateKbps: number): RateLimiter {
  const state: LimiterState = { kbps: targetRateKbps, paidUntil: 0, waiting: new Set() };
  return {
    get targetRateKbps() {
      return state.kbps;
    },
    setTargetRate: (kbps) => {
      const now = performance.now();
      // What is still owed is owed at the new rate.
      state.paidUntil = now + (Math.max(0, state.paidUntil - now) * state.kbps) / kbps;
      state.kbps = kbps;
      for (const wake of state.waiting) wake();
    },
    pieceBytes: () =>
      Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, Math.floor((state.kbps * BYTES_PER_SECOND_PER_KBPS) / 20))),
    take: (bytes, signal) => take(state, bytes, signal),
  };
}
