import { generateKeyPairSync, type KeyObject } from 'node:crypto';

const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A number as OpenSSH writes it: with a zero before it where its first bit is set (RFC 4251 §5). */
const number = (base64url: string | undefined): Buffer => {
  const bytes = Buffer.from(base64url ?? '', 'base64url');
  return field((bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
};

/** A public key as `ssh-keygen` writes it. */
function toOpenSsh(key: KeyObject): string {
  const { kty, e, n, x } = key.export({ format: 'jwk' });
  const name = kty === 'RSA' ? 'ssh-rsa' : 'ssh-ed25519';
  const numbers = kty === 'RSA' ? [number(e), number(n)] : [field(Buffer.from(x ?? '', 'base64url'))];
  const blob = Buffer.concat([field(Buffer.from(name)), ...numbers]);
  return `${name} ${blob.toString('base64')} ada@studio.example`;
}

/** A key to log in with: the public half in OpenSSH's format, the private one as PEM, encrypted with a passphrase. */
export function createSshKey(kind: 'rsa' | 'ed25519', passphrase?: string) {
  const { publicKey, privateKey } =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return {
    publicKey: toOpenSsh(publicKey),
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption })),
  };
}
