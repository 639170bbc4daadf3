import { type KeyObject, sign, verify } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { fieldsOf, listOf, textOf } from '../fields.ts';

/** Payload of a node bearer token (aspera-node-api.md §1.3). */
export interface BearerClaims {
  readonly userId: string;
  readonly accessKeyId: string;
  readonly isAdmin: boolean;
  readonly groupIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

interface Envelope {
  /** The exact bytes that were signed. */
  readonly json: string;
  readonly signature: Buffer;
}

const SEPARATOR = '==SIGNATURE==';
const SIGNATURE_LINE = /.{1,60}/g;

/** Makes a bearer token: Base64 of the deflated JSON, a separator line and the RSA-SHA512 signature. */
export function mintBearerToken(payload: object, privateKey: KeyObject | string): string {
  const json = JSON.stringify(payload);
  const signature = sign('sha512', Buffer.from(json), privateKey).toString('base64');
  const lines = [json, SEPARATOR, ...(signature.match(SIGNATURE_LINE) ?? []), ''];
  return deflateSync(Buffer.from(lines.join('\n'))).toString('base64');
}

function open(token: string): Envelope | undefined {
  try {
    const text = inflateSync(Buffer.from(token, 'base64'), { maxOutputLength: 64 * 1024 }).toString('utf8');
    const [json, rest] = text.split(`\n${SEPARATOR}\n`);
    if (json === undefined || rest === undefined) return undefined;
    return { json, signature: Buffer.from(rest.replaceAll('\n', ''), 'base64') };
  } catch {
    return undefined;
  }
}

function readClaims(json: string): BearerClaims | undefined {
  const payload = fieldsOf(JSON.parse(json));
  const [, accessKeyId, role] = /^node\.(.+):(user|admin):all$/.exec(textOf(payload.scope) ?? '') ?? [];
  const userId = textOf(payload.user_id);
  const expiresAt = Date.parse(textOf(payload.expires_at) ?? '');
  if (accessKeyId === undefined || userId === undefined || Number.isNaN(expiresAt)) return undefined;
  const groupIds = listOf(payload.group_ids).map(String);
  return { userId, accessKeyId, isAdmin: role === 'admin', groupIds, expiresAt };
}

/** The access key that a bearer token's scope names, unverified: enough to find a node, not to trust it. */
export function accessKeyOfBearer(token: string): string | undefined {
  try {
    const envelope = open(token);
    return envelope && readClaims(envelope.json)?.accessKeyId;
  } catch {
    return undefined;
  }
}

/**
 * The claims of a bearer token, or undefined when it is malformed, not signed by the access key's private key,
 * expired, or of another access key's scope.
 */
export function verifyBearerToken(
  token: string,
  check: { readonly accessKeyId: string; readonly publicKey: string; readonly now: number },
): BearerClaims | undefined {
  try {
    const envelope = open(token);
    if (!envelope) return undefined;
    if (!verify('sha512', Buffer.from(envelope.json), check.publicKey, envelope.signature)) return undefined;
    const claims = readClaims(envelope.json);
    return claims?.accessKeyId === check.accessKeyId && check.now < claims.expiresAt ? claims : undefined;
  } catch {
    // An unreadable public key or payload verifies nothing.
    return undefined;
  }
}
