import { describe, expect, it } from 'vitest';
import { SourceError } from '../../src/transport/source-error.ts';
import { createTokenCache, type TokenCacheOptions } from '../../src/transport/token-cache.ts';
import type { UpstreamIdentity } from '../../src/transport/upstream.ts';
import { serve } from '../helpers/serve.ts';
import { holdRequests } from './held-server.ts';
import { openTransport, write } from './open-transport.ts';

const who = (key: string): UpstreamIdentity => ({ key, subject: key });
const ada = who('ada');
const bob = who('bob');

interface Clock {
  nowMs: number;
}

/** A cache in front of a real token server, which says how long its tokens live and refuses whom the test names. */
async function openCache(lifeMs: number | 'untold' = 3_600_000, options: Partial<TokenCacheOptions<string>> = {}) {
  const clock: Clock = { nowMs: 1_000_000 };
  const refused = new Set<string>();
  let issued = 0;
  const server = await serve((request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (refused.has(name)) response.writeHead(401).end('{}');
    else response.end(JSON.stringify({ token: `${name}-${++issued}` }));
  });
  const transport = openTransport(server.origin);
  const cache = createTokenCache<string>({
    renewEarlyMs: 60_000,
    now: () => clock.nowMs,
    fetchToken: async ({ key }, signal) => {
      const { status, body } = await transport.send(write(`/${key}`), signal);
      if (status === 401) throw new SourceError('SOURCE_UNAUTHENTICATED', 'no', { source: 'london' });
      const { token } = body as { token: string };
      return { value: token, expiresAtMs: lifeMs === 'untold' ? undefined : clock.nowMs + lifeMs };
    },
    ...options,
  });
  const value = async (identity: UpstreamIdentity) => (await cache.get(identity, undefined)).value;
  return { cache, clock, refused, server, value };
}

describe('a token', () => {
  it('is fetched once for a thousand who ask at the same time', async () => {
    const { server, value } = await openCache();
    const values = await Promise.all(Array.from({ length: 1_000 }, () => value(ada)));
    expect(new Set(values)).toEqual(new Set(['ada-1']));
    expect(server.count).toBe(1);
  });

  it('is kept until shortly before its end', async () => {
    const { clock, value } = await openCache(3_600_000);
    expect(await value(ada)).toBe('ada-1');
    clock.nowMs += 3_539_999;
    expect(await value(ada)).toBe('ada-1');
    clock.nowMs += 1;
    expect(await value(ada)).toBe('ada-2');
  });

  it('that lives hardly longer than the early renewal is kept for half its life', async () => {
    const { clock, server, value } = await openCache(40_000);
    expect(await value(ada)).toBe('ada-1');
    clock.nowMs += 19_999;
    expect(await value(ada)).toBe('ada-1');
    clock.nowMs += 1;
    expect(await value(ada)).toBe('ada-2');
    expect(server.count).toBe(2);
  });

  it('that does not say when it ends is kept until it is refused', async () => {
    const { cache, clock, value } = await openCache('untold');
    const token = await cache.get(ada, undefined);
    clock.nowMs += 10 * 365 * 86_400_000;
    expect(await value(ada)).toBe('ada-1');
    cache.drop(ada, token);
    expect(await value(ada)).toBe('ada-2');
  });

  it('is never handed to another identity', async () => {
    const { value } = await openCache();
    const [adas, bobs] = [Array.from({ length: 20 }, () => value(ada)), Array.from({ length: 20 }, () => value(bob))];
    for (const text of await Promise.all(adas)) expect(text).toMatch(/^ada-/);
    for (const text of await Promise.all(bobs)) expect(text).toMatch(/^bob-/);
  });

  it('is dropped when it was refused, unless another has taken its place', async () => {
    const { cache, server } = await openCache();
    const first = await cache.get(ada, undefined);
    cache.drop(bob, first);
    expect(await cache.get(ada, undefined)).toBe(first);
    cache.drop(ada, first);
    expect(cache.peek(ada)).toBeUndefined();
    const second = await cache.get(ada, undefined);
    cache.drop(ada, first);
    expect(await cache.get(ada, undefined)).toBe(second);
    expect(server.count).toBe(2);
  });

  it('can be looked at without being fetched', async () => {
    const { cache, clock, server, value } = await openCache();
    expect(cache.peek(ada)).toBeUndefined();
    expect(cache.values()).toEqual([]);
    await value(ada);
    await value(bob);
    clock.nowMs += 10_000_000;
    expect(cache.peek(ada)?.value).toBe('ada-1');
    expect(cache.values().map((token) => token.value)).toEqual(['ada-1', 'bob-2']);
    expect(server.count).toBe(2);
  });

  it('is fetched again by one of many identities only when ten thousand others have been used since', async () => {
    let fetched = 0;
    const fetchToken = async ({ key }: UpstreamIdentity) => {
      fetched += 1;
      return { value: key, expiresAtMs: undefined };
    };
    const { value } = await openCache('untold', { fetchToken });
    await value(ada);
    await value(bob);
    for (let index = 0; index < 9_999; index += 1) {
      await value(who(`user-${index}`));
      if (index % 1_000 === 0) await value(ada);
    }
    expect(fetched).toBe(10_001);
    await value(ada);
    expect(fetched).toBe(10_001);
    await value(bob);
    expect(fetched).toBe(10_002);
  });
});

describe('a refused credential', () => {
  const refusal = { code: 'SOURCE_UNAUTHENTICATED' };

  it('is not tried again for two seconds, so that no account is locked', async () => {
    const { clock, refused, server, value } = await openCache();
    refused.add('ada');
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => value(ada)));
    for (const result of all) expect(result).toMatchObject({ reason: refusal });
    clock.nowMs += 1_999;
    await expect(value(ada)).rejects.toMatchObject(refusal);
    expect(server.count).toBe(1);
    expect(await value(bob)).toBe('bob-1');
    refused.delete('ada');
    clock.nowMs += 1;
    expect(await value(ada)).toBe('ada-2');
  });

  it('is told apart from a source that cannot be reached, which is tried at once', async () => {
    const { server, value } = await openCache();
    await server.close();
    await expect(value(ada)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await expect(value(ada)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });

  it('of many identities stays held for each of them', async () => {
    const { clock, refused, server, value } = await openCache();
    for (const name of ['a', 'b', 'c']) {
      refused.add(name);
      await expect(value(who(name))).rejects.toMatchObject(refusal);
      clock.nowMs += 900;
    }
    await expect(value(who('c'))).rejects.toMatchObject(refusal);
    await expect(value(who('b'))).rejects.toMatchObject(refusal);
    expect(server.count).toBe(3);
    await expect(value(who('a'))).rejects.toMatchObject(refusal);
    expect(server.count).toBe(4);
  });
});

describe('somebody who waits for a token and leaves', () => {
  it('does not take it from the others; the last one ends the call', async () => {
    const server = await holdRequests();
    const transport = openTransport(server.origin);
    const { cache } = await openCache('untold', {
      fetchToken: async (_identity, signal) => {
        const { body } = await transport.send(write('/'), signal);
        return { value: String(body), expiresAtMs: undefined };
      },
    });
    const [one, two] = [new AbortController(), new AbortController()];
    const waits = [one, two].map(({ signal }) => cache.get(ada, signal));
    const first = await server.arrival(0);
    one.abort();
    await expect(waits[0]).rejects.toThrow();
    expect(first.isClosed).toBe(false);
    two.abort();
    await expect(waits[1]).rejects.toThrow();
    await expect.poll(() => first.isClosed, { timeout: 5_000 }).toBe(true);
    const later = cache.get(ada, undefined);
    (await server.arrival(1)).answer('token');
    expect((await later).value).toBe('token');
  });
});
