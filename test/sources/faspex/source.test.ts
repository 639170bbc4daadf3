import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/transport/source-error.ts';
import { openFor, openSource, type Received, rawPackage, startApi, startServer } from './fixture.ts';
import { startTokenServer } from './token-server.ts';

const healthy = { json: { core: { connected: true } }, headers: { 'x-ibm-aspera': 'F5.0.13' } };

describe('the health of a source', () => {
  it('is asked for without a credential', async () => {
    await using server = await startServer(() => healthy);
    await using source = openSource(server.url);
    expect(await source.faspex.check()).toEqual({
      reachable: true,
      latencyMs: expect.any(Number),
      version: '5.0.13',
      detail: undefined,
      credentialExpiresAt: undefined,
    });
    expect(server.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/health', undefined]]);
  });

  it('says when the core is gone', async () => {
    await using server = await startServer(() => ({ json: { core: { connected: false } } }));
    await using source = openSource(server.url);
    expect(await source.faspex.check()).toMatchObject({
      reachable: true,
      version: undefined,
      detail: 'Faspex is up, but its core service is not connected.',
    });
  });

  it.each([
    ['HTML', { text: '<html></html>' }],
    ['another contract', { json: { status: 'ok' } }],
    ['an error', { status: 500 }],
    ['unavailability', { status: 503 }],
  ])('is bad, and nothing is thrown, when the server answers with %s', async (_, answer) => {
    await using server = await startServer(() => answer);
    await using source = openSource(server.url);
    expect(await source.faspex.check()).toMatchObject({ reachable: false, detail: expect.stringMatching(/^faspex /) });
  });

  it('is bad, and nothing is thrown, when there is no server or the caller has gone', async () => {
    const server = await startServer(() => healthy);
    await server[Symbol.asyncDispose]();
    await using source = openSource(server.url);
    expect(await source.faspex.check()).toMatchObject({ reachable: false, latencyMs: undefined });
    expect(await source.faspex.check(AbortSignal.abort())).toMatchObject({ reachable: false });
  });

  it('tells when the credential in hand ends', async () => {
    const now = Date.now();
    await using server = await startTokenServer();
    await using source = openSource(server.url, {}, () => now);
    await openFor(source).package('43');
    expect((await source.faspex.check()).credentialExpiresAt).toEqual(new Date(now + 3_600_000));
  });
});

describe('the version of a server', () => {
  it('is read from its own call', async () => {
    await using server = await startApi(() => ({ json: { version: '5.0.13' } }));
    await using source = openSource(server.url);
    expect(await openFor(source).version()).toBe('5.0.13');
    expect(server.received.at(-1)?.path).toBe('/api/v5/version');
  });
});

describe('the clock of a server', () => {
  const at = (date: string) => ({ ...healthy, headers: { date } });

  it('is asked for once when nothing has been heard from it, and then runs on in whole seconds', async () => {
    let now = Date.parse('2026-01-10T09:00:00Z');
    await using server = await startServer(() => at('Sat, 10 Jan 2026 08:00:00 GMT'));
    await using source = openSource(server.url, {}, () => now);
    const client = openFor(source);
    // The header has whole seconds, rounded down: the next one is the first that cannot be too early.
    expect(await client.serverNow()).toEqual(new Date('2026-01-10T08:00:01Z'));
    now += 5_500;
    expect(await client.serverNow()).toEqual(new Date('2026-01-10T08:00:07Z'));
    expect(server.received).toHaveLength(1);
  });

  it('is known after any other call', async () => {
    const now = Date.parse('2026-01-10T09:00:00Z');
    await using server = await startApi(() => ({
      json: rawPackage(),
      headers: { date: 'Sat, 10 Jan 2026 08:00:00 GMT' },
    }));
    await using source = openSource(server.url, {}, () => now);
    const client = openFor(source);
    await client.package('43');
    expect(await client.serverNow()).toEqual(new Date('2026-01-10T08:00:01Z'));
    expect(server.count('GET', '/health')).toBe(0);
  });

  it('is taken for ours when the server does not tell', async () => {
    const now = Date.parse('2026-01-10T09:00:00Z');
    await using server = await startServer(() => ({ ...healthy, headers: { date: '' } }));
    await using source = openSource(server.url, {}, () => now);
    expect(await openFor(source).serverNow()).toEqual(new Date(now));
  });
});

describe('the loaders of an operation', () => {
  const packageOf = ({ path }: Received) => path.split('/')[4] ?? '';

  it('ask once for each id, six at a time, and keep errors to their keys', async () => {
    let running = 0;
    let most = 0;
    await using server = await startApi(async (request) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      const id = packageOf(request);
      return id === '13' ? { status: 403, json: { code: '2088', message: 'No.' } } : { json: rawPackage({ id }) };
    });
    await using source = openSource(server.url);
    const loaders = source.faspex.createLoaders(openFor(source));
    const ids = Array.from({ length: 30 }, (_, n) => String(n + 1));
    const results = await loaders.package.loadMany([...ids, ...ids]);
    expect(
      results.slice(0, 30).map((one) => (one instanceof SourceError ? one.code : Reflect.get(one, 'packageId'))),
    ).toEqual(ids.map((id) => (id === '13' ? 'SOURCE_FORBIDDEN' : id)));
    expect(server.received.filter(({ path }) => path.startsWith('/api/v5/packages/'))).toHaveLength(30);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6);
  });

  it('load details by id and the account once', async () => {
    await using server = await startApi(({ path }) =>
      path.endsWith('/account') ? { json: { id: '2', name: 'alex' } } : { json: { upload_status: 'queued' } },
    );
    await using source = openSource(server.url);
    const loaders = source.faspex.createLoaders(openFor(source));
    await Promise.all([
      loaders.uploadDetails.load('1'),
      loaders.uploadDetails.load('1'),
      loaders.downloadDetails.load('1'),
      loaders.account(),
      loaders.account(),
    ]);
    await loaders.account();
    expect(server.received.map(({ path }) => path).toSorted()).toEqual([
      '/api/v5/account',
      '/api/v5/packages/1/download_details',
      '/api/v5/packages/1/upload_details',
      '/auth/token',
    ]);
  });

  it('never give one identity what another loaded', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url);
    const [ada, bob] = ['ada', 'bob'].map((name) => source.faspex.createLoaders(openFor(source, name)));
    const titles = await Promise.all([ada?.package.load('43'), bob?.package.load('43')]);
    expect(titles.map((pkg) => pkg?.title.replace(/#\d$/, ''))).toEqual(['Bearer user:ada', 'Bearer user:bob']);
  });
});
