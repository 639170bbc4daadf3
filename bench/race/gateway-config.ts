import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIENCE, ISSUER, TOKEN_HEADER } from './callers.ts';
import { FASPEX, NODE } from './plain/answers.ts';
import { POOL_SIZE } from './plain/upstream-client.ts';
import type { Upstream } from './upstream.ts';

/** Writes the configuration of a gateway as anybody runs it, with everything on. Gives its file. */
export function writeGatewayConfig(folder: string, port: number, upstream: Upstream): string {
  const ownershipKey = join(folder, 'ownership-key');
  writeFileSync(ownershipKey, 'ownership-key-of-the-race');
  const forwarding = { actAs: 'forward', tokenHeader: TOKEN_HEADER, poolSize: POOL_SIZE };
  const config = {
    server: { port },
    ownershipKey: { file: ownershipKey },
    viewers: { jwt: [{ issuer: ISSUER, jwksUrl: upstream.jwksUrl, audience: AUDIENCE }] },
    log: { level: 'info' },
    sources: {
      faspex: [{ name: FASPEX, url: upstream.faspexUrl, ...forwarding }],
      node: [{ name: NODE, url: upstream.nodeUrl, ...forwarding, tokenScheme: 'basic' }],
    },
  };
  // JSON is YAML, too.
  const file = join(folder, `gateway-${port}.yaml`);
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}
