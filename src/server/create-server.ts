import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type ContextDeps, createContext } from '../context/create-context.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { createHealth } from './health.ts';
import { maskError } from './mask-error.ts';
import { type DoorContext, type OperationLimits, useAdmission, useAuthentication } from './operation-plugin.ts';
import { createWebSocketDoor } from './web-socket.ts';

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly graphqlPath: string;
  readonly maxBodyBytes: number;
  readonly corsOrigins: readonly string[];
  /** PEM files with which HTTPS is served; plain HTTP without them. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  readonly limits: OperationLimits & { readonly subscriptionsPerSocket: number };
}

export interface ServerDeps {
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  readonly context: ContextDeps;
  readonly logger: Logger;
}

/** Where a server can be reached. */
export interface Address {
  readonly url: string;
  readonly webSocketUrl: string;
}

export interface GatewayServer {
  fetch(request: Request): Promise<Response>;
  listen(): Promise<Address>;
  /** Stops taking traffic, ends subscriptions, and waits for running requests. */
  stop(): Promise<void>;
}

const INIT_TIMEOUT_MS = 3_000;

function createOperationPipeline(settings: ServerSettings, deps: ServerDeps) {
  const { schema, authenticator, context, logger } = deps;
  return createYoga<DoorContext>({
    schema,
    graphqlEndpoint: settings.graphqlPath,
    landingPage: false,
    graphiql: settings.graphiql,
    batching: false,
    multipart: false,
    maxRequestBodySize: settings.maxBodyBytes,
    cors: settings.corsOrigins.length > 0 ? { origin: [...settings.corsOrigins], credentials: false } : false,
    logging: {
      debug: () => undefined,
      info: (message) => logger.info(String(message)),
      warn: (message) => logger.warn(String(message)),
      // The masked error has been reported with its cause by then.
      error: () => undefined,
    },
    maskedErrors: {
      maskError: (error) => maskError(error, (hidden) => logger.error({ err: hidden }, 'unexpected failure')),
    },
    context: (initial) => {
      const { viewer, signal, request } = initial as DoorContext & { signal?: AbortSignal; request?: Request };
      if (!viewer) throw new Error('an operation reached the pipeline without a viewer');
      return createContext(context, { viewer, signal: signal ?? request?.signal ?? new AbortController().signal });
    },
    plugins: [useAuthentication(authenticator), useAdmission(settings.limits, settings.introspection)],
  });
}

const listenOn = (server: Server, { host, port }: ServerSettings) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

function open({ tls }: ServerSettings, listener: (request: IncomingMessage, reply: ServerResponse) => void): Server {
  if (!tls) return createServer(listener);
  return createTlsServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }, listener);
}

const pathOf = (request: IncomingMessage) => request.url?.split('?', 1)[0];

export function createGatewayServer(settings: ServerSettings, deps: ServerDeps): GatewayServer {
  const pipeline = createOperationPipeline(settings, deps);
  const health = createHealth();
  const webSockets = createWebSocketDoor(pipeline as never, deps.authenticator, {
    path: settings.graphqlPath,
    maxPayloadBytes: settings.maxBodyBytes,
    subscriptionsPerSocket: settings.limits.subscriptionsPerSocket,
    initTimeoutMs: INIT_TIMEOUT_MS,
  });
  const server = open(settings, (request, reply) => {
    const answer = health.answer(pathOf(request));
    if (answer) reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    else void pipeline(request, reply);
  });
  server.on('upgrade', (request, socket, head) => {
    if (pathOf(request) === settings.graphqlPath) webSockets.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  return {
    fetch: async (request) => pipeline.fetch(request),
    listen: async () => {
      const port = await listenOn(server, settings);
      const place = `${settings.host}:${port}${settings.graphqlPath}`;
      const secure = settings.tls ? 's' : '';
      return { url: `http${secure}://${place}`, webSocketUrl: `ws${secure}://${place}` };
    },
    stop: async () => {
      health.drain();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await webSockets.close();
      server.closeIdleConnections();
      server.closeAllConnections();
      await closed;
    },
  };
}
