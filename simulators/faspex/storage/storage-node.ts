import { refusal } from '../errors.ts';
import { isObject } from '../fields.ts';
import type { NodeTransfer } from './node-transfer.ts';
import { readTransfers } from './node-transfer.ts';

/** Where the node that stores packages is, and as whom Faspex calls it. */
export interface StorageNodeOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export type TransferSpec = Readonly<Record<string, unknown>>;

/** One entry of a folder as the Node API shows it (aspera-node-api.md §3). */
export interface NodeEntry {
  readonly path: string;
  readonly basename: string;
  readonly type: string;
  readonly size?: number;
  readonly mtime?: string;
  readonly permissions?: readonly unknown[];
}

export interface NodeFolder {
  readonly self?: NodeEntry;
  readonly items?: readonly NodeEntry[];
  readonly total_count?: number;
}

export interface TransferPage {
  readonly transfers: readonly NodeTransfer[];
  /** Iteration token of the next page or poll. */
  readonly next: string | undefined;
  /** Whether there may be more right away. */
  readonly isFull: boolean;
}

/** The calls that Faspex makes to its storage node, over HTTP as the real server does (aspera-node-api.md §3, §5). */
export interface StorageNode {
  createFolders(paths: readonly string[]): Promise<void>;
  remove(path: string): Promise<void>;
  /** Bytes and files below a folder. */
  measure(path: string): Promise<{ bytes: number; files: number }>;
  browse(body: TransferSpec): Promise<NodeFolder>;
  /** A transfer spec whose token the node itself has made. */
  setUp(operation: 'upload' | 'download', request: TransferSpec): Promise<TransferSpec>;
  startTransfer(spec: TransferSpec): Promise<string>;
  /** One page of the change feed. */
  listTransfers(position: Readonly<Record<string, string>>): Promise<TransferPage>;
  /** The node's own clock, as text. */
  readTime(): Promise<string>;
}

/** Requests are given up after this long, so that a hanging node does not hang Faspex. */
const DEADLINE_MS = 10_000;

/** Transfers asked for in one page of the change feed. */
const FEED_PAGE = 1000;

class NodeFailure extends Error {}

type Call = (method: string, path: string, body?: unknown) => Promise<{ json: unknown; headers: Headers }>;

function createCall({ url, username, password }: StorageNodeOptions, signal: AbortSignal): Call {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new NodeFailure(`The node answered ${response.status} to ${method} ${path}.`);
    return { json: JSON.parse(text), headers: response.headers };
  };
}

/** The error of one path, which the Node API puts into an answer with status 200. */
function pathError(json: unknown): string | undefined {
  const paths = isObject(json) && Array.isArray(json.paths) ? json.paths : [];
  for (const path of paths) {
    if (isObject(path) && isObject(path.error)) return String(path.error.user_message ?? path.error.reason);
  }
  return undefined;
}

function readSpec(json: unknown): TransferSpec {
  const first = isObject(json) && Array.isArray(json.transfer_specs) ? json.transfer_specs[0] : undefined;
  if (!isObject(first) || !isObject(first.transfer_spec)) {
    throw new NodeFailure('The node refused to set up the transfer.');
  }
  return first.transfer_spec;
}

const nextToken = (headers: Headers) => /iteration_token=([^&>]+)/.exec(headers.get('link') ?? '')?.[1];

/** Runs a call and answers Faspex's own refusal where the node fails or cannot be reached. */
async function guarded<T>(status: number, code: number, message: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch {
    throw refusal(status, code, message);
  }
}

export function createStorageNode(options: StorageNodeOptions, signal: AbortSignal): StorageNode {
  const call = createCall(options, signal);
  const onPaths = async (path: string, body: unknown) => {
    const failure = pathError((await call('POST', path, body)).json);
    if (failure !== undefined) throw new NodeFailure(failure);
  };
  return {
    createFolders: (paths) =>
      guarded(500, 1201, 'The storage directory could not be created.', () =>
        onPaths('/files/create', { paths: paths.map((path) => ({ path, type: 'directory' })) }),
      ),
    remove: (path) => onPaths('/files/delete', { paths: [{ path }] }),
    measure: (path) =>
      guarded(500, 1211, 'The size of the storage directory could not be measured.', async () => {
        const { json } = await call('POST', '/files/du', { path });
        const usage = isObject(json) ? json : {};
        return { bytes: Number(usage.total_size ?? 0), files: Number(usage.file_count ?? 0) };
      }),
    browse: (body) =>
      guarded(500, 1202, 'The storage directory could not be browsed.', async () => {
        const { json } = await call('POST', '/files/browse', body);
        return json as NodeFolder;
      }),
    setUp: (operation, request) =>
      guarded(400, 1237, 'The node could not give a transfer specification.', async () => {
        const body = { transfer_requests: [{ transfer_request: request }] };
        return readSpec((await call('POST', `/files/${operation}_setup`, body)).json);
      }),
    startTransfer: (spec) =>
      guarded(400, 1304, 'The node could not start the transfer.', async () => {
        const { json } = await call('POST', '/ops/transfers', spec);
        if (!isObject(json) || typeof json.id !== 'string') throw new NodeFailure('The node gave no transfer id.');
        return json.id;
      }),
    listTransfers: async (position) => {
      const query = new URLSearchParams({ view: 'summary', count: String(FEED_PAGE), ...position });
      const { json, headers } = await call('GET', `/ops/transfers?${query}`);
      const isFull = Array.isArray(json) && json.length >= FEED_PAGE;
      return { transfers: readTransfers(json), next: nextToken(headers), isFull };
    },
    readTime: () =>
      guarded(400, 1237, 'The node could not give a transfer specification.', async () => {
        const { json } = await call('GET', '/info');
        if (!isObject(json) || typeof json.current_time !== 'string') throw new NodeFailure('The node gave no time.');
        return json.current_time;
      }),
  };
}
