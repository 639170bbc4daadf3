import { verify } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import type { Actor } from '../../../src/transport/upstream.ts';
import { openClient, openSource, rsaKeys, startOddNode, viewerSettings } from './odd-node.ts';

const listOfNone = { json: [], headers: { link: '<https://n/ops/transfers?iteration_token=1>; rel="next"' } };

/** Opens a bearer token as a node does (aspera-node-api.md §1.3). */
function openToken(authorization: string | undefined) {
  const token = authorization?.replace('Bearer ', '') ?? '';
  const [payload = '', separator, ...signature] = inflateSync(Buffer.from(token, 'base64')).toString().split('\n');
  return {
    payload: JSON.parse(payload) as Record<string, unknown>,
    separator,
    lines: signature,
    isGenuine: verify('sha512', Buffer.from(payload), rsaKeys.publicKey, Buffer.from(signature.join(''), 'base64')),
  };
}

describe('the gateway’s own credential', () => {
  test('is the node user, as Basic authorization', async () => {
    const node = await startOddNode(() => ({ json: { version: '4.4.6' } }));
    await openClient(node.url).info();
    expect(node.requests[0]?.headers.authorization).toBe(`Basic ${btoa('ada:engine-1843')}`);
  });

  test('is the access key where one is configured', async () => {
    const node = await startOddNode(() => ({ json: { version: '4.4.6' } }));
    await openClient(node.url, { accessKey: { id: 'ak1', secret: createSecret('difference-1822') } }).info();
    expect(node.requests[0]?.headers.authorization).toBe(`Basic ${btoa('ak1:difference-1822')}`);
  });

  test('is asked for once only when it is refused: there is no other password to try', async () => {
    const node = await startOddNode(() => ({ status: 401 }));
    const asking = openClient(node.url).info();
    await expect(asking).rejects.toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', source: 'london' });
    expect(node.requests).toHaveLength(1);
  });

  test('serves every subject when the source does not act as the viewer', async () => {
    const source = openSource('http://127.0.0.1:1');
    expect(source.identify({ subject: 'ada' })).toEqual(source.identify(undefined));
  });
});

describe('a viewer’s token', () => {
  test('is what the vendor’s nodes verify: deflated, signed in lines of 60, for that user', async () => {
    const node = await startOddNode(() => listOfNone);
    const now = Date.parse('2026-11-23T00:22:56.789Z');
    const source = openSource(node.url, viewerSettings, () => now);
    await source.open({ identity: source.identify({ subject: 'ada@example.com' }) }).transferFeed({});
    const headers = node.requests[0]?.headers ?? {};
    const token = openToken(headers.authorization);
    expect(headers['x-aspera-accesskey']).toBe('ak1');
    expect(token.isGenuine).toBe(true);
    expect(token.separator).toBe('==SIGNATURE==');
    expect(token.lines.slice(0, -2).every((line) => line.length === 60)).toBe(true);
    expect(token.lines.at(-1)).toBe('');
    expect(token.payload).toEqual({
      user_id: 'ada@example.com',
      scope: 'node.ak1:user:all',
      auth_type: 'access_key',
      expires_at: '2026-11-23T01:22:56Z',
    });
  });

  test('has the admin scope where that is configured', async () => {
    const node = await startOddNode(() => listOfNone);
    const source = openSource(node.url, { ...viewerSettings, bearer: { ...viewerSettings.bearer, scope: 'admin' } });
    await source.open({ identity: source.identify({ subject: 'ada' }) }).transferFeed({});
    expect(openToken(node.requests[0]?.headers.authorization).payload.scope).toBe('node.ak1:admin:all');
  });

  test('is kept until shortly before its end, then replaced', async () => {
    const node = await startOddNode(() => listOfNone);
    let now = 1_800_000_000_000;
    const source = openSource(node.url, viewerSettings, () => now);
    const client = source.open({ identity: source.identify({ subject: 'ada' }) });
    await client.transferFeed({});
    now += 3_600_000 - 60_000 - 1;
    await client.transferFeed({});
    now += 1;
    await client.transferFeed({});
    const [first, second, third] = node.requests.map(({ headers }) => headers.authorization);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('is replaced once when the node refuses it, and the call made again', async () => {
    let now = 1_800_000_000_000;
    const node = await startOddNode((_request, count) => {
      now += 1000;
      return count === 1 ? { status: 401 } : listOfNone;
    });
    const source = openSource(node.url, viewerSettings, () => now);
    await source.open({ identity: source.identify({ subject: 'ada' }) }).transferFeed({});
    const [first, second] = node.requests.map(({ headers }) => headers.authorization);
    expect(node.requests).toHaveLength(2);
    expect(second).not.toBe(first);
  });

  test('that is refused again is the end of it', async () => {
    const node = await startOddNode(() => ({ status: 401 }));
    const source = openSource(node.url, viewerSettings);
    const asking = source.open({ identity: source.identify({ subject: 'ada' }) }).transferFeed({});
    await expect(asking).rejects.toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
    expect(node.requests).toHaveLength(2);
  });
});

describe('two viewers of one node', () => {
  test('have identities of their own, which hold no secret', () => {
    const source = openSource('http://127.0.0.1:1', viewerSettings);
    const keys = [
      source.identify({ subject: 'ada' }),
      source.identify({ subject: 'grace' }),
      source.identify(undefined),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(keys.join()).not.toMatch(/engine-1843|PRIVATE/);
  });

  test('never share a token, nor one call for the same question at the same time', async () => {
    const node = await startOddNode(() => listOfNone);
    const source = openSource(node.url, viewerSettings);
    const ask = (actor: Actor | undefined) => source.open({ identity: source.identify(actor) }).transferFeed({});
    await Promise.all([{ subject: 'ada' }, { subject: 'grace' }, undefined, { subject: 'ada' }].map(ask));
    const users = node.requests.map(({ headers: { authorization } }) =>
      authorization?.startsWith('Basic ') ? 'service' : openToken(authorization).payload.user_id,
    );
    expect(users.toSorted()).toEqual(['ada', 'grace', 'service']);
  });

  test('have loaders of their own', async () => {
    const node = await startOddNode(({ headers }) => ({
      json: { id: 't1', status: 'running', title: String(openToken(headers.authorization).payload.user_id) },
    }));
    const source = openSource(node.url, viewerSettings);
    const load = (subject: string) =>
      source.createLoaders(source.open({ identity: source.identify({ subject }) })).transfer.load('t1');
    const [first, second] = await Promise.all([load('ada'), load('grace')]);
    expect([first.title, second.title]).toEqual(['ada', 'grace']);
  });
});

describe('calls that no bearer token may make', () => {
  test('are refused without asking the node, and without lending the viewer another credential', async () => {
    const node = await startOddNode(() => ({ json: {} }));
    const source = openSource(node.url, viewerSettings);
    const client = source.open({ identity: source.identify({ subject: 'ada' }) });
    const request = { paths: [{ source: '/a' }] };
    const attempts = [
      client.browsePath('/'),
      client.search('/'),
      client.filesInfo(['/a']),
      client.diskUsage('/'),
      client.space(['/']),
      client.createFiles([{ path: '/a', type: 'DIRECTORY' }]),
      client.renameFiles([{ folder: '/', name: 'a', newName: 'b' }]),
      client.deleteFiles([{ path: '/a', recursive: true }]),
      client.authorizeUpload(request),
      client.authorizeDownload(request),
      client.authorizeSync('PUSH', request),
      client.accessKeys(),
      client.accessKey('ak1'),
    ];
    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({
        code: 'SOURCE_FORBIDDEN',
        message: expect.stringContaining('viewer'),
      });
    }
    expect(node.requests).toHaveLength(0);
  });

  test('have an equivalent for the own access key', async () => {
    const node = await startOddNode(() => ({ json: { id: 'ak1', root_file_id: '1' } }));
    const source = openSource(node.url, viewerSettings);
    await source.open({ identity: source.identify({ subject: 'ada' }) }).accessKeySelf();
    await source.open({ identity: source.identify(undefined) }).accessKeySelf();
    expect(node.requests.map(({ url }) => url)).toEqual(['/self', '/access_keys/self']);
  });
});
