import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { createTokenReader } from '../../../src/context/upstream-tokens.ts';
import type { NodeSource } from '../../../src/sources/node/source.ts';
import { openSource, startOddNode } from './odd-node.ts';

const HEADER = 'x-london-token';
const reader = createTokenReader([HEADER], 'ownership-key-0123456789');
const credentialled = { actAs: 'forward', tokenHeader: HEADER, tokenAccessKey: 'ak1' };
const bearer = { ...credentialled, nodeUser: undefined };
const basic = { ...bearer, tokenAccessKey: undefined, tokenScheme: 'basic' };

const listOfNone = { json: [], headers: { link: '<https://n/ops/transfers?iteration_token=1>; rel="next"' } };

function identityOf(source: NodeSource, value: string) {
  const token = reader.read(() => value)(HEADER);
  return source.identify(token && { token });
}

const openFor = (source: NodeSource, token: string) => source.open({ identity: identityOf(source, token) });

describe('a node that is called with its callers’ tokens', () => {
  test('gets a bearer token with the access key that it is of', async () => {
    const node = await startOddNode(() => listOfNone);
    await openFor(openSource(node.url, bearer), 'abc').transferFeed({});
    expect(node.requests[0]?.headers).toMatchObject({ authorization: 'Bearer abc', 'x-aspera-accesskey': 'ak1' });
  });

  test('gets a Basic token alone', async () => {
    const node = await startOddNode(() => listOfNone);
    const token = Buffer.from('ada:engine').toString('base64');
    await openFor(openSource(node.url, basic), token).transferFeed({});
    expect(node.requests[0]?.headers.authorization).toBe(`Basic ${token}`);
    expect(node.requests[0]?.headers).not.toHaveProperty('x-aspera-accesskey');
  });

  test('takes calls with paths with a Basic token, and none with a bearer token', async () => {
    const node = await startOddNode(() => ({ json: { self: { type: 'directory', path: '/' }, items: [] } }));
    await openFor(openSource(node.url, basic), 'abc').browsePath('/');
    expect(node.requests.map(({ url }) => url)).toEqual(['/files/browse']);
    const refused = openFor(openSource(node.url, bearer), 'abc').browsePath('/');
    await expect(refused).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN', message: expect.stringContaining('ids') });
    expect(node.requests).toHaveLength(1);
  });

  test('has an identity for each token, of which the key tells nothing', () => {
    const [one, other] = [openSource('http://127.0.0.1:1', bearer), openSource('http://127.0.0.1:1', basic)];
    const keys = [
      ...['YWRhOmh1c2g=', 'YWRhOmh1c2g=', 'abc'].map((token) => identityOf(one, token).key),
      ...[identityOf(other, 'abc').key, one.identify(undefined).key],
    ];
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(4);
    for (const key of keys) expect(key).toContain('http://127.0.0.1:1');
    expect(keys.join()).not.toContain('YWRhOmh1c2g');
  });

  test('tells whose token is refused, and is asked once', async () => {
    const node = await startOddNode(() => ({
      status: 401,
      json: { error: { code: 401, user_message: 'Basic abc is wrong' } },
    }));
    await expect(openFor(openSource(node.url, basic), 'abc').transferFeed({})).rejects.toMatchObject({
      code: 'SOURCE_UNAUTHENTICATED',
      message: 'london refused the token that you sent in x-london-token. Send one that is valid there.',
    });
    expect(node.requests).toHaveLength(1);
  });

  test('is shared by those with the same token, and by nobody else', async () => {
    const node = await startOddNode(() => listOfNone);
    const source = openSource(node.url, bearer);
    await Promise.all(['abc', 'def', 'abc'].map((token) => openFor(source, token).transferFeed({})));
    const sent = node.requests.map(({ headers }) => headers.authorization);
    expect(sent.toSorted()).toEqual(['Bearer abc', 'Bearer def']);
  });

  test.each([
    ['BEARER', bearer],
    ['BASIC', { ...basic, accessKey: { id: 'ak1', secret: createSecret('difference-1822') } }],
  ] as const)('makes no spec of its own: %s', async (kind, settings) => {
    const node = await startOddNode(() => ({ json: {} }));
    const source = openSource(node.url, settings);
    const wanted = { kind, direction: 'RECEIVE', folderId: '17', paths: [{ source: 'a.mov' }] } as const;
    await expect(openFor(source, 'abc').makeSpec(wanted)).rejects.toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      message: expect.stringContaining('tokens of its callers'),
    });
    expect(node.requests).toEqual([]);
  });
});

describe('a node for which the gateway has no credential', () => {
  test('says so to whoever needs one', async () => {
    const node = await startOddNode(() => listOfNone);
    const source = openSource(node.url, bearer);
    const asked = source.open({ identity: source.identify(undefined) }).transferFeed({});
    await expect(asked).rejects.toMatchObject({
      code: 'SOURCE_UNAUTHENTICATED',
      message: expect.stringContaining('no credential of its own'),
    });
    expect(node.requests).toEqual([]);
  });

  test('is healthy when it answers, which is found out without one', async () => {
    const node = await startOddNode(({ url }) => (url === '/ping' ? {} : { status: 401 }));
    expect(await openSource(node.url, bearer).check()).toEqual({
      ...{ reachable: true, version: undefined, credentialExpiresAt: undefined, latencyMs: expect.any(Number) },
      detail: expect.stringContaining('london answers.'),
    });
    expect(node.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/ping', undefined]]);
  });

  test.each([
    ['is another server', { json: { status: 'ok' } }],
    ['has no such page', { status: 404 }],
    ['is out of order', { status: 503 }],
  ])('is not when it %s', async (_what, answer) => {
    const node = await startOddNode(() => answer);
    const health = await openSource(node.url, { ...bearer, retries: 3 }).check();
    expect(health).toMatchObject({ reachable: false, detail: expect.any(String) });
    expect(node.requests).toHaveLength(1);
  });

  test('is asked with one where it is configured, which no caller’s call is made with', async () => {
    const node = await startOddNode(({ url }) => (url === '/info' ? { json: { version: '4.4.6' } } : listOfNone));
    const source = openSource(node.url, credentialled);
    expect(await source.check()).toMatchObject({ reachable: true, version: '4.4.6' });
    await openFor(source, 'abc').transferFeed({});
    const [own, theirs] = node.requests.map(({ headers }) => headers.authorization);
    expect([own, theirs]).toEqual([`Basic ${btoa('ada:engine-1843')}`, 'Bearer abc']);
  });
});
