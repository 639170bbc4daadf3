import { createAborter, type Signal } from './signal.ts';

/** Work under way that several callers share; it is aborted when the last of them has gone. */
export interface Flights {
  /**
   * Joins the flight under `key`, or starts one. The caller leaves when its signal aborts; the others stay.
   * @throws what the work throws, to every caller, or the reason of the caller's own signal
   */
  join<T>(key: string, signal: Signal | undefined, start: (signal: Signal) => Promise<T>): Promise<T>;
  /** Has nobody join the flights any more whose keys begin like this; those who have joined are told how they end. */
  close(beginning: string): void;
  readonly size: number;
}

const allGone = new Error('Nobody waits for this any more.');

/** Somebody who waits for a flight. */
interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: Signal | undefined;
  onAbort: () => void;
}

/**
 * What has left a Map stays reachable through the tables that it has outgrown, until the next full collection of garbage:
 * so a flight that has ended holds nobody any more.
 */
class Flight {
  readonly #aborter = createAborter();
  readonly #onEnd: (flight: Flight) => void;
  #waiters: Waiter[] = [];

  constructor(start: (signal: Signal) => Promise<unknown>, onEnd: (flight: Flight) => void) {
    this.#onEnd = onEnd;
    start(this.#aborter.signal).then(
      (value) => {
        for (const { resolve } of this.#land()) resolve(value);
      },
      (error) => {
        for (const { reject } of this.#land()) reject(error);
      },
    );
  }

  join(signal: Signal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject, signal, onAbort: () => this.#leave(waiter) };
      this.#waiters.push(waiter);
      signal?.addEventListener('abort', waiter.onAbort, { once: true });
    });
  }

  /** Gives those who have waited to the end. */
  #land(): readonly Waiter[] {
    const waiters = this.#waiters;
    this.#waiters = [];
    this.#onEnd(this);
    for (const { signal, onAbort } of waiters) signal?.removeEventListener('abort', onAbort);
    return waiters;
  }

  #leave(waiter: Waiter): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    waiter.reject(waiter.signal?.reason);
    if (this.#waiters.length > 0) return;
    this.#onEnd(this);
    this.#aborter.abort(allGone);
  }
}

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();
  const begin = (key: string, start: (signal: Signal) => Promise<unknown>): Flight => {
    const flight = new Flight(start, (ended) => {
      if (flights.get(key) === ended) flights.delete(key);
    });
    flights.set(key, flight);
    return flight;
  };
  return {
    get size() {
      return flights.size;
    },
    join: <T>(key: string, signal: Signal | undefined, start: (signal: Signal) => Promise<T>) => {
      if (signal?.aborted) return Promise.reject<T>(signal.reason);
      const flight = flights.get(key) ?? begin(key, start);
      return flight.join(signal) as Promise<T>;
    },
    close: (beginning) => {
      for (const key of flights.keys()) if (key.startsWith(beginning)) flights.delete(key);
    },
  };
}
