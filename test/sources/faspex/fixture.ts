import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSecret } from '../../../src/config/secret.ts';
import { faspexConfig } from '../../../src/sources/faspex/config.ts';
import { createFaspex, type FaspexSource } from '../../../src/sources/faspex/source.ts';
import { SourceError } from '../../../src/transport/source-error.ts';

export const PREFIX = '/aspera/faspex';

export interface Received {
  readonly method: string;
  /** Below the prefix. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SmallServer extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  count(method: string, path: string): number;
}

/** A Faspex of a few lines, for answers that the simulator never gives. */
export async function startServer(answer: (request: Received) => Answer | Promise<Answer>): Promise<SmallServer> {
  const received: Received[] = [];
  const server = createServer(async (message, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const url = new URL(message.url ?? '/', 'http://localhost');
    const request: Received = {
      method: message.method ?? '',
      path: url.pathname.slice(PREFIX.length),
      query: url.searchParams,
      headers: message.headers,
      text: Buffer.concat(chunks).toString(),
    };
    received.push(request);
    const { status = 200, json, text, headers } = await answer(request);
    reply.writeHead(status, { 'content-type': 'application/json', ...headers });
    reply.end(text ?? (json === undefined ? '' : JSON.stringify(json)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    received,
    count: (method, path) => received.filter((one) => one.method === method && one.path === path).length,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A key pair that every test of a file shares: making one takes a tenth of a second. */
export const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const silent = { debug: () => undefined, warn: () => undefined };

export interface TestSource extends AsyncDisposable {
  readonly faspex: FaspexSource;
}

/** A source for tests; `settings` are those of gateway.yaml. */
export function openSource(
  url: string,
  settings: { privateKey?: string | undefined; [name: string]: unknown } = {},
  now?: () => number,
): TestSource {
  const { privateKey, ...rest } = { privateKey: keys.privateKey, ...settings };
  const config = faspexConfig.parse({
    name: 'faspex',
    url,
    clientId: 'client-1',
    actAs: 'viewer',
    serviceUser: 'gateway@example.com',
    retries: 0,
    ...(privateKey === undefined ? {} : { privateKey: createSecret(privateKey) }),
    ...rest,
  });
  const faspex = createFaspex(config, { logger: silent, ...(now ? { now } : {}) });
  return { faspex, [Symbol.asyncDispose]: () => faspex.close() };
}

/** A client for one subject, or for the service user. */
export const openFor = ({ faspex }: TestSource, subject?: string) =>
  faspex.open({ identity: faspex.identify(subject === undefined ? undefined : { subject }) });

/** A package as the vendor spells it. */
export const rawPackage = (more: Readonly<Record<string, unknown>> = {}) => ({
  id: '43',
  title: 'Rushes',
  state: 'released',
  status: 'completed',
  upload_status: 'completed',
  recipients: [],
  ...more,
});

/** A server that gives everybody a token and answers the rest with `answer`. */
export const startApi = (answer: (request: Received) => Answer | Promise<Answer>) =>
  startServer((request) =>
    request.path === '/auth/token' ? { json: { access_token: 't', expires_in: 3600 } } : answer(request),
  );

/** The source error that `work` ends with. */
export async function failure(work: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof SourceError) return error;
  throw new Error(`No source error came: ${String(error)}`);
}
