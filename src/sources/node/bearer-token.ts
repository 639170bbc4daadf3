import { type KeyObject, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { toSeconds } from './request-shape.ts';

export interface BearerTokenRequest {
  readonly accessKey: string;
  readonly privateKey: KeyObject;
  readonly scope: 'user' | 'admin';
  /** Whom the node takes the caller for; its permissions name the same id. */
  readonly userId: string;
  readonly expiresAtMs: number;
}

const SIGNATURE_LINE = /.{1,60}/g;

/**
 * A bearer token as a node verifies it with the access key's public key: deflated text of a JSON payload, a separator
 * and an RSA PKCS #1 v1.5 SHA-512 signature in lines of 60 characters. It is not a JWT (aspera-node-api.md §1.3).
 */
export function mintBearerToken(request: BearerTokenRequest): string {
  const payload = JSON.stringify({
    user_id: request.userId,
    scope: `node.${request.accessKey}:${request.scope}:all`,
    auth_type: 'access_key',
    expires_at: toSeconds(request.expiresAtMs),
  });
  const signature = sign('sha512', Buffer.from(payload), request.privateKey).toString('base64');
  const lines = signature.match(SIGNATURE_LINE) ?? [];
  return deflateSync([payload, '==SIGNATURE==', ...lines, ''].join('\n')).toString('base64');
}
