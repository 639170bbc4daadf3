import { createHash } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { readRedis } from '../helpers/read-redis.ts';
import type { PassedRequest } from '../helpers/recording-proxy.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { findSecrets } from '../helpers/secrets.ts';
import type { GraphQLAnswer, TestClient } from '../helpers/test-client.ts';
import { BASIC_HEADER, FASPEX_HEADER, type ForwardingStack, type Holder, startForwarding } from './forwarding-stack.ts';
import { globalId } from './package-watch.ts';

let redis: RedisServer;
let stack: ForwardingStack;
/** A package that Bob has sent to Ada. */
let packageId: string;
beforeAll(async () => {
  redis = await startRedis();
  stack = await startForwarding({
    change: (settings) => {
      settings.redis = { url: redis.url, keyPrefix: 'forward:', leaseMs: 1_500 };
    },
  });
  packageId = await stack.bob.faspex.send('tomas.rivera', { title: 'From Bob to Ada' });
});
afterAll(async () => {
  await stack?.stop();
  await redis?.stop();
});

const open: AsyncIterableIterator<unknown>[] = [];
beforeEach(() => stack.faspex.clear());
afterEach(async () => {
  stack.faspex.clear();
  stack.simulators.faspex.faults.clear();
  await Promise.all(open.splice(0).map((events) => events.return?.()));
});

const account = '{ faspex { account { email } } }';
const accountOf = ({ email }: Holder) => ({ data: { faspex: { account: { email } } } });

async function next<Data>(events: AsyncIterator<GraphQLAnswer<Data>>): Promise<GraphQLAnswer<Data>> {
  const { value, done } = await events.next();
  if (done) throw new Error('the subscription has ended');
  return value;
}

const codeOf = ({ errors }: GraphQLAnswer<unknown>) => errors?.[0]?.extensions?.code;

/** Asks over a WebSocket whose handshake and connection_init bring these. */
async function askOverSocket(handshake: Readonly<Record<string, string>>, payload: Readonly<Record<string, unknown>>) {
  const socket = createClient({
    url: stack.webSocketUrl,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: handshake });
      }
    },
    connectionParams: { authorization: stack.ada.authorization, ...payload },
    retryAttempts: 0,
  });
  onTestFinished(() => void socket.dispose());
  try {
    return await next(socket.iterate({ query: account }) as AsyncIterator<GraphQLAnswer<unknown>>);
  } catch (errors) {
    return { errors } as GraphQLAnswer<unknown>;
  }
}

describe('over a WebSocket a token', () => {
  it('comes in connection_init, for every operation of the socket', async () => {
    const { ada, bob } = stack;
    const client = stack.clientOf(ada);
    expect(await next(client.subscribe(account))).toEqual(accountOf(ada));
    expect(await next(client.subscribe(account))).toEqual(accountOf(ada));
    expect(await next(stack.clientOf(bob).subscribe(account))).toEqual(accountOf(bob));
  });

  it('comes in the handshake, unless connection_init has another', async () => {
    const { ada, bob } = stack;
    const handshake = { [FASPEX_HEADER]: ada.faspex.token };
    expect(await askOverSocket(handshake, {})).toEqual(accountOf(ada));
    expect(await askOverSocket(handshake, { [FASPEX_HEADER]: bob.faspex.token })).toEqual(accountOf(bob));
  });

  it.each([
    ['nowhere', {}, 'FORBIDDEN'],
    ['as something else than a text', { [FASPEX_HEADER]: { token: 'abc' } }, 'BAD_INPUT'],
    ['with a scheme', { [FASPEX_HEADER]: 'Bearer abc' }, 'BAD_INPUT'],
    ['from another server', { [FASPEX_HEADER]: 'outdated' }, 'SOURCE_UNAUTHENTICATED'],
  ])('that comes %s is told of, and the socket stays', async (_where, payload, code) => {
    expect(codeOf(await askOverSocket({}, payload))).toBe(code);
  });
});

interface Told {
  readonly packageStatus: { readonly cursor: string; readonly package: { readonly title: string } | null };
}

const watching = `subscription ($id: ID!, $after: String) {
  packageStatus(id: $id, after: $after) { cursor package { title } }
}`;

function watch(client: TestClient, after?: string) {
  const events = client.subscribe<Told>(watching, { id: globalId(packageId), after });
  open.push(events);
  return events;
}

const pollOf =
  ({ faspex: { token } }: Holder) =>
  ({ path, headers }: PassedRequest) =>
    path.endsWith(`/packages/${packageId}`) && headers.authorization === `Bearer ${token}`;
const pollsOf = (person: Holder) => stack.faspex.passed.filter(pollOf(person));

/** Waits until somebody has been polled for so many times: the clock of these tests. */
const polled = (person: Holder, times: number) =>
  expect.poll(() => pollsOf(person).length, { timeout: 10_000, interval: 20 }).toBeGreaterThanOrEqual(times);

describe('a subscription', () => {
  it('over server-sent events has the token of its request', async () => {
    const { ada } = stack;
    const leaving = new AbortController();
    const response = await fetch(stack.url, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'text/event-stream' },
        ...{ authorization: ada.authorization, [FASPEX_HEADER]: ada.faspex.token },
      },
      body: JSON.stringify({ query: watching, variables: { id: globalId(packageId) } }),
      signal: leaving.signal,
    });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('event: next')) break;
    }
    leaving.abort();
    expect(text).toContain('From Bob to Ada');
    await polled(ada, 1);
  });

  it('polls with the token of its subscriber, once for all who have the same', async () => {
    const { ada, bob, faspex } = stack;
    // Another caller of the gateway with Ada's token is Ada to Faspex.
    const also = stack.clientWith({ authorization: bob.authorization, [FASPEX_HEADER]: ada.faspex.token });
    const clients = [stack.clientOf(ada), also, stack.clientOf(bob)];
    for (const event of await Promise.all(clients.map((client) => next(watch(client))))) {
      expect(event.data?.packageStatus.package?.title).toBe('From Bob to Ada');
    }
    const hold = faspex.hold(pollOf(ada));
    await hold.arrival(0);
    const already = pollsOf(bob).length;
    await polled(bob, already + 4);
    expect(hold.waiting).toHaveLength(1);
    const tokens = new Set(faspex.to(`/packages/${packageId}`).map(({ headers }) => headers.authorization));
    expect(tokens).toEqual(new Set([ada, bob].map((person) => `Bearer ${person.faspex.token}`)));
  });

  it('ends for those whose token is refused, who are told why, and goes on for the others', async () => {
    const { ada, bob, faspex, simulators } = stack;
    const [hers, his] = [watch(stack.clientOf(ada)), watch(stack.clientOf(bob))];
    await Promise.all([next(hers), next(his)]);
    const [herPolls, hisPolls] = [ada, bob].map((person) => faspex.hold(pollOf(person)));
    await Promise.all([herPolls?.arrival(0), hisPolls?.arrival(0)]);
    simulators.faspex.faults.add({ kind: 'status', status: 401, path: `/packages/${packageId}`, times: 1 });
    herPolls?.release();
    let last: GraphQLAnswer<Told> | undefined;
    for await (const event of hers) last = event;
    expect(last?.errors?.[0]).toMatchObject({
      message: 'packages refused the token that you sent in x-faspex-token. Send one that is valid there.',
      extensions: { code: 'SOURCE_UNAUTHENTICATED', source: 'packages', retryable: false },
    });
    hisPolls?.release();
    const already = pollsOf(bob).length;
    await polled(bob, already + 3);
    expect(faspex.to('/auth/token')).toEqual([]);
  });

  it('is not begun without a token, nor behind a cursor of another one', async () => {
    const { ada, bob } = stack;
    const hers = await next(watch(stack.clientOf(ada)));
    const after = hers.data?.packageStatus.cursor;
    expect(codeOf(await next(watch(stack.clientOf(bob), after)))).toBe('BAD_CURSOR');
    // The same caller of the gateway, with another token.
    const mixed = stack.clientWith({ authorization: ada.authorization, [FASPEX_HEADER]: bob.faspex.token });
    expect(codeOf(await next(watch(mixed, after)))).toBe('BAD_CURSOR');
    expect(codeOf(await next(watch(stack.clientWith({ authorization: ada.authorization }), after)))).toBe('FORBIDDEN');
  });
});

describe('a page cursor', () => {
  const list = 'query ($after: String) { faspex { packages(first: 1, after: $after) { pageInfo { endCursor } } } }';
  interface Page {
    readonly faspex: { readonly packages: { readonly pageInfo: { readonly endCursor: string } } };
  }

  it('is of no use with another token, and of use with the same', async () => {
    const { ada, bob } = stack;
    const first = await stack.clientOf(ada).data<Page>(list);
    const after = first.faspex.packages.pageInfo.endCursor;
    expect((await stack.clientOf(ada).send<Page>(list, { after })).errors).toBeUndefined();
    const mixed = stack.clientWith({ authorization: ada.authorization, [FASPEX_HEADER]: bob.faspex.token });
    expect(codeOf(await mixed.send<Page>(list, { after }))).toBe('BAD_CURSOR');
  });
});

describe('what processes share', () => {
  it('holds no token, not even a digest that a guess could be compared with', async () => {
    const { ada, login } = stack;
    const client = stack.clientOf(ada, { [BASIC_HEADER]: login });
    const everything = client.subscribe('subscription { transfers(node: "login-london") { cursor } }');
    // It has nothing to tell, and ends with its socket.
    void everything.next().catch(() => undefined);
    await next(watch(client));
    const held = async () => (await readRedis(redis)).split('\n').length;
    await expect.poll(held, { timeout: 10_000 }).toBeGreaterThanOrEqual(8);
    const text = await readRedis(redis);
    const secrets = [
      ...stack.secrets,
      { name: 'Ada’s token', value: ada.faspex.token },
      { name: 'login', value: login },
    ];
    expect(findSecrets(text, secrets)).toEqual([]);
    for (const secret of [login, ada.faspex.token]) {
      const digest = createHash('sha256').update(secret).digest();
      for (const form of ['hex', 'base64', 'base64url'] as const) expect(text).not.toContain(digest.toString(form));
    }
  });
});
