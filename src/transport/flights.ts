/** Work under way that several callers share; it is aborted when the last of them has gone. */
export interface Flights {
  /**
   * Joins the flight under `key`, or starts one. The caller leaves when its signal aborts; the others stay.
   * @throws what the work throws, to every caller, or the reason of the caller's own signal
   */
  join<T>(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
  readonly size: number;
}

interface Flight {
  readonly result: Promise<unknown>;
  readonly aborter: AbortController;
  waiters: number;
}

function waitFor<T>(flight: Flight, signal: AbortSignal | undefined, leave: () => void): Promise<T> {
  if (!signal) return flight.result as Promise<T>;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      leave();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    (flight.result as Promise<T>).then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();
  const begin = <T>(key: string, start: (signal: AbortSignal) => Promise<T>): Flight => {
    const aborter = new AbortController();
    const result = start(aborter.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    // A flight whose waiters have all gone rejects with nobody listening.
    result.catch(() => undefined);
    const flight: Flight = { result, aborter, waiters: 0 };
    flights.set(key, flight);
    return flight;
  };
  return {
    get size() {
      return flights.size;
    },
    join: async <T>(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>) => {
      signal?.throwIfAborted();
      const flight = flights.get(key) ?? begin(key, start);
      flight.waiters += 1;
      return waitFor<T>(flight, signal, () => {
        flight.waiters -= 1;
        if (flight.waiters > 0) return;
        if (flights.get(key) === flight) flights.delete(key);
        flight.aborter.abort();
      });
    },
  };
}
