import { fromSchema } from '../../../reading/reader.ts';
import type { UpstreamResponse } from '../../../transport/upstream.ts';
import { faspexError } from '../errors.ts';
import { readAccount } from '../read-directory.ts';
import type { FaspexAccount, FaspexHealth } from '../types.ts';
import { wireHealth, wireVersion } from '../wire.ts';
import { API, askFor, type Exchange, isSuccess, parse } from './exchange.ts';

/** `GET /health` needs no credential (aspera-apps-api.md §3). */
export const healthRequest = {
  operation: 'faspex.health',
  method: 'GET',
  path: '/health',
  repeat: 'safe',
} as const;

/** The version comes in a header, e.g. `X-IBM-Aspera: F5.0.13` (aspera-apps-api.md §1). */
function headerVersion(response: UpstreamResponse): string | undefined {
  const header = response.headers['x-ibm-aspera'];
  return typeof header === 'string' ? header.replace(/^F/, '') : undefined;
}

const readConnected = fromSchema(wireHealth, ({ core }) => core.connected);

const readVersion = fromSchema(wireVersion, ({ version }) => version);

export function readHealth(source: string, response: UpstreamResponse): FaspexHealth {
  if (!isSuccess(response)) throw faspexError(source, response);
  return { connected: parse(source, readConnected, response.body), version: headerVersion(response) };
}

/** The server itself and the caller's account (aspera-apps-api.md §3). */
export const createServerReads = (exchange: Exchange) => ({
  health: async (): Promise<FaspexHealth> => readHealth(exchange.source, await exchange.sendPlain(healthRequest)),
  /** The server's clock, for anchors of pages; asks the server only when nothing has been heard from it yet. */
  serverNow: async (): Promise<Date> => {
    if (!exchange.clock.isKnown()) await exchange.sendPlain(healthRequest);
    return exchange.clock.now();
  },
  version: async (): Promise<string> => {
    const request = { operation: 'faspex.version', method: 'GET', path: `${API}/version`, repeat: 'safe' } as const;
    return askFor(exchange, request, readVersion);
  },
  /** Who the server takes the caller for. */
  account: async (): Promise<FaspexAccount> => {
    const request = { operation: 'faspex.account', method: 'GET', path: `${API}/account`, repeat: 'safe' } as const;
    return askFor(exchange, request, readAccount);
  },
});
