import { z } from 'zod';
import { secret, unique } from '../config/blocks.ts';
import { scopes } from './scopes.ts';

const scopeNames = scopes.map(({ name }) => name);

const grantedScopes = z
  .array(z.enum([...scopeNames, '*']))
  .min(1)
  .refine((names) => names.length === 1 || !names.includes('*'), '"*" stands alone: it already means every scope')
  .transform((names) => (names.includes('*') ? scopeNames : names.filter((name) => name !== '*')))
  .describe(`What the holder may do: a list of ${scopeNames.join(', ')}; or ["*"] for everything.`);

const claimValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())], {
  error: 'must be a text, a number, true, false or a list of texts',
});

const apiKey = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.@-]{1,100}$/, 'must be 1 to 100 letters, digits or . _ @ -')
    .describe('Name of the holder; it identifies them in logs and marks what is theirs.'),
  key: secret
    .refine((value) => /^[A-Za-z0-9._-]{20,}$/.test(value.reveal()), 'must be at least 20 letters, digits or . _ -')
    .describe('The key, as { env: NAME } or { file: path }. Callers send it as Authorization: Bearer <key>.'),
  scopes: grantedScopes,
  claims: z
    .record(z.string(), claimValue)
    .default({})
    .describe('Claims of the holder, for sources that act as the viewer. They are trusted: only you write them.'),
});

/** Signatures by a private key only: with a shared secret (HS…) whoever verifies could also forge. */
const algorithm = z.enum([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]);

const audience = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'must be a text or a list of texts',
});

const jwtIssuer = z.strictObject({
  issuer: z.string().min(1).describe('Issuer whose tokens are accepted, exactly as their `iss` spells it.'),
  jwksUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .describe('Where the issuer publishes its public keys (JWKS). Use https outside of one machine.'),
  audience: audience.describe('What the `aud` of a token must hold: one text, or a list of which one must match.'),
  algorithms: z
    .array(algorithm)
    .min(1)
    .default([...algorithm.options])
    .describe('Signature algorithms that are accepted. Only public-key algorithms exist here.'),
  scopesClaim: z
    .string()
    .min(1)
    .default('scope')
    .describe('Claim that holds the scopes: a text with spaces between them, or a list.'),
  scopesPrefix: z
    .string()
    .default('')
    .describe('Only scopes that start with this count; it is taken off, e.g. "gateway:" for "gateway:node.read".'),
  nameClaim: z.string().min(1).default('name').describe('Claim that holds the name to show.'),
  clockToleranceSeconds: z
    .int()
    .min(0)
    .max(600)
    .default(30)
    .describe('Seconds by which the clocks of issuer and gateway may differ.'),
  maxAgeSeconds: z.int().min(1).optional().describe('Refuse tokens that were issued longer ago than this.'),
  requiredClaims: z
    .array(z.string().min(1))
    .default([])
    .describe('Claims that a token must hold beside iss, aud, sub and exp.'),
});

/** Who may call the gateway. Nobody is anonymous. */
export const viewersConfig = z.strictObject({
  apiKeys: unique(z.array(apiKey), ['name', 'key']).default([]).describe('Callers with a fixed key.'),
  jwt: unique(z.array(jwtIssuer), ['issuer'])
    .default([])
    .describe('Issuers of JSON Web Tokens. Callers send Authorization: Bearer <token>.'),
});

export type ViewersConfig = z.output<typeof viewersConfig>;
export type JwtIssuerConfig = ViewersConfig['jwt'][number];
