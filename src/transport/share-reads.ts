import { createFlights, type Flights } from './flights.ts';
import type { Send, UpstreamRequest } from './upstream.ts';

/** What makes two reads of one identity in one epoch the same. */
function keyOf(epoch: number, { method, path, query, headers, json, form }: UpstreamRequest): string {
  const place = `${epoch} ${method} ${path}`;
  // A path has no blanks in it.
  return query || headers || json !== undefined || form
    ? `${place} ${JSON.stringify([query, headers, json, form])}`
    : place;
}

/** What one identity has under way. Kept only while there is something. */
interface Activity {
  epoch: number;
  writes: number;
  readonly reads: Flights;
}

/**
 * Lets identical reads of one identity share one upstream call. A write of that identity starts a new epoch both when
 * it is sent and when it has been answered, so a read never joins a flight that began before the write took effect.
 */
export function shareReads(send: Send): Send {
  const activities = new Map<string, Activity>();
  const begin = (identity: string): Activity => {
    const endWhenIdle = () => {
      if (activity.writes === 0 && activity.reads.size === 0) activities.delete(identity);
    };
    const activity: Activity = { epoch: 0, writes: 0, reads: createFlights(endWhenIdle) };
    activities.set(identity, activity);
    return activity;
  };
  const write = async (activity: Activity, ...[request, call]: Parameters<Send>) => {
    activity.epoch += 1;
    activity.writes += 1;
    try {
      return await send(request, call);
    } finally {
      activity.epoch += 1;
      activity.writes -= 1;
      if (activity.writes === 0 && activity.reads.size === 0) activities.delete(call.identity.key);
    }
  };
  return (request, call) => {
    const { identity, signal } = call;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const activity = activities.get(identity.key) ?? begin(identity.key);
    if (request.repeat === 'never') return write(activity, request, call);
    return activity.reads.join(keyOf(activity.epoch, request), signal, (shared) =>
      send(request, { identity, signal: shared }),
    );
  };
}
