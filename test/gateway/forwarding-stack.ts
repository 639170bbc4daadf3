import { randomBytes } from 'node:crypto';
import { mintBearerToken } from '../../simulators/node/tokens/bearer-token.ts';
import { scopes as allScopes } from '../../src/identity/scopes.ts';
import { nodeOf } from '../helpers/node-transfers.ts';
import { type RecordingProxy, startRecordingProxy } from '../helpers/recording-proxy.ts';
import { type DemoSettings, type Stack, startStack } from '../helpers/start-stack.ts';
import { createClientWith, type TestClient } from '../helpers/test-client.ts';
import { type Api, signIn } from '../simulators/faspex/start-faspex.ts';

export const FASPEX_HEADER = 'x-faspex-token';
export const BEARER_HEADER = 'x-london-token';
export const BASIC_HEADER = 'x-london-login';

type Headers = Readonly<Record<string, string>>;

/** Somebody whom Faspex knows, with what proves it. */
export interface Holder {
  readonly email: string;
  /** What they could do at Faspex itself, and their token of it. */
  readonly faspex: Api;
  /** Their key of the gateway. */
  readonly authorization: string;
}

/**
 * A gateway whose sources are called with tokens of its callers: `packages` (Faspex), `my-london` (with bearer tokens),
 * `login-london` and `other-london` (with Basic tokens, from the same header). What it asks of them goes through proxies that remember it. `london` and
 * `tokyo` are the nodes as the demo has them.
 */
export interface ForwardingStack extends Stack {
  readonly ada: Holder;
  readonly bob: Holder;
  readonly faspex: RecordingProxy;
  readonly london: RecordingProxy;
  /** A client that sends these headers with every request; closed with the stack. */
  clientWith(headers: Headers): TestClient;
  /** A client of this person that sends their token of Faspex along, and more. */
  clientOf(person: Holder, more?: Headers): TestClient;
  /** A bearer token of London in the name of somebody. */
  bearerToken(name: string): string;
  /** The name and password of London's node user. */
  readonly login: string;
}

export interface ForwardingOptions {
  /** A last word on the configuration. */
  readonly change?: (settings: DemoSettings, env: Record<string, string>) => void;
}

/** Everything but to see what everybody does. */
const scopes = allScopes.map(({ name }) => name).filter((name) => name !== 'transfer.all');

const newKey = () => `test-${randomBytes(18).toString('base64url')}`;

function forward({ sources }: DemoSettings, faspex: RecordingProxy, london: RecordingProxy, accessKey: string): void {
  sources.faspex.splice(0, 1, {
    ...{ name: 'packages', url: `${faspex.origin}/aspera/faspex` },
    ...{ actAs: 'forward', tokenHeader: FASPEX_HEADER },
  });
  const common = { url: london.origin, actAs: 'forward' };
  sources.node.push(
    { ...common, name: 'my-london', tokenHeader: BEARER_HEADER, tokenAccessKey: accessKey },
    { ...common, name: 'login-london', tokenHeader: BASIC_HEADER, tokenScheme: 'basic' },
    { ...common, name: 'other-london', tokenHeader: BASIC_HEADER, tokenScheme: 'basic' },
  );
}

export async function startForwarding({ change }: ForwardingOptions = {}): Promise<ForwardingStack> {
  const targets = { faspex: '', london: '' };
  const [faspex, london] = await Promise.all([
    startRecordingProxy(() => targets.faspex),
    startRecordingProxy(() => targets.london),
  ]);
  const keys = { ada: newKey(), bob: newKey() };
  const stack = await startStack({
    configure: (settings, simulators, env) => {
      for (const [name, key] of Object.entries(keys)) {
        env[`KEY_${name}`] = key;
        settings.viewers.apiKeys.push(Object.assign({ name, scopes }, { key: { env: `KEY_${name}` } }));
      }
      const node = simulators.nodes.find(({ name }) => name === 'london');
      targets.faspex = new URL(simulators.faspex.url).origin;
      targets.london = node?.url ?? '';
      forward(settings, faspex, london, node?.accessKeyId ?? '');
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
      change?.(settings, env);
    },
  });
  const clients: TestClient[] = [];
  const clientWith = (headers: Headers) => {
    const client = createClientWith(stack.url, stack.webSocketUrl, headers);
    clients.push(client);
    return client;
  };
  const [, tomas, , jonas] = stack.simulators.faspex.users;
  const holder = async (user: typeof tomas, key: string): Promise<Holder> => ({
    email: user?.email ?? '',
    faspex: await signIn(stack.simulators.faspex, user?.username ?? ''),
    authorization: `Bearer ${key}`,
  });
  const node = nodeOf(stack, 'london');
  return {
    ...stack,
    ...{ faspex, london, clientWith },
    ada: await holder(tomas, keys.ada),
    bob: await holder(jonas, keys.bob),
    clientOf: ({ authorization, faspex: { token } }, more = {}) =>
      clientWith({ authorization, [FASPEX_HEADER]: token, ...more }),
    bearerToken: (name) => {
      const scope = `node.${node.accessKeyId}:user:all`;
      const expires_at = new Date(node.clock.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
      return mintBearerToken({ user_id: name, scope, auth_type: 'access_key', expires_at }, node.accessKeyPrivateKey);
    },
    login: Buffer.from(`${node.username}:${node.password}`).toString('base64'),
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      // The proxies go last: what waits in them belongs to requests that the gateway is ending.
      await stack.stop();
      await Promise.all([faspex, london].map((proxy) => proxy.close()));
    },
  };
}
