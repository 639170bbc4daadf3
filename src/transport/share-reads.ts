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

/** What one identity has under way. Kept only while there is something: no flight outlives its last waiter. */
interface Activity {
  epoch: number;
  calls: number;
}

/**
 * Lets identical reads of one identity share one upstream call. A write of that identity starts a new epoch both when
 * it is sent and when it has been answered, so a read never joins a flight that began before the write took effect.
 */
export function shareReads(send: Send): Send {
  const flights = createFlights();
  const activities = new Map<string, Activity>();
  const write = async (activity: Activity, ...[request, call]: Parameters<Send>) => {
    activity.epoch += 1;
    try {
      return await send(request, call);
    } finally {
      activity.epoch += 1;
    }
  };
  return async (request, call) => {
    const { key } = call.identity;
    const activity = activities.get(key) ?? { epoch: 0, calls: 0 };
    activities.set(key, activity);
    activity.calls += 1;
    try {
      if (request.repeat === 'never') return await write(activity, request, call);
      const flightKey = keyOf(key, activity.epoch, request);
      return await flights.join(flightKey, call.signal, (signal) => send(request, { ...call, signal }));
    } finally {
      activity.calls -= 1;
      if (activity.calls === 0) activities.delete(key);
    }
  };
}
