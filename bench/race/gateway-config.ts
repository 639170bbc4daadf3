import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIENCE, ISSUER } from './callers.ts';
import { FASPEX, NODE } from './plain/answers.ts';
import { POOL_SIZE } from './plain/upstream-client.ts';
import type { Upstream } from './upstream.ts';

/** Writes the configuration of a gateway as anybody runs it, with everything on. Gives its file. */
export function writeGatewayConfig(folder: string, port: number, upstream: Upstream): string {
  const secretFile = join(folder, 'ownership-key');
  writeFileSync(secretFile, 'ownership-key-of-the-race');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(join(folder, 'key.pem'), privateKey);
  writeFileSync(join(folder, 'password'), 'upstream-secret-of-0');
  const config = {
    server: { port },
    ownershipKey: { file: secretFile },
    viewers: { jwt: [{ issuer: ISSUER, jwksUrl: upstream.jwksUrl, audience: AUDIENCE }] },
    log: { level: 'info' },
    sources: {
      faspex: [
        {
          name: FASPEX,
          url: upstream.faspexUrl,
          poolSize: POOL_SIZE,
          clientId: 'race',
          privateKey: { file: join(folder, 'key.pem') },
          serviceUser: 'caller-0',
        },
      ],
      node: [
        {
          name: NODE,
          url: upstream.nodeUrl,
          poolSize: POOL_SIZE,
          nodeUser: { username: 'caller-0', password: { file: join(folder, 'password') } },
        },
      ],
    },
  };
  // JSON is YAML, too.
  const file = join(folder, `gateway-${port}.yaml`);
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}
