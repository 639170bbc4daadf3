import { createSign, randomUUID } from 'node:crypto';
import type { Json } from '../openapi/json.ts';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The claims that IBM's client was recorded to make, in its order (aspera-apps-api.md §2.1). */
export function recordedClaims(clientId: string, username: string, nowMs = Date.now()): Json {
  const now = Math.floor(nowMs / 1000);
  return {
    ...{ exp: now + 3600, nbf: now - 300, iat: now - 299, jti: randomUUID() },
    ...{ iss: clientId, aud: clientId, sub: `user:${username}` },
  };
}

/** A JWT signed with RS256, header and claims as they are given. */
export function signAssertion(claims: Json, privateKey: string): string {
  const signed = `${encoded({ typ: 'JWT', alg: 'RS256' })}.${encoded(claims)}`;
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey).toString('base64url')}`;
}

/** The claims inside a JWT. */
export const claimsOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Json;
