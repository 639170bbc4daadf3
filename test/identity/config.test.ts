import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/config/secret.ts';
import { viewersConfig } from '../../src/identity/config.ts';

const key = createSecret('ada-key-0123456789abcdef');
const jwt = { issuer: 'https://login.example.com', jwksUrl: 'https://login.example.com/keys', audience: 'gateway' };

function mistakes(config: object): string[] {
  const { error } = viewersConfig.safeParse(config);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the configuration of viewers', () => {
  it('accepts public-key algorithms only, unless told of fewer', () => {
    const [issuer] = viewersConfig.parse({ jwt: [jwt] }).jwt;
    expect(issuer?.algorithms).toEqual(expect.arrayContaining(['RS256', 'ES256', 'EdDSA']));
    expect(issuer?.algorithms.every((name) => /^(?:RS|PS|ES|Ed)/.test(name))).toBe(true);
    for (const name of ['none', 'HS256', 'HS512']) {
      expect(mistakes({ jwt: [{ ...jwt, algorithms: [name] }] })).toEqual([
        expect.stringMatching(/^jwt\.0\.algorithms/),
      ]);
    }
  });

  it.each(['too-short', 'has a space 0123456789', 'ümlaut-0123456789abcdef'])('refuses the key %j', (text) => {
    const config = { apiKeys: [{ name: 'ada', key: createSecret(text), scopes: ['*'] }] };
    expect(mistakes(config)).toEqual(['apiKeys.0.key: must be at least 20 letters, digits or . _ -']);
  });

  it('refuses a key that is written into the file, without repeating it', () => {
    const found = mistakes({ apiKeys: [{ name: 'ada', key: 'ada-key-0123456789abcdef', scopes: ['*'] }] });
    expect(found).toEqual([expect.stringContaining('{ env: NAME } or { file: path }')]);
    expect(found.join()).not.toContain('0123456789');
  });

  it('refuses names, keys and issuers that are used twice, also beside other mistakes', () => {
    const other = createSecret('bob-key-0123456789abcdef');
    const same = createSecret('ada-key-0123456789abcdef');
    const found = mistakes({
      apiKeys: [
        { name: 'ada', key, scopes: ['*'] },
        { name: 'ada', key: other, scopes: ['nonsense'] },
        { name: 'bob', key: same, scopes: ['node.read'] },
      ],
      jwt: [jwt, { ...jwt, jwksUrl: 'file:///keys' }],
    });
    expect(found).toContain('apiKeys.1.name: is used twice in this list');
    expect(found).toContain('apiKeys.2.key: is used twice in this list');
    expect(found).toContain('jwt.1.issuer: is used twice in this list');
    expect(found).toContain('jwt.1.jwksUrl: must be an http:// or https:// address');
    expect(found.filter((line) => line.startsWith('apiKeys.1.scopes.0'))).toHaveLength(1);
    expect(found).toHaveLength(5);
  });

  it('lets "*" stand alone only', () => {
    expect(mistakes({ apiKeys: [{ name: 'ada', key, scopes: ['*', 'node.read'] }] })).toEqual([
      expect.stringContaining('stands alone'),
    ]);
  });
});
