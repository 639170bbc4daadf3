import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';

/** An API client with a global public key and the JWT grant switched on (aspera-apps-api.md §2.1, §2.4). */
export interface ApiClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whether the admin allows the JWT grant (`allow_jwt_grant`). */
  allowsJwtGrant: boolean;
  readonly publicKey: KeyObject;
  /** PEM of the key that belongs to `publicKey`. */
  readonly privateKeyPem: string;
  /** Replaces the key pair, as an admin does who pastes another public key. */
  rotateKey(): void;
}

const newKeyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

export function createApiClient(): ApiClient {
  let keys = newKeyPair();
  return {
    clientId: randomUUID(),
    clientSecret: randomBytes(24).toString('base64url'),
    allowsJwtGrant: true,
    get publicKey() {
      return keys.publicKey;
    },
    get privateKeyPem() {
      return keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    },
    rotateKey: () => {
      keys = newKeyPair();
    },
  };
}
