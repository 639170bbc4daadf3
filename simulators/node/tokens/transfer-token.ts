import { createHmac, timingSafeEqual } from 'node:crypto';
import { AscpError } from '../ascp-error.ts';

/** What a transfer token authorizes (aspera-node-api.md §1.4: direction, transfer user, validity, authorized paths). */
export interface TransferGrant {
  /** Node id of the node that issued it: only that node takes it. */
  readonly issuer: string;
  /** From the client's view; `both` for sync. */
  readonly direction: 'send' | 'receive' | 'both';
  readonly user: string;
  readonly accessKeyId?: string;
  /** Milliseconds since 1970 on the node's clock. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Counts up whenever the node's tokens are revoked together. */
  readonly epoch: number;
  /** Everything in or below these paths; or exactly this list. */
  readonly scope: 'below' | 'exactly';
  readonly paths: readonly string[];
}

const PREFIX = 'ATB3_AC';
const SUFFIX = '_3BTA';
const SIGNATURE_BYTES = 32;

const sign = (key: Buffer, payload: Buffer) => createHmac('sha256', key).update(payload).digest();

/** A token in the shape of Aspera's own (`ATB3_AC…_3BTA`), signed by the node's token key. */
export function issueTransferToken(key: Buffer, grant: TransferGrant): string {
  const payload = Buffer.from(JSON.stringify(grant));
  return `${PREFIX}${Buffer.concat([sign(key, payload), payload]).toString('base64url')}${SUFFIX}`;
}

function split(token: string): { signature: Buffer; payload: Buffer } | undefined {
  if (!token.startsWith(PREFIX) || !token.endsWith(SUFFIX)) return undefined;
  const bytes = Buffer.from(token.slice(PREFIX.length, -SUFFIX.length), 'base64url');
  if (bytes.length <= SIGNATURE_BYTES) return undefined;
  return { signature: bytes.subarray(0, SIGNATURE_BYTES), payload: bytes.subarray(SIGNATURE_BYTES) };
}

/** The node that a token names as its issuer, unverified: enough to find it, not to trust it. */
export function issuerOf(token: string): string | undefined {
  try {
    const parts = split(token);
    return parts && (JSON.parse(parts.payload.toString('utf8')) as TransferGrant).issuer;
  } catch {
    return undefined;
  }
}

export const unauthorized = (reason: string) => new AscpError(37, `Not authorized: ${reason}`, { isRefusal: true });

export interface TokenCheck {
  readonly key: Buffer;
  readonly nodeId: string;
  readonly now: number;
  readonly epoch: number;
}

/** Reads a transfer token, or throws the ascp failure that says why it is refused. */
export function verifyTransferToken(token: string, check: TokenCheck): TransferGrant {
  const parts = split(token);
  if (!parts) throw unauthorized('token cannot be decoded');
  const issuer = issuerOf(token);
  if (issuer !== check.nodeId) throw unauthorized('token was issued by another node');
  if (!timingSafeEqual(sign(check.key, parts.payload), parts.signature)) throw unauthorized('token signature is wrong');
  const grant = JSON.parse(parts.payload.toString('utf8')) as TransferGrant;
  if (grant.epoch !== check.epoch || check.now >= grant.expiresAt) throw unauthorized('token expired');
  return grant;
}
