import { hash as digest } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { ViewersConfig } from './config.ts';
import { Unauthenticated } from './unauthenticated.ts';
import type { VerdictCounts } from './verdicts.ts';
import { createJwtVerifier } from './verify-jwt.ts';
import type { Viewer } from './viewer.ts';

export interface Authenticator {
  /**
   * Tells who calls, from the value of an Authorization header (RFC 6750 §2.1): at once where that is known. It never
   * throws; what it gives rejects with
   * - Unauthenticated when the credential is missing or not accepted
   * - IdentityProviderUnavailable when that cannot be found out now
   */
  authenticate(authorization: string | undefined): Promise<Viewer> | Viewer;
}

/** Keys are looked up by their hash, so that the time of the look-up says nothing about how near a guess was. */
const hashOf = (key: string) => digest('sha256', key, 'base64');

function keyHolders(config: ViewersConfig): ReadonlyMap<string, Viewer> {
  return new Map(
    config.apiKeys.map(({ name, key, scopes, claims }) => [
      hashOf(key.reveal()),
      { id: `key:${name}`, name, scopes: new Set(scopes), claims, issuer: undefined, expiresAt: undefined },
    ]),
  );
}

const credentialOf = (authorization: string | undefined) => /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];

/** Who claims to have issued the token. Not to be believed before the signature was verified with that issuer's key. */
function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** @param counts counts the JSON Web Tokens that come */
export function createAuthenticator(
  config: ViewersConfig,
  counts: VerdictCounts = { hits: 0, misses: 0 },
): Authenticator {
  const holders = keyHolders(config);
  const verifiers = new Map(config.jwt.map((issuer) => [issuer.issuer, createJwtVerifier(issuer)]));
  const recall = (hash: string): Viewer | undefined => {
    const holder = holders.get(hash);
    if (holder) return holder;
    for (const verifier of verifiers.values()) {
      const viewer = verifier.recall(hash);
      if (!viewer) continue;
      counts.hits += 1;
      return viewer;
    }
    return undefined;
  };
  const verify = async (credential: string, hash: string): Promise<Viewer> => {
    const issuer = claimedIssuer(credential);
    if (issuer === undefined)
      throw new Unauthenticated('The credential is neither a known API key nor a JSON Web Token.');
    const verifier = verifiers.get(issuer);
    if (!verifier) throw new Unauthenticated('The token’s issuer is not one that this gateway accepts.');
    counts.misses += 1;
    return verifier.verify(credential, hash);
  };
  return {
    authenticate: (authorization) => {
      const credential = credentialOf(authorization);
      if (credential === undefined) {
        const advice = 'Send an API key or a JSON Web Token as `Authorization: Bearer <credential>`.';
        return Promise.reject(new Unauthenticated(advice));
      }
      const hash = hashOf(credential);
      return recall(hash) ?? verify(credential, hash);
    },
  };
}
