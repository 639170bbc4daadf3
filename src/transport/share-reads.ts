import { createFlights } from './flights.ts';
import type { Send, UpstreamIdentity, UpstreamRequest } from './upstream.ts';

/** What the keys of all reads of an identity begin with. No key of an identity, which is JSON, holds this character. */
const beginOf = ({ key }: UpstreamIdentity) => `${key}\0`;

/** What makes two reads of one identity the same. */
function keyOf(identity: UpstreamIdentity, { method, path, query, headers, json, form }: UpstreamRequest): string {
  const place = `${beginOf(identity)}${method} ${path}`;
  // A path has no blanks in it.
  return query || headers || json !== undefined || form
    ? `${place} ${JSON.stringify([query, headers, json, form])}`
    : place;
}

/**
 * Lets identical reads of one identity share one upstream call. When a write of that identity is sent, and when it has been
 * answered or lost, its reads that are under way are joined by nobody any more: so a read never joins one that began before
 * the write took effect.
 */
export function shareReads(send: Send): Send {
  const reads = createFlights();
  const write: Send = async (request, call) => {
    const begin = beginOf(call.identity);
    reads.close(begin);
    try {
      return await send(request, call);
    } finally {
      reads.close(begin);
    }
  };
  return (request, call) => {
    if (request.repeat === 'never') return write(request, call);
    const { identity } = call;
    return reads.join(keyOf(identity, request), call.signal, (signal) => send(request, { identity, signal }));
  };
}
