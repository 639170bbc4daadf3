import { type Aborter, createAborter, type Signal } from './signal.ts';

/** Work under way that several callers share; it is aborted when the last of them has gone. */
export interface Flights {
  /**
   * Joins the flight under `key`, or starts one. The caller leaves when its signal aborts; the others stay.
   * @throws what the work throws, to every caller, or the reason of the caller's own signal
   */
  join<T>(key: string, signal: Signal | undefined, start: (signal: Signal) => Promise<T>): Promise<T>;
  readonly size: number;
}

const allGone = new Error('Nobody waits for this any more.');

/**
 * What has left a Map stays reachable through the tables that it has outgrown, until the next full collection of garbage:
 * so a flight that has ended holds nothing any more.
 */
interface Flight {
  result: Promise<unknown> | undefined;
  aborter: Aborter | undefined;
  waiters: number;
}

function waitFor<T>(result: Promise<T>, signal: Signal | undefined, leave: () => void): Promise<T> {
  if (!signal) return result;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      leave();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    result.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();
  const begin = <T>(key: string, start: (signal: Signal) => Promise<T>): Flight => {
    const aborter = createAborter();
    const result = start(aborter.signal);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
      flight.result = undefined;
      flight.aborter = undefined;
    };
    // Also where all waiters have gone, and nobody else listens to how it ends.
    result.then(land, land);
    const flight: Flight = { result, aborter, waiters: 0 };
    flights.set(key, flight);
    return flight;
  };
  return {
    get size() {
      return flights.size;
    },
    join: async <T>(key: string, signal: Signal | undefined, start: (signal: Signal) => Promise<T>) => {
      if (signal?.aborted) throw signal.reason;
      const flight = flights.get(key) ?? begin(key, start);
      flight.waiters += 1;
      return waitFor(flight.result as Promise<T>, signal, () => {
        flight.waiters -= 1;
        if (flight.waiters > 0) return;
        if (flights.get(key) === flight) flights.delete(key);
        flight.aborter?.abort(allGone);
      });
    },
  };
}
