import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { Places } from './servers.ts';

/** The three lists that are read, each to its end. */
export const lists = ['files by path', 'files by id', 'records'] as const;
export type List = (typeof lists)[number];

/** The most that a gateway gives at a time unless its configuration says otherwise; asked for by hand as well. */
export const PAGE = 200;

export interface Address {
  readonly places: Places;
  /** The graph, and the key of a caller. */
  readonly graphUrl: string;
  readonly key: string;
}

/** The pages of a list, each as what tells its entries apart. */
export type ReadList = (address: Address) => AsyncGenerator<readonly string[]>;

export interface Answer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
}

/** Requests to one server, over sockets as the gateway keeps them by default. */
export function connect(url: string, tls?: Places['tls']) {
  const connect = tls && {
    ca: readFileSync(tls.caFile),
    cert: readFileSync(tls.certFile),
    key: readFileSync(tls.keyFile),
  };
  const pool = new Pool(url, { connections: 32, keepAliveTimeout: 10_000, ...(connect ? { connect } : {}) });
  const send = async ({ method, path, headers = {}, json }: Sent): Promise<Answer> => {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const answer = await pool.request({
      ...{ method, path, ...body },
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return { headers: answer.headers, body: JSON.parse(text) };
  };
  return { send, close: () => pool.close() };
}
