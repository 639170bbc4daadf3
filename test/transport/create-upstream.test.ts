import { describe, expect, it } from 'vitest';
import { createUpstream } from '../../src/transport/create-upstream.ts';
import { createRequestBudget } from '../../src/transport/request-budget.ts';
import { createTokenCache, type FetchedToken } from '../../src/transport/token-cache.ts';
import type { Transport } from '../../src/transport/transport.ts';
import type { Credential, TokenProvider, UpstreamIdentity } from '../../src/transport/upstream.ts';
import { serve } from '../helpers/serve.ts';
import { openTransport, read, write } from './open-transport.ts';

const ada: UpstreamIdentity = { key: 'ada', subject: 'ada' };
const bob: UpstreamIdentity = { key: 'bob', subject: 'bob' };

/**
 * A source that hands out tokens at /token/<name> and answers everything else with the token's owner. It knows only
 * the newest token of each; `executed` lists what it did.
 */
async function startSource() {
  const valid = new Set<string>();
  const executed: string[] = [];
  let issued = 0;
  const counts = { tokens: 0, refusals: 0 };
  const server = await serve((request, response) => {
    const { url = '', method } = request;
    if (url.startsWith('/token/')) {
      counts.tokens += 1;
      issued += 1;
      const token = `${url.slice(7)}-${issued}`;
      valid.add(token);
      response.end(JSON.stringify({ token }));
      return;
    }
    const token = String(request.headers['x-token']);
    if (valid.has(token)) executed.push(`${method} ${url} ${token}`);
    else counts.refusals += 1;
    response.writeHead(valid.has(token) ? 200 : 401).end(JSON.stringify({ owner: token.split('-')[0] }));
  });
  return { server, counts, executed, revoke: () => valid.clear() };
}

/** The way a source's auth.ts makes its provider. */
function tokens(transport: Transport, hasOther = true): TokenProvider {
  const cache = createTokenCache<Credential>({
    renewEarlyMs: 60_000,
    fetchToken: async ({ key }, signal): Promise<FetchedToken<Credential>> => {
      const { body } = await transport.send(write(`/token/${key}`), signal);
      const { token } = body as { token: string };
      const value: Credential = {
        apply: (request) => ({ ...request, headers: { ...request.headers, 'x-token': token } }),
        expiresAtMs: undefined,
      };
      return { value, expiresAtMs: undefined };
    },
  });
  return {
    credential: async ({ identity, signal }) => (await cache.get(identity, signal)).value,
    isRefused: ({ status }) => status === 401,
    forget: (identity, refused) => {
      const held = cache.peek(identity);
      if (hasOther && held?.value === refused) cache.drop(identity, held);
      return hasOther;
    },
  };
}

async function open({ hasOther = true } = {}) {
  const source = await startSource();
  const transport = openTransport(source.server.origin);
  return { ...source, send: createUpstream('london', transport, tokens(transport, hasOther)) };
}

describe('a call with a credential', () => {
  it('goes out with the credential of its identity, fetched once', async () => {
    const { send, counts } = await open();
    const callers = Array.from({ length: 40 }, (_, index) => ({ identity: index % 2 === 0 ? ada : bob, index }));
    const answers = await Promise.all(callers.map(({ identity, index }) => send(read(`/${index}`), { identity })));
    for (const [index, { body }] of answers.entries()) expect(body).toEqual({ owner: index % 2 === 0 ? 'ada' : 'bob' });
    expect(counts.tokens).toBe(2);
  });

  it.each([read('/x'), write('/x')])(
    'is sent again with a new credential when the old one was refused: %j',
    async (request) => {
      const { send, counts, executed, revoke } = await open();
      await send(read('/warm'), { identity: ada });
      revoke();
      expect((await send(request, { identity: ada })).status).toBe(200);
      expect(counts).toEqual({ tokens: 2, refusals: 1 });
      expect(executed).toEqual(['GET /warm ada-1', `${request.method} /x ada-2`]);
    },
  );

  it('renews once for many that were refused together', async () => {
    const { send, counts, revoke } = await open();
    await send(read('/warm'), { identity: ada });
    revoke();
    const waits = Array.from({ length: 30 }, (_, index) => send(write(`/${index}`), { identity: ada }));
    for (const { status } of await Promise.all(waits)) expect(status).toBe(200);
    expect(counts.tokens).toBe(2);
  });

  it('gives up when the new credential is refused too', async () => {
    const source = await startSource();
    const transport = openTransport(source.server.origin);
    const provider = tokens(transport);
    const send = createUpstream('london', transport, {
      ...provider,
      credential: async (call) => {
        const credential = await provider.credential(call);
        source.revoke();
        return credential;
      },
    });
    expect((await send(write('/x'), { identity: ada })).status).toBe(401);
    expect(source.counts).toEqual({ tokens: 2, refusals: 2 });
  });

  it('is not repeated when there is no other credential to be had', async () => {
    const { send, counts, revoke } = await open({ hasOther: false });
    await send(read('/warm'), { identity: ada });
    revoke();
    expect((await send(read('/x'), { identity: ada })).status).toBe(401);
    expect(counts).toEqual({ tokens: 1, refusals: 1 });
  });

  it('leaves the credential of another identity alone when its own was refused', async () => {
    const { send, counts, revoke } = await open();
    await send(read('/warm'), { identity: ada });
    revoke();
    await send(read('/warm'), { identity: bob });
    await send(read('/x'), { identity: ada });
    await send(read('/x'), { identity: bob });
    expect(counts).toEqual({ tokens: 3, refusals: 1 });
  });
});

describe('the request budget of an operation', () => {
  it('ends it with an error of its own, without asking the source', async () => {
    const { send, server } = await open();
    const budget = createRequestBudget(3);
    const call = { identity: ada, budget };
    for (let index = 0; index < 3; index += 1) await send(read(`/${index}`), call);
    const before = server.count;
    await expect(send(read('/4'), call)).rejects.toMatchObject({
      code: 'REQUEST_LIMIT',
      source: 'london',
      retryable: false,
      message: 'This operation needs more than 3 requests to london. Ask for fewer items or fields at once.',
    });
    expect(server.count).toBe(before);
    expect(budget.spent('london')).toBe(3);
  });

  it('is not charged for tokens, renewals and repeats', async () => {
    const { send, revoke } = await open();
    const budget = createRequestBudget(2);
    await send(read('/warm'), { identity: ada, budget });
    revoke();
    await send(read('/x'), { identity: ada, budget });
    expect(budget.spent('london')).toBe(2);
  });

  it('is kept for each source, and says what was spent', () => {
    const budget = createRequestBudget(1);
    budget.spend('london');
    budget.spend('tokyo');
    expect(() => budget.spend('tokyo')).toThrow('more than 1 requests to tokyo');
    expect([budget.spent('london'), budget.spent('tokyo'), budget.spent('paris')]).toEqual([1, 1, 0]);
  });
});
