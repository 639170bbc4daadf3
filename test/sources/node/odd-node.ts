import { generateKeyPairSync } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { nodeConfig } from '../../../src/sources/node/config.ts';
import { createNode, type NodeSource } from '../../../src/sources/node/source.ts';
import { serve } from '../../helpers/serve.ts';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
}

export interface OddAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** The body as it is, instead of `json`. */
  readonly text?: string;
}

/** A node that answers whatever a test wants, one connection per answer as real nodes do it. */
export async function startOddNode(answer: (request: ReceivedRequest, count: number) => OddAnswer) {
  const requests: ReceivedRequest[] = [];
  const server = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      const received = { method, url, headers, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
      requests.push(received);
      const { status = 200, headers: more = {}, json, text: body } = answer(received, requests.length);
      response.writeHead(status, { 'content-type': 'application/x-javascript', connection: 'close', ...more });
      response.end(body ?? (json === undefined ? '' : JSON.stringify(json)));
    });
  });
  return { url: server.origin, requests };
}

const silent = { debug: () => undefined, warn: () => undefined };

/** A source for the node at `url`, closed after the test. */
export function openSource(
  url: string,
  settings: Readonly<Record<string, unknown>> = {},
  now?: () => number,
): NodeSource {
  const config = nodeConfig.parse({
    name: 'london',
    url,
    retries: 0,
    ...('accessKey' in settings ? {} : { nodeUser: { username: 'ada', password: createSecret('engine-1843') } }),
    ...settings,
  });
  const source = createNode(config, { logger: silent, ...(now ? { now } : {}) });
  onTestFinished(() => source.close());
  return source;
}

/** The client of the gateway's own identity. */
export const openClient = (url: string, settings: Readonly<Record<string, unknown>> = {}) => {
  const source = openSource(url, settings);
  return source.open({ identity: source.identify(undefined) });
};

/** An RSA key pair as PEM; made once, because it takes long. */
export const rsaKeys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const viewerSettings = {
  actAs: 'viewer',
  bearer: { accessKey: 'ak1', privateKey: createSecret(rsaKeys.privateKey) },
};
