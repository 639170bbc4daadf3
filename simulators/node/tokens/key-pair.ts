import { generateKeyPairSync } from 'node:crypto';

/** An RSA key pair in PEM. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A key pair that is made when one of its keys is first asked for: it takes longer than the start of a simulator. */
export function createKeyPair(): KeyPair {
  let made: KeyPair | undefined;
  const make = () => {
    made ??= generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return made;
  };
  return {
    get publicKey() {
      return make().publicKey;
    },
    get privateKey() {
      return make().privateKey;
    },
  };
}
