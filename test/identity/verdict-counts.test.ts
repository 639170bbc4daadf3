import { expect, it } from 'vitest';
import { createSecret } from '../../src/config/secret.ts';
import { createAuthenticator } from '../../src/identity/authenticate.ts';
import { viewersConfig } from '../../src/identity/config.ts';
import { startJwtIssuer } from '../helpers/jwt-issuer.ts';

it('counts tokens that are remembered and those that are verified, and no API keys', async () => {
  const { issuer, jwksUrl, audience, sign } = await startJwtIssuer();
  const key = 'ada-key-0123456789abcdef';
  const apiKeys = [{ name: 'ada', key: createSecret(key), scopes: ['*'] }];
  const counts = { hits: 0, misses: 0 };
  const { authenticate } = createAuthenticator(
    viewersConfig.parse({ apiKeys, jwt: [{ issuer, jwksUrl, audience }] }),
    counts,
  );
  const token = await sign();
  for (const credential of [token, token, key, token]) await authenticate(`Bearer ${credential}`);
  expect(counts).toEqual({ hits: 2, misses: 1 });
});
