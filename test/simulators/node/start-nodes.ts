import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import {
  createNodeSimulator,
  type NodeSimulator,
  type NodeSimulatorOptions,
} from '../../../simulators/node/node-simulator.ts';
import { createPeerDirectory } from '../../../simulators/node/peers.ts';
import { mintBearerToken } from '../../../simulators/node/tokens/bearer-token.ts';

export type Json = Record<string, unknown>;

export const basicOf = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;

type Headers = Record<string, string>;

/** Calls to one node, as its node user unless other headers are given. */
export interface NodeCalls {
  readonly node: NodeSimulator;
  readonly keyHeaders: Headers;
  call(method: string, path: string, body?: unknown, headers?: Headers): Promise<Response>;
  /** The JSON of a call that has to succeed. */
  json(method: string, path: string, body?: unknown, headers?: Headers): Promise<Json>;
  list(query?: string, headers?: Headers): Promise<Json[]>;
  /** The spec, or the error, that a setup call answers for one request. */
  setup(kind: 'upload' | 'download' | 'sync', request: Json, headers?: Headers): Promise<Json>;
  transfer(id: unknown, headers?: Headers): Promise<Json>;
  /** The transfer when it has come to that status. */
  reaches(id: unknown, status: string): Promise<Json>;
  /** The transfer when it has ended, however it ended. */
  ended(id: unknown): Promise<Json>;
  flip(name: string, parameters?: Json): Promise<unknown>;
  bearer(claims?: Json): Headers;
  /** Gives a user all access levels at a file id. */
  grant(userId: string, fileId?: string, levels?: readonly string[]): Promise<Json>;
}

const everyLevel = ['list', 'read', 'write', 'delete', 'mkdir', 'rename', 'preview'];

async function readJson(response: Response): Promise<Json> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text) as Json;
}

function mint(node: NodeSimulator, claims: Json): string {
  return mintBearerToken(
    {
      user_id: '777',
      scope: `node.${node.accessKeyId}:user:all`,
      expires_at: new Date(node.clock.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z'),
      ...claims,
    },
    node.accessKeyPrivateKey,
  );
}

export function callsOf(node: NodeSimulator): NodeCalls {
  const keyHeaders = { authorization: basicOf(node.accessKeyId, node.accessKeySecret) };
  const call: NodeCalls['call'] = (method, path, body, headers = {}) =>
    fetch(`${node.url}${path}`, {
      method,
      headers: { authorization: basicOf(node.username, node.password), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const json: NodeCalls['json'] = async (...parameters) => readJson(await call(...parameters));
  const transfer: NodeCalls['transfer'] = (id, headers) => json('GET', `/ops/transfers/${id}`, undefined, headers);
  return {
    node,
    call,
    json,
    transfer,
    keyHeaders,
    list: async (query = '', headers = {}) =>
      (await json('GET', `/ops/transfers${query}`, undefined, headers)) as unknown as Json[],
    setup: async (kind, request, headers = {}) => {
      const body = { transfer_requests: [{ transfer_request: request }] };
      const answer = await json('POST', `/files/${kind}_setup`, body, headers);
      return (answer.transfer_specs as { transfer_spec: Json }[])[0]?.transfer_spec ?? {};
    },
    reaches: async (id, status) => {
      await expect.poll(async () => (await transfer(id)).status, { timeout: 15_000, interval: 25 }).toBe(status);
      return transfer(id);
    },
    ended: async (id) => {
      const until = { timeout: 15_000, interval: 25 };
      await expect.poll(async () => (await transfer(id)).end_time_usec, until).toBeTypeOf('number');
      return transfer(id);
    },
    flip: async (name, parameters = {}) => {
      const flip = node.switches[name];
      if (!flip) throw new Error(`no switch ${name}`);
      return flip(parameters);
    },
    grant: (userId, fileId = '1', access_levels = everyLevel) => {
      const body = { file_id: fileId, access_type: 'user', access_id: userId, access_levels };
      return json('POST', '/permissions', body, keyHeaders);
    },
    bearer: (claims = {}) => ({
      authorization: `Bearer ${mint(node, claims)}`,
      'x-aspera-accesskey': node.accessKeyId,
    }),
  };
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'node-simulator-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** One started node with a docroot of its own, closed after the test. */
export async function startNode(options: Partial<NodeSimulatorOptions> = {}): Promise<NodeCalls> {
  const docroot = options.docroot ?? (await temporaryFolder());
  const node = createNodeSimulator({ name: 'london', ...options, docroot });
  await node.start();
  cleanups.push(() => node.close());
  return callsOf(node);
}

/** Two nodes that know of each other. */
export async function startTwo(options: Partial<NodeSimulatorOptions> = {}) {
  const peers = createPeerDirectory();
  const [london, tokyo] = await Promise.all([
    startNode({ ...options, name: 'london', peers }),
    startNode({ ...options, name: 'tokyo', peers }),
  ]);
  return { london, tokyo, peers };
}
