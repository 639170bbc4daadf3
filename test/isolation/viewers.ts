import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { decodeJwt } from 'jose';
import { scopes as allScopes } from '../../src/identity/scopes.ts';
import { type PassedRequest, type RecordingProxy, startRecordingProxy } from '../helpers/recording-proxy.ts';
import { type DemoSettings, type Stack, startStack } from '../helpers/start-stack.ts';
import type { GraphQLAnswer, TestClient } from '../helpers/test-client.ts';

/** Somebody who calls the gateway, and whom the sources know. */
export interface Person {
  readonly email: string;
  readonly client: TestClient;
  /** As `client.send`, for a caller who may hang up. */
  ask<Data>(query: string, variables?: object, signal?: AbortSignal): Promise<GraphQLAnswer<Data>>;
}

/** A gateway for several people; what it asks of its sources goes through proxies that remember it. */
export interface PeopleStack extends Stack {
  readonly ada: Person;
  readonly bob: Person;
  /** Another key of Ada's: the same person to every source, another caller of the gateway. */
  readonly adasPhone: Person;
  /** Knows neither of the others. */
  readonly carol: Person;
  /** Has a key, but Faspex knows nobody of that name. */
  readonly stranger: Person;
  readonly faspex: RecordingProxy;
  readonly london: RecordingProxy;
  readonly tokyo: RecordingProxy;
}

const newKey = () => `test-${randomBytes(18).toString('base64url')}`;

/** Everything but to see what everybody does. */
const scopes = allScopes.map(({ name }) => name).filter((name) => name !== 'transfer.all');

const callers = ['ada', 'bob', 'carol', 'adasPhone', 'stranger'] as const;
type Caller = (typeof callers)[number];

/** Adds the people, and for each node a second source that acts in their names. */
function addPeople(
  settings: DemoSettings,
  people: Readonly<Record<Caller, { key: string; email: string }>>,
  env: Record<string, string>,
): void {
  for (const caller of callers) {
    const { key, email } = people[caller];
    env[`KEY_${caller}`] = key;
    const entry = { name: caller, key: { env: `KEY_${caller}` }, scopes, claims: { email } };
    settings.viewers.apiKeys.push(entry);
  }
}

function askAt(url: string, key: string): Person['ask'] {
  return async (query, variables, signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      ...(signal ? { signal } : {}),
    });
    return (await response.json()) as never;
  };
}

/**
 * The sources: `packages` (Faspex, in the caller's name), `london` and `tokyo` (with the node user, everybody sees only
 * their own), `my-london` and `my-tokyo` (the same nodes in the caller's name).
 * @param change a last word on the configuration
 */
export async function startPeople(change: (settings: DemoSettings) => void = () => undefined): Promise<PeopleStack> {
  const targets: Record<string, string> = {};
  const open = (name: string) => startRecordingProxy(() => targets[name] ?? '');
  const [faspex, london, tokyo] = await Promise.all([open('faspex'), open('london'), open('tokyo')]);
  const proxies: Readonly<Record<string, RecordingProxy>> = { london, tokyo };
  const people = Object.fromEntries(callers.map((caller) => [caller, { key: newKey(), email: '' }])) as Record<
    Caller,
    { key: string; email: string }
  >;
  const stack = await startStack({
    configure: (settings, simulators, env) => {
      const [, ada, carol, bob] = simulators.faspex.users;
      people.ada.email = ada?.email ?? '';
      people.adasPhone.email = people.ada.email;
      people.bob.email = bob?.email ?? '';
      people.carol.email = carol?.email ?? '';
      people.stranger.email = 'stranger@elsewhere.example';
      addPeople(settings, people, env);
      targets.faspex = new URL(simulators.faspex.url).origin;
      for (const source of settings.sources.faspex) source.url = `${faspex.origin}/aspera/faspex`;
      for (const source of [...settings.sources.node]) {
        const node = simulators.nodes.find(({ name }) => name === source.name);
        const proxy = proxies[source.name as string];
        if (!node || !proxy) throw new Error('the demo has other nodes');
        targets[node.name] = node.url;
        env[`BEARER_${node.name}`] = node.accessKeyPrivateKey;
        Object.assign(source, { url: proxy.origin, visibility: 'own' });
        const bearer = { accessKey: node.accessKeyId, privateKey: { env: `BEARER_${node.name}` } };
        settings.sources.node.push({ ...source, name: `my-${node.name}`, actAs: 'viewer', bearer });
      }
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
      change(settings);
    },
  });
  const person = (caller: Caller): Person => {
    const { key, email } = people[caller];
    return { email, client: stack.client(key), ask: askAt(stack.url, key) };
  };
  return {
    ...stack,
    ada: person('ada'),
    bob: person('bob'),
    carol: person('carol'),
    adasPhone: person('adasPhone'),
    stranger: person('stranger'),
    ...{ faspex, london, tokyo },
    stop: async () => {
      // The proxies go last: what waits in them belongs to requests that the gateway is ending.
      await stack.stop();
      await Promise.all([faspex, london, tokyo].map((proxy) => proxy.close()));
    },
  };
}

const bearerOf = ({ headers }: PassedRequest) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];

/** In whose name a request reached Faspex: by the token that it carries, or by the assertion for a new one. */
export function faspexSubject(request: PassedRequest): unknown {
  const assertion = new URLSearchParams(request.body).get('assertion');
  if (request.path.endsWith('/auth/token') && assertion !== null) {
    return String(decodeJwt(assertion).sub).replace(/^user:/, '');
  }
  const token = bearerOf(request);
  return token === undefined ? undefined : decodeJwt(token).email;
}

/** In whose name a request reached a node; undefined for the gateway's own credential. */
export function nodeSubject(request: PassedRequest): unknown {
  const token = bearerOf(request);
  if (token === undefined) return undefined;
  const [payload = ''] = inflateSync(Buffer.from(token, 'base64')).toString('utf8').split('\n');
  return (JSON.parse(payload) as { user_id?: unknown }).user_id;
}
