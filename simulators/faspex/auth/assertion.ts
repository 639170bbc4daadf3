import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { refusal } from '../errors.ts';
import type { User } from '../model.ts';
import { findUser, type World } from '../world.ts';
import type { ApiClient } from './api-client.ts';

const badPayload = (what: string) =>
  refusal(400, 2019, `The JWT payload does not meet the required specification. Error: ${what}`);

function decode(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    throw badPayload('the assertion is not a JWT');
  }
}

/** Public keys that may verify the assertion: the client's global key, or the one in the user's preferences (§2.1). */
function candidateKeys(client: ApiClient, user: User | undefined): readonly KeyObject[] {
  const pasted = user?.preferences.public_key;
  return pasted ? [client.publicKey, createPublicKey(pasted)] : [client.publicKey];
}

async function isSignedBy(assertion: string, key: KeyObject, nowMs: number): Promise<boolean> {
  try {
    await jwtVerify(assertion, key, { algorithms: ['RS256'], currentDate: new Date(nowMs) });
    return true;
  } catch (error) {
    // Claims are judged by `checkTimes`, after the signature.
    return error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed;
  }
}

async function checkSignature(assertion: string, keys: readonly KeyObject[], nowMs: number): Promise<void> {
  for (const key of keys) {
    if (await isSignedBy(assertion, key, nowMs)) return;
  }
  throw refusal(403, 2017, 'The public key of the subject does not belong to the key that signed the JWT.');
}

/**
 * No leeway: ascli dates `nbf` five minutes back so that a clock four minutes fast passes, and a clock two hours off
 * either way must not (aspera-apps-api.md part F).
 */
function checkTimes({ iat, nbf, exp, jti }: JWTPayload, nowMs: number): void {
  const now = nowMs / 1000;
  if (typeof exp !== 'number') throw badPayload('exp is missing');
  if (typeof iat !== 'number') throw badPayload('iat is missing');
  if (typeof jti !== 'string') throw badPayload('jti is missing');
  if (exp <= now) throw badPayload('Signature has expired');
  if (nbf !== undefined && nbf > now) throw badPayload('Signature nbf has not been reached');
  if (iat > now) throw badPayload('Invalid iat');
}

const subjectName = (sub: string | undefined) => (sub?.startsWith('user:') ? sub.slice('user:'.length) : undefined);

/**
 * Verifies the assertion of a JWT bearer grant (aspera-apps-api.md §2.1) and gives the user that it names, or
 * undefined for the client itself. Throws Faspex's refusal otherwise.
 */
export async function verifyAssertion(world: World, client: ApiClient, assertion: string): Promise<User | undefined> {
  const nowMs = world.clock.now();
  const payload = decode(assertion);
  const name = subjectName(payload.sub);
  const user = name === undefined ? undefined : findUser(world, name);
  if (payload.iss !== client.clientId) throw refusal(403, 2015, 'The issuer of the JWT is not the client.');
  await checkSignature(assertion, candidateKeys(client, user), nowMs);
  if (payload.aud !== client.clientId) throw badPayload('Invalid audience');
  checkTimes(payload, nowMs);
  if (payload.sub === `client:${client.clientId}`) return undefined;
  if (!user?.active) throw refusal(403, 2016, 'The client may not act as this subject.');
  return user;
}
