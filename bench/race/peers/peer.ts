import type { IncomingHttpHeaders } from 'node:http';
import { TOKEN_HEADER } from '../callers.ts';
import type { UpstreamClient } from '../plain/upstream-client.ts';

export interface PeerOptions {
  readonly port: number;
  readonly upstream: UpstreamClient;
}

/** Starts one framework as its documents say, with everything off that a bare answer does not need. */
export type StartPeer = (options: PeerOptions) => Promise<void>;

export const HOST = '127.0.0.1';

/** The token that every server passes on. */
export const tokenOf = (headers: IncomingHttpHeaders): string => String(headers[TOKEN_HEADER]);
