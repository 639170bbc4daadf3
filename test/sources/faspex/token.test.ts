import { createPrivateKey, createPublicKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { keys, openFor, openSource } from './fixture.ts';
import { give, startTokenServer, subjectIn, tokenCalls } from './token-server.ts';

const titleOf = async (client: ReturnType<typeof openFor>) => (await client.package('43')).title;

const unsigned = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

/** A promise to be settled by hand. */
function gate() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

describe('asking for a token', () => {
  it('signs an assertion whose issuer and audience are the client, and whose times lie back', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url, { clockSkewMs: 120_000 });
    await openFor(source, 'ada@example.com').package('43');

    const [request] = server.received;
    const form = new URLSearchParams(request?.text);
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(form.get('client_id')).toBe('client-1');
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', createPublicKey(keys.publicKey), {
      issuer: 'client-1',
      audience: 'client-1',
      subject: 'user:ada@example.com',
      algorithms: ['RS256'],
    });
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'RS256' });
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
    const age = Date.now() / 1000 - Number(payload.nbf);
    expect(age).toBeGreaterThanOrEqual(119);
    expect(age).toBeLessThan(150);
    expect(payload.iat).toBe(payload.nbf);
    expect(payload.exp).toBeGreaterThan(Date.now() / 1000 + 600);
  });

  it('uses an id of its own in every assertion', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url);
    await Promise.all([titleOf(openFor(source, 'ada')), titleOf(openFor(source, 'bob'))]);
    const ids = server.received
      .filter((request) => request.path === '/auth/token')
      .map((request) => decodeJwt(new URLSearchParams(request.text).get('assertion') ?? '').jti);
    expect(new Set(ids).size).toBe(2);
  });

  it('signs with a key in PKCS#1 as well', async () => {
    const pkcs1 = createPrivateKey(keys.privateKey).export({ type: 'pkcs1', format: 'pem' });
    await using server = await startTokenServer();
    await using source = openSource(server.url, { privateKey: String(pkcs1) });
    await openFor(source).package('43');
    const assertion = new URLSearchParams(server.received[0]?.text).get('assertion') ?? '';
    await expect(jwtVerify(assertion, createPublicKey(keys.publicKey))).resolves.toBeDefined();
  });

  it('is done in the name of the service user when the call has no subject', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url);
    expect(await titleOf(openFor(source))).toBe('Bearer user:gateway@example.com#1');
  });

  it('fails without a call when there is neither subject nor service user', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url, { serviceUser: undefined });
    await expect(openFor(source).package('43')).rejects.toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
    expect(server.received).toHaveLength(0);
  });

  it('sends the secret of a confidential client as HTTP Basic, and at the configured path', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url, { clientSecret: createSecret('s3cret'), tokenPath: '/login/token' });
    await openFor(source)
      .package('43')
      .catch(() => undefined);
    expect(server.received[0]?.path).toBe('/login/token');
    expect(server.received[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('client-1:s3cret').toString('base64')}`,
    );
  });
});

describe('the token of an identity', () => {
  it('is asked for once by a thousand simultaneous first requests', async () => {
    const held = gate();
    await using server = await startTokenServer({
      token: async (request, n) => {
        await held.promise;
        return give(request, n);
      },
    });
    await using source = openSource(server.url);
    const asked = Array.from({ length: 1000 }, (_, n) =>
      source.faspex.open({ identity: source.faspex.identify({ subject: 'ada' }) }).package(String(n)),
    );
    held.resolve();
    const titles = new Set((await Promise.all(asked)).map((pkg) => pkg.title));
    expect(tokenCalls(server)).toBe(1);
    expect(titles).toEqual(new Set(['Bearer user:ada#1']));
  });

  it.each([
    ['the first waits for its token while the second is served', 'user:ada'],
    ['the second waits for its token while the first is served', 'user:bob'],
  ])('is never given to another: %s', async (_, slow) => {
    const held = gate();
    await using server = await startTokenServer({
      token: async (request, n) => {
        if (subjectIn(request) === slow) await held.promise;
        return give(request, n);
      },
    });
    await using source = openSource(server.url);
    const titles = { ada: titleOf(openFor(source, 'ada')), bob: titleOf(openFor(source, 'bob')) };
    const quick = slow === 'user:ada' ? titles.bob : titles.ada;
    await quick;
    const late = titleOf(openFor(source, slow.slice('user:'.length)));
    held.resolve();
    expect(await titles.ada).toMatch(/^Bearer user:ada#/);
    expect(await titles.bob).toMatch(/^Bearer user:bob#/);
    expect(await late).toMatch(new RegExp(`^Bearer ${slow}#`));
    expect(tokenCalls(server)).toBe(2);
  });

  it('is never given to another: one is refused while the other is served', async () => {
    await using server = await startTokenServer({
      token: (request, n) =>
        subjectIn(request) === 'user:ada'
          ? { status: 403, json: { code: '2016', message: 'Not permitted.' } }
          : give(request, n),
    });
    await using source = openSource(server.url);
    const ada = openFor(source, 'ada');
    await expect(ada.package('43')).rejects.toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
    expect(await titleOf(openFor(source, 'bob'))).toMatch(/^Bearer user:bob#/);
    await expect(ada.package('43')).rejects.toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
  });

  it('is never given to another: identical reads of two identities are two calls', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url);
    const [ada, bob] = [openFor(source, 'ada'), openFor(source, 'bob')];
    await Promise.all([titleOf(ada), titleOf(bob)]);
    const titles = await Promise.all([titleOf(ada), titleOf(bob), titleOf(ada), titleOf(bob)]);
    expect(titles.map((title) => title.replace(/#\d$/, ''))).toEqual([
      'Bearer user:ada',
      'Bearer user:bob',
      'Bearer user:ada',
      'Bearer user:bob',
    ]);
    expect(server.count('GET', '/api/v5/packages/43')).toBe(4);
  });

  it('is not shared by the service user and a viewer of that name', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url);
    await titleOf(openFor(source));
    await titleOf(openFor(source, 'gateway@example.com'));
    expect(tokenCalls(server)).toBe(2);
  });

  it('is that of the service user for everybody where the gateway acts as a service', async () => {
    await using server = await startTokenServer();
    await using source = openSource(server.url, { actAs: 'service' });
    expect(source.faspex.identify({ subject: 'ada' })).toEqual(source.faspex.identify(undefined));
    expect(await titleOf(openFor(source, 'ada'))).toBe('Bearer user:gateway@example.com#1');
  });

  it('has a key without secrets', async () => {
    await using source = openSource('http://127.0.0.1:9/aspera/faspex');
    const { faspex } = source;
    expect(faspex.identify({ subject: 'ada' })).toEqual({
      key: JSON.stringify(['http://127.0.0.1:9/aspera/faspex', 'client-1', 'ada', 'user']),
      subject: 'user:ada',
    });
  });
});

describe('the life of a token', () => {
  it('ends sixty seconds early', async () => {
    let now = Date.now();
    await using server = await startTokenServer();
    await using source = openSource(server.url, {}, () => now);
    const client = openFor(source);
    await client.package('43');
    now += 3_600_000 - 61_000;
    await client.package('43');
    expect(tokenCalls(server)).toBe(1);
    now += 2_000;
    expect(await titleOf(client)).toMatch(/#2$/);
    expect(tokenCalls(server)).toBe(2);
  });

  const start = Date.parse('2026-01-10T09:00:00Z');
  it.each([
    ['expires_in', { access_token: 'opaque', expires_in: 1800 }, 1800],
    ['a numeric string', { access_token: 'opaque', expires_in: '1800' }, 1800],
    ['expiration_date', { access_token: 'opaque', expiration_date: '2026-01-10T10:00:00Z' }, 3600],
    ['the claims of the token', { access_token: unsigned({ iat: 1000, exp: 8200 }) }, 7200],
    ['the shortest of all', { access_token: unsigned({ iat: 1000, exp: 8200 }), expires_in: 900 }, 900],
  ])('is read from %s', async (_, json, lifeSeconds) => {
    await using server = await startTokenServer({
      token: () => ({ status: 201, json, headers: { date: new Date(start).toUTCString() } }),
    });
    await using source = openSource(server.url, {}, () => start);
    await openFor(source).package('43');
    const { credentialExpiresAt } = await source.faspex.check();
    expect(credentialExpiresAt).toEqual(new Date(start + lifeSeconds * 1000));
  });

  it('is counted by the clock of the server where that differs from ours', async () => {
    const headers = { date: 'Sat, 10 Jan 2026 09:00:00 GMT' };
    const json = { access_token: 'opaque', expiration_date: '2026-01-10T21:00:00Z' };
    await using server = await startTokenServer({ token: () => ({ status: 201, json, headers }) });
    const ours = Date.parse('2026-01-10T09:10:00Z');
    await using source = openSource(server.url, {}, () => ours);
    await openFor(source).package('43');
    const { credentialExpiresAt } = await source.faspex.check();
    expect(credentialExpiresAt).toEqual(new Date(ours + 12 * 3_600_000));
  });

  it('is unknown for an opaque token that says nothing, which is then kept until it is refused', async () => {
    let now = Date.now();
    await using server = await startTokenServer({ token: () => ({ status: 200, json: { access_token: 'opaque' } }) });
    await using source = openSource(server.url, {}, () => now);
    await openFor(source).package('43');
    now += 365 * 86_400_000;
    await openFor(source).package('43');
    expect(tokenCalls(server)).toBe(1);
    expect((await source.faspex.check()).credentialExpiresAt).toBeUndefined();
  });
});

describe('a refused token', () => {
  const expired = { status: 401, json: { code: '2005', message: 'The token has expired.' } };

  it('is renewed once and the call repeated once', async () => {
    await using server = await startTokenServer({
      other: (credential) => (credential.endsWith('#1') ? expired : undefined),
    });
    await using source = openSource(server.url);
    expect(await titleOf(openFor(source))).toMatch(/#2$/);
    expect(tokenCalls(server)).toBe(2);
    expect(server.count('GET', '/api/v5/packages/43')).toBe(2);
  });

  it('is renewed for a call that must not be repeated otherwise', async () => {
    await using server = await startTokenServer({
      other: (credential) => (credential.endsWith('#1') ? expired : undefined),
    });
    await using source = openSource(server.url);
    const pkg = await openFor(source).createPackage({ title: 'x', recipients: [{ name: 'bob' }] });
    expect(pkg.title).toMatch(/#2$/);
    expect(server.count('POST', '/api/v5/packages')).toBe(2);
  });

  it('is an error when the new one is refused too', async () => {
    await using server = await startTokenServer({ other: () => expired });
    await using source = openSource(server.url);
    await expect(openFor(source).package('43')).rejects.toMatchObject({
      code: 'SOURCE_UNAUTHENTICATED',
      vendorCode: '2005',
      retryable: false,
    });
    expect(tokenCalls(server)).toBe(2);
    expect(server.count('GET', '/api/v5/packages/43')).toBe(2);
  });

  it('is renewed once however many calls were refused', async () => {
    await using server = await startTokenServer({
      other: (credential) => (credential.endsWith('#1') ? expired : undefined),
    });
    await using source = openSource(server.url);
    const client = openFor(source);
    const pkgs = await Promise.all(Array.from({ length: 50 }, (_, n) => client.package(String(n))));
    expect(new Set(pkgs.map((pkg) => pkg.title))).toEqual(new Set(['Bearer user:gateway@example.com#2']));
    expect(tokenCalls(server)).toBe(2);
  });

  it('is kept when the server only says that the user’s rights do not suffice', async () => {
    const insufficient = { status: 401, json: { code: '2028', message: 'Insufficient permission.' } };
    await using server = await startTokenServer({ other: () => insufficient });
    await using source = openSource(server.url);
    await expect(openFor(source).package('43')).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    expect(tokenCalls(server)).toBe(1);
    expect(server.count('GET', '/api/v5/packages/43')).toBe(1);
  });
});
