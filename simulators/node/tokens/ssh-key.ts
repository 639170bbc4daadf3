import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What a client proves that it holds a private key with: what it signs names the user and the session. */
export interface KeyClaim {
  readonly user: string;
  readonly sessionId: string;
}

const claimText = ({ user, sessionId }: KeyClaim) => Buffer.from(`${user}\n${sessionId}`);

/** The fields of an OpenSSH key: each is four bytes of length and as many bytes (RFC 4253 §6.6). */
function fieldsIn(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let offset = 0;
  while (offset + 4 <= blob.length) {
    const end = offset + 4 + blob.readUInt32BE(offset);
    if (end > blob.length) return [];
    fields.push(blob.subarray(offset + 4, end));
    offset = end;
  }
  return fields;
}

/** Numbers are written with a leading zero where their first bit is set; JWK has none. */
function numberText(bytes: Buffer): string {
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(Math.max(first, 0)).toString('base64url');
}

/** Reads `ssh-rsa AAAA… comment` or `ssh-ed25519 AAAA… comment`; undefined for anything else. */
export function readSshPublicKey(text: string): KeyObject | undefined {
  const [kind, encoded = ''] = text.trim().split(/\s+/);
  const [name, first, second] = fieldsIn(Buffer.from(encoded, 'base64'));
  if (kind === undefined || name?.toString() !== kind || !first) return undefined;
  try {
    if (kind === 'ssh-rsa' && second) {
      const key = { kty: 'RSA', e: numberText(first), n: numberText(second) };
      return createPublicKey({ key, format: 'jwk' });
    }
    const edwards = { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') };
    return kind === 'ssh-ed25519' ? createPublicKey({ key: edwards, format: 'jwk' }) : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = ({ asymmetricKeyType }: KeyObject) => (asymmetricKeyType === 'ed25519' ? null : 'sha512');

/** Signs with a private key in PEM; undefined when it cannot be read, perhaps for want of its passphrase. */
export function proveKey(pem: string, passphrase: string | undefined, claim: KeyClaim): string | undefined {
  try {
    const key = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
    return sign(digestOf(key), claimText(claim), key).toString('base64');
  } catch {
    return undefined;
  }
}

/** Whether the proof was made with the private half of the key. */
export const isKeyProof = (key: KeyObject, proof: string, claim: KeyClaim): boolean =>
  verify(digestOf(key), claimText(claim), key, Buffer.from(proof, 'base64'));
