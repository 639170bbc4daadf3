import { inspect } from 'node:util';
import { base64url, exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSecret } from '../../src/config/secret.ts';
import { type Authenticator, createAuthenticator } from '../../src/identity/authenticate.ts';
import { viewersConfig } from '../../src/identity/config.ts';
import { scopes } from '../../src/identity/scopes.ts';
import { IdentityProviderUnavailable, Unauthenticated } from '../../src/identity/unauthenticated.ts';
import { type JwtIssuer, startJwtIssuer } from '../helpers/jwt-issuer.ts';

const key = (text: string) => createSecret(text);
const adaKey = 'ada-key-0123456789abcdef';
const bobKey = 'bob.key_0123456789-ABCDEF';

afterEach(() => {
  vi.useRealTimers();
});

function withKeys(): Authenticator {
  const apiKeys = [
    { name: 'ada', key: key(adaKey), scopes: ['*'] },
    { name: 'bob', key: key(bobKey), scopes: ['node.read'], claims: { email: 'bob@example.com' } },
  ];
  return createAuthenticator(viewersConfig.parse({ apiKeys }));
}

async function withIssuer(settings: object = {}) {
  const issuer = await startJwtIssuer();
  const { issuer: name, jwksUrl, audience } = issuer;
  const config = viewersConfig.parse({
    apiKeys: [{ name: 'ada', key: key(adaKey), scopes: ['*'] }],
    jwt: [{ issuer: name, jwksUrl, audience, ...settings }],
  });
  const { authenticate } = createAuthenticator(config);
  return { issuer, authenticate: (token: string) => authenticate(`Bearer ${token}`) };
}

/** The reason for which a credential is refused. Fails when it is accepted, or when the reason repeats it. */
async function refusal(answer: unknown, token: string): Promise<string> {
  const error = await Promise.resolve(answer).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Unauthenticated)) throw new Error('The credential was not refused.', { cause: error });
  expect(inspect(error, { depth: 9 })).not.toContain(token);
  for (const part of token.split('.')) if (part !== '') expect(error.message).not.toContain(part);
  return error.message;
}

describe('an API key', () => {
  it('makes a viewer with the scopes and claims that the configuration gives it', async () => {
    const viewer = await withKeys().authenticate(`Bearer ${bobKey}`);
    expect(viewer).toEqual({
      id: 'key:bob',
      name: 'bob',
      scopes: new Set(['node.read']),
      claims: { email: 'bob@example.com' },
      issuer: undefined,
      expiresAt: undefined,
    });
  });

  it('holds every scope when the configuration says "*"', async () => {
    const viewer = await withKeys().authenticate(`bearer  ${adaKey} `);
    expect([...viewer.scopes].sort()).toEqual(scopes.map(({ name }) => name).sort());
  });

  it.each(['ada-key-0123456789abcdeF', adaKey.slice(0, -1), `${adaKey}x`, 'x'])(
    'is refused when it is %s',
    async (text) => {
      expect(await refusal(withKeys().authenticate(`Bearer ${text}`), text)).toMatch(/neither a known API key/);
    },
  );

  it.each([undefined, '', adaKey, `Basic ${adaKey}`, 'Bearer', 'Bearer ', `Bearer ${adaKey} ${bobKey}`])(
    'must come as a Bearer credential, not as %j',
    async (header) => {
      expect(await refusal(withKeys().authenticate(header), adaKey)).toMatch(/Authorization: Bearer/);
    },
  );
});

describe('a JSON Web Token', () => {
  it('makes a viewer out of its claims', async () => {
    const { issuer, authenticate } = await withIssuer({ scopesPrefix: 'gw:', nameClaim: 'preferred_username' });
    const exp = Math.floor(Date.now() / 1000) + 60;
    const token = await issuer.sign({
      sub: 'u-1',
      exp,
      scope: 'openid gw:node.read gw:transfer node.write gw:unheard.of',
      preferred_username: 'ada',
      email: 'ada@example.com',
    });
    const viewer = await authenticate(token);
    expect(viewer.id).toBe(JSON.stringify([issuer.issuer, 'u-1']));
    expect(viewer.name).toBe('ada');
    expect([...viewer.scopes].sort()).toEqual(['node.read', 'transfer']);
    expect(viewer.claims.email).toBe('ada@example.com');
    expect(viewer.issuer).toBe(issuer.issuer);
    expect(viewer.expiresAt).toEqual(new Date(exp * 1000));
  });

  it('may list its scopes in an array under another claim', async () => {
    const { issuer, authenticate } = await withIssuer({ scopesClaim: 'https://example.com/roles' });
    const token = await issuer.sign({
      'https://example.com/roles': ['faircom.read', 7, 'faspex.read'],
      scope: 'transfer',
    });
    expect([...(await authenticate(token)).scopes].sort()).toEqual(['faircom.read', 'faspex.read']);
  });

  it('grants nothing when it has no scopes', async () => {
    const { issuer, authenticate } = await withIssuer();
    expect((await authenticate(await issuer.sign())).scopes.size).toBe(0);
  });

  it('never takes "*" for every scope', async () => {
    const { issuer, authenticate } = await withIssuer();
    expect((await authenticate(await issuer.sign({ scope: '*' }))).scopes.size).toBe(0);
  });

  it('keeps two people of two issuers apart, whatever their names', async () => {
    const issuers = [await startJwtIssuer('https://one.example.com'), await startJwtIssuer('https://two.example.com')];
    const jwt = issuers.map(({ issuer, jwksUrl, audience }) => ({ issuer, jwksUrl, audience }));
    const { authenticate } = createAuthenticator(viewersConfig.parse({ jwt }));
    const viewers = await Promise.all(issuers.map(async (issuer) => authenticate(`Bearer ${await issuer.sign()}`)));
    expect(new Set(viewers.map(({ id }) => id)).size).toBe(2);
  });

  it('is refused when one issuer signs in the name of another', async () => {
    const [one, two] = [
      await startJwtIssuer('https://one.example.com'),
      await startJwtIssuer('https://two.example.com'),
    ];
    const jwt = [one, two].map(({ issuer, jwksUrl, audience }) => ({ issuer, jwksUrl, audience }));
    const { authenticate } = createAuthenticator(viewersConfig.parse({ jwt }));
    const token = await one.sign({ iss: two.issuer });
    expect(await refusal(authenticate(`Bearer ${token}`), token)).toBe('The signature of the token is wrong.');
  });

  const year = 365 * 24 * 3600;
  const seconds = Math.floor(Date.now() / 1000);
  it.each([
    ['has expired', { exp: seconds - year }, 'The token has expired.'],
    ['is not valid yet', { nbf: seconds + year }, 'The token is not valid yet.'],
    ['is for another audience', { aud: 'somebody-else' }, 'its audience is not this gateway'],
    ['comes from an unknown issuer', { iss: 'https://evil.example.com' }, 'not one that this gateway accepts'],
    ['has no issuer', { iss: undefined }, 'neither a known API key nor a JSON Web Token'],
    ['has no subject', { sub: undefined }, 'The token has no claim sub.'],
    ['has an empty subject', { sub: '' }, 'The claim sub of the token is not acceptable.'],
    ['never expires', { exp: undefined }, 'The token has no claim exp.'],
    ['has no audience', { aud: undefined }, 'The token has no claim aud.'],
    ['lacks a claim that the configuration requires', { tenant: undefined }, 'The token has no claim tenant.'],
    ['is older than the configuration allows', { iat: seconds - 2 * year }, 'The token was issued too long ago.'],
    ['was issued in the future', { iat: seconds + year }, 'or in the future'],
  ])('is refused when it %s', async (_name, claims, message) => {
    const { issuer, authenticate } = await withIssuer({ requiredClaims: ['tenant'], maxAgeSeconds: year });
    await authenticate(await issuer.sign({ tenant: 't' }));
    const token = await issuer.sign({ tenant: 't', ...claims });
    expect(await refusal(authenticate(token), token)).toContain(message);
  });

  it('is accepted within the tolerance for clocks, and not beyond it', async () => {
    const { issuer, authenticate } = await withIssuer({ clockToleranceSeconds: 30 });
    vi.useFakeTimers({ toFake: ['Date'] });
    const token = await issuer.sign({ nbf: Math.floor(Date.now() / 1000) });
    vi.setSystemTime(Date.now() - 29_000);
    await expect(authenticate(token)).resolves.toMatchObject({ issuer: issuer.issuer });
    vi.setSystemTime(Date.now() - 3_000);
    expect(await refusal(authenticate(token), token)).toBe('The token is not valid yet.');
    vi.setSystemTime(Date.now() + 32_000 + 329_000);
    await expect(authenticate(token)).resolves.toMatchObject({ issuer: issuer.issuer });
    vi.setSystemTime(Date.now() + 3_000);
    expect(await refusal(authenticate(token), token)).toBe('The token has expired.');
  });

  it('is refused when its claims were changed after it was signed', async () => {
    const { issuer, authenticate } = await withIssuer();
    const [header, payload, signature] = (await issuer.sign()).split('.');
    const claims = { ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), scope: 'transfer.all' };
    const token = [header, base64url.encode(JSON.stringify(claims)), signature].join('.');
    expect(await refusal(authenticate(token), token)).toBe('The signature of the token is wrong.');
  });

  it('is refused when it is not signed at all', async () => {
    const { issuer, authenticate } = await withIssuer();
    const token = new UnsecuredJWT({ sub: 'ada' })
      .setIssuer(issuer.issuer)
      .setAudience(issuer.audience)
      .setExpirationTime('5m')
      .encode();
    expect(await refusal(authenticate(token), token)).toContain('not allowed');
  });

  it('is refused when the public key was used as a shared secret', async () => {
    const { issuer, authenticate } = await withIssuer();
    const publicKey = await importJWK(issuer.publicKey(), 'ES256', { extractable: true });
    if (publicKey instanceof Uint8Array) throw new Error('not a public key');
    for (const text of [await exportSPKI(publicKey), JSON.stringify(issuer.publicKey())]) {
      const token = await new SignJWT({ sub: 'ada' })
        .setProtectedHeader({ alg: 'HS256', kid: issuer.publicKey().kid ?? '' })
        .setIssuer(issuer.issuer)
        .setAudience(issuer.audience)
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(text));
      expect(await refusal(authenticate(token), token)).toContain('not allowed');
    }
  });

  it('is refused when its algorithm is not among those of its issuer', async () => {
    const { issuer, authenticate } = await withIssuer({ algorithms: ['RS256'] });
    const token = await issuer.sign();
    expect(await refusal(authenticate(token), token)).toContain('not allowed');
  });

  it.each(['a.b.c', 'eyJhbGciOiJub25lIn0.e30.', '..', 'é.é.é'])('is refused when it is nonsense: %s', async (token) => {
    const { authenticate } = await withIssuer();
    expect(await refusal(authenticate(token), 'no part of it')).toContain('neither a known API key');
  });
});

describe('a token that comes again', () => {
  const countVerifications = () => vi.spyOn(crypto.subtle, 'verify');
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is verified once a minute', async () => {
    const { issuer, authenticate } = await withIssuer();
    const [token, other] = [await issuer.sign(), await issuer.sign({ sub: 'bob' })];
    const verified = countVerifications();
    for (let time = 0; time < 5; time += 1) {
      expect((await authenticate(token)).id).toContain('ada');
      expect((await authenticate(other)).id).toContain('bob');
    }
    expect(verified).toHaveBeenCalledTimes(2);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    await authenticate(token);
    expect(verified).toHaveBeenCalledTimes(3);
  });

  it('is refused as soon as it has expired, or is too old', async () => {
    const { issuer, authenticate } = await withIssuer({ clockToleranceSeconds: 0, maxAgeSeconds: 40 });
    const exp = Math.floor(Date.now() / 1000) + 20;
    const [brief, old] = [await issuer.sign({ exp }), await issuer.sign()];
    await Promise.all([authenticate(brief), authenticate(old)]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 21_000 });
    expect(await refusal(authenticate(brief), brief)).toBe('The token has expired.');
    await authenticate(old);
    vi.setSystemTime(Date.now() + 20_000);
    expect(await refusal(authenticate(old), old)).toContain('issued too long ago');
  });

  it('is verified anew when its issuer has other keys', async () => {
    const { issuer, authenticate } = await withIssuer();
    const token = await issuer.sign();
    await authenticate(token);
    const verified = countVerifications();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    await issuer.rotate();
    await authenticate(await issuer.sign());
    await authenticate(token);
    expect(verified).toHaveBeenCalledTimes(2);
  });

  it('leaves no other token a way in', async () => {
    const { issuer, authenticate } = await withIssuer();
    const token = await issuer.sign();
    await authenticate(token);
    const forged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    expect(await refusal(authenticate(forged), forged)).toBe('The signature of the token is wrong.');
  });
});

describe('the published keys of an issuer', () => {
  const many = (issuer: JwtIssuer, authenticate: (token: string) => unknown) =>
    Promise.all(Array.from({ length: 50 }, async (_, index) => authenticate(await issuer.sign({ sub: `u${index}` }))));

  it('are fetched once, however many tokens arrive at the same time', async () => {
    const { issuer, authenticate } = await withIssuer();
    await many(issuer, authenticate);
    expect(issuer.server.count).toBe(1);
  });

  it('are not fetched for an API key or a token of somebody else', async () => {
    const { issuer, authenticate } = await withIssuer();
    await authenticate(adaKey);
    const token = await issuer.sign({ iss: 'https://evil.example.com' });
    await refusal(authenticate(token), token);
    expect(issuer.server.count).toBe(0);
  });

  it('are fetched again when a token is signed with a new key, yet not for every bad token', async () => {
    const { issuer, authenticate } = await withIssuer();
    const old = await issuer.sign();
    await authenticate(old);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    await issuer.rotate();
    await many(issuer, authenticate);
    await authenticate(old);
    expect(issuer.server.count).toBe(2);
    await issuer.rotate({ publish: false });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const token = await issuer.sign();
      expect(await refusal(authenticate(token), token)).toContain('a key that its issuer does not publish');
    }
    expect(issuer.server.count).toBe(2);
  });

  it.each([
    [500, ''],
    [200, '<html>'],
    [200, '{"keys":"none"}'],
  ])('that cannot be read (%s %s) are not the fault of the token', async (status, body) => {
    const { issuer, authenticate } = await withIssuer();
    issuer.answerWith(status, body);
    const token = await issuer.sign();
    await expect(authenticate(token)).rejects.toBeInstanceOf(IdentityProviderUnavailable);
    await expect(authenticate(token)).rejects.toMatchObject({ retryable: true });
    issuer.answerWith();
    await expect(authenticate(token)).resolves.toMatchObject({ issuer: issuer.issuer });
  });

  it('that cannot be reached are not the fault of the token', async () => {
    const { issuer, authenticate } = await withIssuer();
    await issuer.server.close();
    await expect(authenticate(await issuer.sign())).rejects.toBeInstanceOf(IdentityProviderUnavailable);
  });
});
