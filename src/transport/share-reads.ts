import { createFlights } from './flights.ts';
import type { Send, UpstreamRequest } from './upstream.ts';

const keyOf = (identityKey: string, epoch: number, request: UpstreamRequest) =>
  JSON.stringify([
    identityKey,
    epoch,
    request.method,
    request.path,
    request.query,
    request.headers,
    request.json,
    request.form,
  ]);

/**
 * Lets identical reads of one identity share one upstream call. A write of that identity starts a new epoch both when
 * it is sent and when it has been answered, so a read never joins a flight that began before the write took effect.
 */
export function shareReads(send: Send): Send {
  const flights = createFlights();
  const epochs = new Map<string, number>();
  const advance = (key: string) => epochs.set(key, (epochs.get(key) ?? 0) + 1);
  return async (request, call) => {
    const { key } = call.identity;
    if (request.repeat === 'safe') {
      const flightKey = keyOf(key, epochs.get(key) ?? 0, request);
      return flights.join(flightKey, call.signal, (signal) => send(request, { ...call, signal }));
    }
    advance(key);
    try {
      return await send(request, call);
    } finally {
      advance(key);
    }
  };
}
