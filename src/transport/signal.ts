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

class OwnSignal implements Signal {
  aborted = false;
  reason: unknown = undefined;
  #listeners: (() => void)[] = [];

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#listeners.includes(listener)) this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  /** Gives those who are to be told. */
  end(reason: unknown): readonly (() => void)[] {
    const told = this.#listeners;
    this.aborted = true;
    this.reason = reason;
    this.#listeners = [];
    return told;
  }
}

class OwnAborter implements Aborter {
  readonly signal = new OwnSignal();

  abort(reason: unknown): void {
    if (this.signal.aborted) return;
    for (const listener of this.signal.end(reason)) listener();
  }
}

export const createAborter = (): Aborter => new OwnAborter();

/** The same for libraries that take nothing else. It follows for as long as the signal itself is there. */
export function asAbortSignal(signal: Signal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const aborter = new AbortController();
  if (signal.aborted) aborter.abort(signal.reason);
  else signal.addEventListener('abort', () => aborter.abort(signal.reason), { once: true });
  return aborter.signal;
}
