import type { IncomingHttpHeaders } from 'node:http';

/** The start of a request that Node's HTTP parser refused because of its method. */
export interface RefusedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Reads a request line and headers from the bytes of a `clientError` (`HPE_INVALID_METHOD`): Node's parser does not
 * know the verb `CANCEL` that the Node API uses on /ops/transfers/{id} (aspera-node-api.md §1.1). Gives undefined
 * where the bytes are not a whole request head with that verb.
 */
export function parseCancelRequest(rawPacket: Buffer | undefined): RefusedRequest | undefined {
  const head = rawPacket?.toString('latin1').split('\r\n\r\n', 1)[0];
  const [requestLine, ...lines] = head?.split('\r\n') ?? [];
  const [method, url] = requestLine?.split(' ') ?? [];
  if (method !== 'CANCEL' || url === undefined) return undefined;
  const headers: IncomingHttpHeaders = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, url, headers };
}
