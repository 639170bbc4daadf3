import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { ContextDeps } from '../context/create-context.ts';
import type { TokenReader } from '../context/upstream-tokens.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { CompiledOperations } from './compiled-operations.ts';
import { createDocuments, type DocumentCounts } from './documents.ts';
import { createExecutor } from './executor.ts';
import { createFanOut } from './fan-out/fan-out.ts';
import { createStalls } from './fan-out/stalls.ts';
import { createFastDoor, type FastDoor } from './fast-door.ts';
import { createHealth, type Health, type PlainAnswer } from './health.ts';
import { createLatePipeline, type LatePipeline } from './late-pipeline.ts';
import { createOperations } from './operation.ts';
import { createOperationObserver, type OperationMeter, type OperationObserver } from './operation-log.ts';
import { createOrigins, type Origins } from './origins.ts';
import type { PipelineSettings } from './pipeline.ts';
import { createReplies } from './replies.ts';
import { createRequests, type Requests } from './requests.ts';
import { createRunOperation } from './run-operation.ts';
import { createSharedAnswers } from './shared-answers.ts';
import { shuttingDown } from './shutting-down.ts';
import { createWebSocketDoor, type WebSocketDoor } from './web-socket.ts';

export interface ServerSettings extends PipelineSettings {
  readonly host: string;
  readonly port: number;
  /** Whether other processes of this machine listen on the port too. */
  readonly reusePort: boolean;
  readonly corsOrigins: readonly string[];
  /** PEM files with which HTTPS is served; plain HTTP without them. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Milliseconds that running operations get to finish when the server stops. */
  readonly drainMs: number;
  /** Whether ordinary requests take the short way past yoga. */
  readonly fastDoor: boolean;
  /** Whether operations that come again and again are compiled. */
  readonly compile: boolean;
  /** Milliseconds within which a WebSocket client must introduce itself. */
  readonly webSocketInitMs: number;
  /** Milliseconds between pings on a WebSocket. */
  readonly webSocketPingMs: number;
  readonly limits: PipelineSettings['limits'] & { readonly subscriptionsPerSocket: number };
  /** Whether the log has a line for each operation. */
  readonly logOperations: boolean;
}

export interface ServerDeps {
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  /** Takes what callers send along for the sources; undefined where no source wants it. */
  readonly tokenReader?: TokenReader | undefined;
  readonly context: ContextDeps;
  readonly logger: Logger;
  readonly meter?: OperationMeter | undefined;
  /** Milliseconds since 1970, for tests that cannot wait. */
  readonly now?: (() => number) | undefined;
}

/** Where a server can be reached. */
export interface Address {
  readonly url: string;
  readonly webSocketUrl: string;
}

/** What goes on in a server at one moment, and what it has come to since the start. */
export interface ServerCounts {
  /** WebSockets that are open. */
  readonly sockets: number;
  /** Subscriptions that are open, over whichever door. */
  readonly subscriptions: number;
  /** Groups of subscribers who are told the same. */
  readonly groups: number;
  /** Events that subscribers were told since the start, each counted for each of them. */
  readonly told: number;
  readonly documents: DocumentCounts;
  readonly compiled: CompiledOperations['counts'];
}

export interface GatewayServer {
  fetch(request: Request): Promise<Response>;
  listen(): Promise<Address>;
  /** Takes no more operations, ends subscriptions, lets the rest finish within `drainMs`, and cuts what then runs. */
  stop(): Promise<void>;
  counts(): ServerCounts;
}

interface Parts {
  readonly settings: ServerSettings;
  readonly health: Health;
  readonly origins: Origins;
  readonly pipeline: LatePipeline;
  readonly fastDoor: FastDoor;
  readonly requests: Requests;
  readonly webSockets: WebSocketDoor;
  readonly observer: OperationObserver;
  readonly counts: () => ServerCounts;
}

const json = { 'content-type': 'application/json' };

const notFound: PlainAnswer = {
  status: 404,
  headers: json,
  body: JSON.stringify({ errors: [{ message: 'There is nothing here.', extensions: { code: 'NOT_FOUND' } }] }),
};

const badHost: PlainAnswer = {
  status: 400,
  headers: json,
  body: JSON.stringify({ errors: [{ message: 'The Host header is wrong.', extensions: { code: 'BAD_REQUEST' } }] }),
};

/** Callers that keep a connection shall open their next one elsewhere. */
const stopping: PlainAnswer = {
  status: 503,
  headers: { ...json, connection: 'close', 'retry-after': '1' },
  body: JSON.stringify({ errors: [shuttingDown()] }),
};

const pathOf = ({ url }: IncomingMessage) => url?.split('?', 1)[0];

const isGraph = ({ graphqlPath }: ServerSettings, path: string | undefined) =>
  path === graphqlPath || path === `${graphqlPath}/`;

/** Whether a URL can be made of a host; most requests name the same one. */
function createHostCheck() {
  let good = 'localhost';
  return (host: string | undefined): boolean => {
    if (host === undefined || host === good) return true;
    if (!URL.canParse(`http://${host}`)) return false;
    good = host;
    return true;
  };
}

const isHost = createHostCheck();

/** What is answered without the pipeline; nothing for an operation. */
function plainAnswer({ settings, health, observer }: Parts, request: IncomingMessage): PlainAnswer | undefined {
  const path = pathOf(request);
  const known = health.answer(request.method, path);
  if (known) return known;
  if (!isGraph(settings, path)) return notFound;
  if (health.isDraining) {
    observer.answer(observer.begin('http'), { errors: [shuttingDown()] });
    return stopping;
  }
  // The pipeline makes a URL of it.
  return isHost(request.headers.host) ? undefined : badHost;
}

function answer(parts: Parts, request: IncomingMessage, reply: ServerResponse): void {
  const { fastDoor, pipeline, requests, observer } = parts;
  const plain = plainAnswer(parts, request);
  if (plain) reply.writeHead(plain.status, plain.headers).end(plain.body);
  else if (!fastDoor(request, reply))
    void pipeline.answer(request, reply, requests.begin(reply, observer.begin('http')));
}

/** Why a handshake is refused, as a status line. */
function refuseHandshake({ settings, health, origins }: Parts, request: IncomingMessage): string | undefined {
  if (!isGraph(settings, pathOf(request))) return '404 Not Found';
  if (health.isDraining) return '503 Service Unavailable';
  return origins.allowsHandshake(request.headers) ? undefined : '403 Forbidden';
}

function upgrade(parts: Parts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const refusal = refuseHandshake(parts, request);
  if (refusal === undefined) {
    parts.webSockets.upgrade(request, socket, head);
    return;
  }
  // Nobody else listens on this socket: without this, a client that is gone by now would end the process.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const listenOn = (server: Server, { host, port, reusePort }: ServerSettings) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, reusePort }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

function open({ tls }: ServerSettings): Server {
  if (!tls) return createServer();
  return createTlsServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) });
}

function createParts(settings: ServerSettings, deps: ServerDeps): Parts {
  const { authenticator, tokenReader, logger, meter } = deps;
  const observer = createOperationObserver({ logger, meter, isLogged: settings.logOperations });
  const fanOutCounts = { groups: 0 };
  const origins = createOrigins(settings.corsOrigins);
  const stalls = createStalls(deps.now ?? Date.now);
  const { schema, context, now } = deps;
  const { limits, introspection, compile } = settings;
  const documents = createDocuments(schema, introspection, limits);
  const { execute, compiled } = createExecutor(schema, documents, compile);
  const fanOut = createFanOut({
    ...{ schema, context, execute, now, counts: fanOutCounts },
    ...{ eventMs: limits.operationDeadlineMs, noteErrors: observer.noteErrors },
  });
  const operations = createOperations({ schema, documents, execute, fanOut, observer, limits, introspection });
  const pipeline = createLatePipeline(settings, { ...deps, operations, observer, origins, stalls });
  const webSockets = createWebSocketDoor({
    ...{ authenticator, tokenReader, logger, stalls, observer },
    runOperation: createRunOperation({ operations, observer, context, logger }),
    initMs: settings.webSocketInitMs,
    pingMs: settings.webSocketPingMs,
    maxMessageBytes: settings.maxBodyBytes,
    operationsAtOnce: settings.limits.subscriptionsPerSocket,
  });
  const health = createHealth(() => ({ polls: deps.context.progress.sharing }));
  const requests = createRequests();
  const fastDoor = settings.fastDoor
    ? createFastDoor({
        ...{ operations, observer, authenticator, tokenReader, context, logger, requests, pipeline },
        sharedAnswers: createSharedAnswers(fanOut.writes),
        replies: createReplies(),
        settings: { ...settings, allowsOrigins: origins.any },
      })
    : () => false;
  const counts = () => ({
    ...{ ...observer.counts, ...fanOutCounts, sockets: webSockets.size },
    ...{ documents: documents.counts, compiled: compiled.counts },
  });
  return { settings, health, origins, pipeline, fastDoor, requests, webSockets, observer, counts };
}

/** Resolves after this time, or when the work is done; the timer does not outlive it. */
async function withinMs(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, elapsed]);
  clearTimeout(timer);
}

/** Takes no more connections. Resolves once those that are there have ended. */
const closePort = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

async function stop({ settings, health, requests, webSockets }: Parts, server: Server): Promise<void> {
  health.drain();
  // The port stays open meanwhile, so that whoever asks /readyz is told. On a shared one new connections are the others'.
  const left = settings.reusePort ? closePort(server) : undefined;
  const drained = Promise.all([requests.drain(), webSockets.drain()]);
  await withinMs(settings.drainMs, drained);
  const closed = left ?? closePort(server);
  webSockets.cut();
  server.closeAllConnections();
  // Whatever was cut has been told so by then.
  await Promise.all([closed, drained]);
}

export function createGatewayServer(settings: ServerSettings, deps: ServerDeps): GatewayServer {
  const parts = createParts(settings, deps);
  const server = open(settings);
  server.on('request', (request, reply) => answer(parts, request, reply));
  // The first request is answered before anything is loaded for the sake of later ones.
  server.once('request', (_request, reply) => reply.once('close', () => void parts.pipeline.prepare()));
  server.on('upgrade', (request, socket, head) => upgrade(parts, request, socket, head));
  let stopped: Promise<void> | undefined;
  return {
    fetch: (request) => parts.pipeline.fetch(request, { observation: parts.observer.begin('http') }),
    counts: parts.counts,
    listen: async () => {
      const port = await listenOn(server, settings);
      const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
      const place = `${host}:${port}${settings.graphqlPath}`;
      const secure = settings.tls ? 's' : '';
      return { url: `http${secure}://${place}`, webSocketUrl: `ws${secure}://${place}` };
    },
    stop: () => {
      stopped ??= stop(parts, server);
      return stopped;
    },
  };
}
