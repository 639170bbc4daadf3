import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { faspexConfig } from '../../../src/sources/faspex/config.ts';
import { keys } from './fixture.ts';

const settings = (more: Record<string, unknown> = {}) => ({
  name: 'faspex',
  url: 'https://faspex.example.com/aspera/faspex/',
  clientId: 'client-1',
  privateKey: createSecret(keys.privateKey),
  serviceUser: 'gateway',
  ...more,
});

const mistakes = (more: Record<string, unknown>) => {
  const parsed = faspexConfig.safeParse(settings(more));
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
};

const privateKey = (type: 'rsa' | 'ec', bits = 2048, cipher?: object) =>
  createSecret(
    String(
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({
            type: 'pkcs8',
            format: 'pem',
            ...cipher,
          })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ),
  );

describe('the settings of a Faspex source', () => {
  it('have sensible defaults', () => {
    expect(faspexConfig.parse(settings())).toMatchObject({
      url: 'https://faspex.example.com/aspera/faspex',
      actAs: 'service',
      visibility: 'own',
      clockSkewMs: 300_000,
      renewEarlyMs: 60_000,
      tokenPath: '/auth/token',
    });
  });

  it('take a key whose line breaks are spelt out, as environment files have it', () => {
    expect(mistakes({ privateKey: createSecret(keys.privateKey.replaceAll('\n', '\\n')) })).toEqual([]);
  });

  it('need a service user unless the gateway acts as its viewers', () => {
    expect(mistakes({ serviceUser: undefined })).toEqual([
      expect.stringMatching(/^serviceUser is needed with actAs: service/),
    ]);
    expect(mistakes({ serviceUser: undefined, actAs: 'viewer' })).toEqual([]);
  });

  const bare = { clientId: undefined, privateKey: undefined, serviceUser: undefined };

  it('need a header, and nothing of the API client, where callers’ tokens are forwarded', () => {
    expect(mistakes({ ...bare, actAs: 'forward', tokenHeader: 'x-faspex-token' })).toEqual([]);
    expect(mistakes({ actAs: 'forward', tokenHeader: 'x-faspex-token' })).toEqual([]);
    expect(mistakes({ ...bare, actAs: 'forward' })).toEqual([
      'tokenHeader is needed with actAs: forward: the request header in which callers send their token',
    ]);
    expect(mistakes({ ...bare, actAs: 'viewer', tokenHeader: 'x-faspex-token' })).toEqual([
      'tokenHeader is read only with actAs: forward',
      'clientId is missing',
      'privateKey is missing',
    ]);
  });

  it.each(['authorization', 'cookie', 'host', 'token', 'X-Token', 'x-', 'x--token', 'x-a_b', 'x-a:b', 'x-a\n', ' x-a'])(
    'refuse %j as a header of tokens',
    (tokenHeader) => {
      expect(mistakes({ ...bare, actAs: 'forward', tokenHeader })).toEqual([
        'tokenHeader must begin with x- and hold only lower-case letters, digits and single -',
      ]);
    },
  );

  it('have every mistake told at once', () => {
    expect(mistakes({ url: 'ftp://x', clientId: undefined, serviceUser: undefined, tokenHeader: 'x-t', a: 1 })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^url must be/),
        expect.stringMatching(/^ Unrecognized key/),
        'clientId is missing',
        expect.stringMatching(/^serviceUser is needed/),
        'tokenHeader is read only with actAs: forward',
      ]),
    );
    // What is needed depends on what cannot be known here.
    expect(mistakes({ ...bare, actAs: 'forwards' })).toEqual([expect.stringMatching(/^actAs /)]);
  });

  it.each([
    ['an OpenSSH key', createSecret('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n')],
    ['no key at all', createSecret('hello')],
    ['a key of another kind', privateKey('ec')],
    ['a key that is too short', privateKey('rsa', 1024)],
    ['an encrypted key', privateKey('rsa', 2048, { cipher: 'aes-256-cbc', passphrase: 'x' })],
    ['the public half', createSecret(keys.publicKey)],
  ])('refuse %s, and do not show it', (_, key) => {
    const found = mistakes({ privateKey: key });
    expect(found).toEqual([expect.stringMatching(/^privateKey must be an unencrypted RSA key/)]);
    expect(found.join()).not.toContain(key.reveal());
  });

  it('refuse a key that is written into the file, and settings that do not exist', () => {
    expect(mistakes({ privateKey: keys.privateKey })).toEqual([expect.stringMatching(/^privateKey must be \{ env/)]);
    expect(mistakes({ tokenpath: '/x' })).toHaveLength(1);
    expect(mistakes({ tokenPath: 'auth/token' })).toEqual(['tokenPath must start with /']);
  });
});
