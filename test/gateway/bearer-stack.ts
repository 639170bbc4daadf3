import { randomBytes } from 'node:crypto';
import { nodeOf } from '../helpers/node-transfers.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import type { TestClient } from '../helpers/test-client.ts';

/**
 * A gateway in front of Tokyo by four ways: `tokyo` (node user), `my-tokyo` (in the caller's name), `admin-tokyo` (the
 * same, with an administrator's rights), `key-tokyo` (access key).
 */
export interface BearerStack extends Stack {
  /** Both have every scope but that of secrets and of what everybody does. */
  readonly ada: TestClient;
  readonly bob: TestClient;
  /** May have the secret of the access key. */
  readonly trusted: TestClient;
  /** May only obtain transfer specs. */
  readonly plain: TestClient;
  /** The id of a file or folder on Tokyo, by its path. */
  fileId(path: string): Promise<string>;
  /** Lets a person do something at a path of Tokyo and below it. */
  allow(person: 'ada' | 'bob', path: string, levels: readonly string[]): Promise<void>;
}

const ordinary = ['transfer', 'transfer.bearer', 'transfer.start', 'transfer.read', 'node.read'];

const people = {
  ada: ordinary,
  bob: ordinary,
  trusted: ['transfer', 'transfer.secret', 'transfer.start', 'transfer.read'],
  plain: ['transfer', 'transfer.read'],
};

const emailOf = (name: string) => `${name}@studio.example`;

async function callTokyo(stack: Stack, path: string, body?: object): Promise<unknown> {
  const { url, accessKeyId, accessKeySecret } = nodeOf(stack, 'tokyo');
  const credential = Buffer.from(`${accessKeyId}:${accessKeySecret}`).toString('base64');
  const response = await fetch(url + path, {
    headers: { authorization: `Basic ${credential}` },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function findFileId(stack: Stack, path: string): Promise<string> {
  const self = (await callTokyo(stack, '/access_keys/self')) as { root_file_id: string };
  let fileId = self.root_file_id;
  for (const name of path.split('/').filter(Boolean)) {
    const entries = (await callTokyo(stack, `/files/${fileId}/files`)) as { id: string; name: string }[];
    const entry = entries.find((one) => one.name === name);
    if (!entry) throw new Error(`no ${path}`);
    fileId = entry.id;
  }
  return fileId;
}

export async function startBearerStack(): Promise<BearerStack> {
  const keys = Object.fromEntries(
    Object.keys(people).map((name) => [name, `test-${randomBytes(18).toString('base64url')}`]),
  );
  const stack = await startStack({
    configure: (settings, simulators, env) => {
      const tokyo = simulators.nodes.find(({ name }) => name === 'tokyo');
      if (!tokyo) throw new Error('there is no node tokyo');
      for (const [name, scopes] of Object.entries(people)) {
        env[`KEY_${name}`] = keys[name] ?? '';
        const entry = { name, key: { env: `KEY_${name}` }, scopes, claims: { email: emailOf(name) } };
        settings.viewers.apiKeys.push(entry);
      }
      env.TOKYO_PRIVATE_KEY = tokyo.accessKeyPrivateKey;
      env.TOKYO_SECRET = tokyo.accessKeySecret;
      const { url, accessKeyId: accessKey } = tokyo;
      const bearer = { accessKey, privateKey: { env: 'TOKYO_PRIVATE_KEY' }, lifeSeconds: 3600 };
      const service = { accessKey: { id: accessKey, secret: { env: 'TOKYO_SECRET' } } };
      settings.sources.node.push({ name: 'my-tokyo', url, ...service, actAs: 'viewer', bearer });
      const admin = { ...bearer, scope: 'admin' };
      settings.sources.node.push({ name: 'admin-tokyo', url, ...service, actAs: 'viewer', bearer: admin });
      settings.sources.node.push({ name: 'key-tokyo', url, ...service });
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
    },
  });
  const client = (name: string) => stack.client(keys[name] ?? '');
  return {
    ...stack,
    ...{ ada: client('ada'), bob: client('bob'), trusted: client('trusted'), plain: client('plain') },
    fileId: (path) => findFileId(stack, path),
    allow: async (person, path, access_levels) => {
      const file_id = await findFileId(stack, path);
      await callTokyo(stack, '/permissions', {
        ...{ file_id, access_type: 'user', access_id: emailOf(person), access_levels },
      });
    },
  };
}
