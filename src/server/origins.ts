import type { IncomingHttpHeaders } from 'node:http';

/** Which pages may call the gateway from a browser. */
export interface Origins {
  /** Whether CORS answers are given at all. */
  readonly any: boolean;
  /** Whether a page of this origin may. */
  allows(origin: string): boolean;
  /**
   * Whether a WebSocket handshake may go on. Browsers do not ask before they open a WebSocket to another origin, but
   * they say where the page is from (RFC 6455 §10.2). Programs other than browsers say nothing.
   */
  allowsHandshake(headers: IncomingHttpHeaders): boolean;
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined);

export function createOrigins(configured: readonly string[]): Origins {
  const known = new Set(configured);
  const allows = (origin: string) => known.has('*') || known.has(origin);
  return {
    any: known.size > 0,
    allows,
    allowsHandshake: ({ origin, host }) => origin === undefined || allows(origin) || hostOf(origin) === host,
  };
}
