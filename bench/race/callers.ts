import type { webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** Callers of the race. Each has a token of the gateway's issuer, and one of the servers behind it. */

/** Callers whose verdicts a gateway can keep. */
export const CALLERS = 4_096;

/** More than a gateway keeps verdicts of: asked for in turn, none is ever found. */
export const STRANGERS = 16_384;

/** The header in which callers send their token for Faspex and node. */
export const TOKEN_HEADER = 'x-upstream-token';

export const ISSUER = 'https://login.race.example/';
export const AUDIENCE = 'race';

const LIFE_SECONDS = 3_600;
const KEY_ID = 'race';

/** A token for the upstream, good both as a bearer token and as the user and password of HTTP Basic. */
export const upstreamToken = (caller: number): string =>
  Buffer.from(`caller-${caller}:upstream-secret-of-${caller}`).toString('base64');

/** The issuer's keys: what it publishes, and what signs. */
export interface Issuer {
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly privateKey: webcrypto.CryptoKey;
}

export async function createIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] },
    privateKey,
  };
}

/** Signs tokens for the first `count` callers. */
export function signCallers({ privateKey }: Issuer, count: number): Promise<string[]> {
  const seconds = Math.floor(Date.now() / 1_000);
  const sign = (caller: number) =>
    new SignJWT({ scope: 'faspex.read node.read', name: `Caller ${caller}`, email: `caller-${caller}@race.example` })
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(`caller-${caller}`)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFE_SECONDS)
      .sign(privateKey);
  return Promise.all(Array.from({ length: count }, (_, caller) => sign(caller)));
}
