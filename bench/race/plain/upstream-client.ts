import { type Dispatcher, Pool } from 'undici';
import { PAGE_SIZE } from '../canned-packages.ts';
import type { WireEntry, WirePackage, WirePage } from './wire.ts';

/** Where the servers behind the race are. */
export interface UpstreamUrls {
  readonly faspexUrl: string;
  readonly nodeUrl: string;
}

/** The upstream calls of the race by hand, in the name of whoever has the token. */
export interface UpstreamClient {
  listPackages(token: string): Promise<WirePage>;
  package(token: string, packageId: string): Promise<WirePackage>;
  /** What a node says of many paths, in their order. */
  filesInfo(token: string, paths: readonly string[]): Promise<readonly WireEntry[]>;
}

/** Sockets to each server behind: as many as the gateway has where nothing else is configured. */
export const POOL_SIZE = 32;

const IDLE_MS = 10_000;

async function read<T>({ statusCode, body }: Dispatcher.ResponseData): Promise<T> {
  if (statusCode === 200) return (await body.json()) as T;
  await body.dump();
  throw new Error(`the upstream has answered ${statusCode}`);
}

export function createUpstreamClient({ faspexUrl, nodeUrl }: UpstreamUrls): UpstreamClient {
  const { origin, pathname } = new URL(faspexUrl);
  const options = { connections: POOL_SIZE, keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS };
  const faspex = new Pool(origin, options);
  const node = new Pool(nodeUrl, options);
  const api = `${pathname}/api/v5`;
  const get = (token: string, path: string) =>
    faspex.request({
      method: 'GET',
      path,
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
    });
  return {
    listPackages: async (token) => {
      // What comes in while somebody pages stays out, as the gateway has it.
      const until = encodeURIComponent(`lte:${new Date().toISOString()}`);
      const path = `${api}/inbox_all/packages?created_time=${until}&limit=${PAGE_SIZE}&offset=0`;
      return read(await get(token, path));
    },
    package: async (token, packageId) => read(await get(token, `${api}/packages/${encodeURIComponent(packageId)}`)),
    filesInfo: async (token, paths) => {
      const response = await node.request({
        method: 'POST',
        path: '/files/info',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: `Basic ${token}`,
        },
        body: JSON.stringify({ paths: paths.map((path) => ({ path })) }),
      });
      return (await read<{ paths: readonly WireEntry[] }>(response)).paths;
    },
  };
}
