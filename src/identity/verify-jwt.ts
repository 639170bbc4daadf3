import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { JwtIssuerConfig } from './config.ts';
import { type Scope, scopes } from './scopes.ts';
import { IdentityProviderUnavailable, Unauthenticated } from './unauthenticated.ts';
import { createVerdicts } from './verdicts.ts';
import type { Viewer } from './viewer.ts';

/** Says who the tokens of one issuer belong to. */
export interface JwtVerifier {
  /** Who a token belongs to that was verified a moment ago, by its hash. */
  recall(hash: string): Viewer | undefined;
  /** @throws Unauthenticated or IdentityProviderUnavailable */
  verify(token: string, hash: string): Promise<Viewer>;
}

const claimSentences: Readonly<Record<string, string>> = {
  aud: 'The token is meant for somebody else: its audience is not this gateway.',
  nbf: 'The token is not valid yet.',
  iat: 'The token was issued too long ago, or in the future.',
  typ: 'The token is of another type.',
};

function claimSentence({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `The token has no claim ${claim}.`;
  return claimSentences[claim] ?? `The claim ${claim} of the token is not acceptable.`;
}

const sentences: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'The token has expired.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'The signature of the token is wrong.',
  ERR_JOSE_ALG_NOT_ALLOWED: 'The token is signed with an algorithm that is not allowed.',
  ERR_JWKS_NO_MATCHING_KEY: 'The token is signed with a key that its issuer does not publish.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'The token does not name its key, and its issuer publishes several.',
};

/** What jose throws about the token, as a sentence for the caller. */
function refusal(error: unknown): Unauthenticated {
  const { JWTClaimValidationFailed, JWTExpired, JOSEError } = errors;
  if (error instanceof JWTClaimValidationFailed) return new Unauthenticated(claimSentence(error), { cause: error });
  if (error instanceof JWTExpired && error.claim === 'iat') {
    return new Unauthenticated('The token was issued too long ago.', { cause: error });
  }
  const known = error instanceof JOSEError ? sentences[error.code] : undefined;
  return new Unauthenticated(known ?? 'The token is not a valid JSON Web Token.', { cause: error });
}

function words(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(/\s+/);
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}

function scopesOf(payload: JWTPayload, { scopesClaim, scopesPrefix }: JwtIssuerConfig): ReadonlySet<Scope> {
  const granted = new Set(words(payload[scopesClaim]));
  return new Set(scopes.map(({ name }) => name).filter((name) => granted.has(`${scopesPrefix}${name}`)));
}

/** A Date holds no later time; some issuers write "never" as a very large number. */
const LAST_DATE_MS = 8.64e15;

function viewerOf(payload: JWTPayload, config: JwtIssuerConfig): Viewer {
  const { sub, exp } = payload;
  if (typeof sub !== 'string' || sub === '') throw new Unauthenticated('The claim sub of the token is not acceptable.');
  const name = payload[config.nameClaim];
  return {
    id: JSON.stringify([config.issuer, sub]),
    name: typeof name === 'string' && name !== '' ? name : undefined,
    scopes: scopesOf(payload, config),
    claims: payload,
    issuer: config.issuer,
    expiresAt: exp === undefined ? undefined : new Date(Math.min(exp * 1000, LAST_DATE_MS)),
  };
}

/** What jose says when a key set was read and has no key for this token. Everything else is about the issuer. */
const aboutToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** @param onChange called when the issuer publishes other keys than before */
function publishedKeys(jwksUrl: string, onChange: () => void): JWTVerifyGetKey {
  const find = createRemoteJWKSet(new URL(jwksUrl));
  let published = '';
  const noteKeys = () => {
    const keys = JSON.stringify(find.jwks()?.keys ?? []);
    if (keys !== published) onChange();
    published = keys;
  };
  return async (header, token) => {
    try {
      return await find(header, token).finally(noteKeys);
    } catch (error) {
      if (aboutToken.some((kind) => error instanceof kind)) throw error;
      throw new IdentityProviderUnavailable({ cause: error });
    }
  };
}

/** `sub` makes the viewer's id, `exp` ends long-lived sockets: a token without either is of no use here. */
const alwaysRequired = ['iss', 'aud', 'sub', 'exp'];

/** Until when what was found out about a token stands: its own end, and the greatest age that is accepted. */
function endOf(
  { exp = 0, iat = 0 }: JWTPayload,
  { maxAgeSeconds = Number.POSITIVE_INFINITY }: JwtIssuerConfig,
): number {
  return Math.min(exp, iat + maxAgeSeconds) * 1000;
}

export function createJwtVerifier(config: JwtIssuerConfig): JwtVerifier {
  const verdicts = createVerdicts();
  const keys = publishedKeys(config.jwksUrl, verdicts.clear);
  const options: JWTVerifyOptions = {
    issuer: config.issuer,
    audience: config.audience,
    algorithms: config.algorithms,
    clockTolerance: config.clockToleranceSeconds,
    requiredClaims: [...alwaysRequired, ...config.requiredClaims],
    ...(config.maxAgeSeconds === undefined ? {} : { maxTokenAge: config.maxAgeSeconds }),
  };
  const verify: JwtVerifier['verify'] = async (token, hash) => {
    try {
      const { payload } = await jwtVerify(token, keys, options);
      const viewer = viewerOf(payload, config);
      verdicts.keep(hash, viewer, endOf(payload, config));
      return viewer;
    } catch (error) {
      if (error instanceof Unauthenticated || error instanceof IdentityProviderUnavailable) throw error;
      throw refusal(error);
    }
  };
  return { recall: verdicts.find, verify };
}
