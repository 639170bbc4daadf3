/**
 * What is used of an AbortSignal: one of these is made for each operation and each call, and an AbortSignal with one
 * listener costs some ten times as much to make and to end. AbortSignals are such signals, too.
 */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Ends what follows its signal. */
export interface Aborter {
  readonly signal: Signal;
  /** Tells all who listen, once. */
  abort(reason: unknown): void;
}

/** A signal whose members are plain: accessors in a literal would give each signal a hidden class of its own. */
interface OwnSignal extends Signal {
  aborted: boolean;
  reason: unknown;
}

export function createAborter(): Aborter {
  let listeners: (() => void)[] = [];
  const signal: OwnSignal = {
    aborted: false,
    reason: undefined,
    addEventListener: (_type, listener) => {
      if (!listeners.includes(listener)) listeners.push(listener);
    },
    removeEventListener: (_type, listener) => {
      const index = listeners.indexOf(listener);
      if (index >= 0) listeners.splice(index, 1);
    },
  };
  return {
    signal,
    abort: (reason) => {
      if (signal.aborted) return;
      signal.aborted = true;
      signal.reason = reason;
      const told = listeners;
      listeners = [];
      for (const listener of told) listener();
    },
  };
}

/** The same for libraries that take nothing else. It follows for as long as the signal itself is there. */
export function asAbortSignal(signal: Signal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const aborter = new AbortController();
  if (signal.aborted) aborter.abort(signal.reason);
  else signal.addEventListener('abort', () => aborter.abort(signal.reason), { once: true });
  return aborter.signal;
}
