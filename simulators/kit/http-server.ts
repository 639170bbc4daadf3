import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type ExchangeOptions, serve, serveRefused } from './exchange.ts';

export interface HttpServerOptions extends ExchangeOptions {
  /** Port to listen on; 0 or left out takes a free one, which a restart keeps. */
  readonly port?: number;
  readonly tls?: TlsOptions;
  /** Milliseconds after which the server closes an idle socket; 5,000 when left out. */
  readonly idleTimeoutMs?: number;
}

export interface HttpServer {
  /** 0 until `listen` has resolved. */
  readonly port: number;
  /** Scheme, host and port, without the prefix. */
  readonly origin: string;
  listen(): Promise<void>;
  /** Closes the listener and every open socket; `listen` opens the same port again. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

function open(options: HttpServerOptions, sockets: Set<Socket>): Server {
  const server = options.tls ? createTlsServer(options.tls) : createServer();
  server.keepAliveTimeout = options.idleTimeoutMs ?? 5_000;
  server.on('request', (message, reply) => {
    serve(options, message, reply).catch(() => message.socket.destroy());
  });
  server.on('clientError', (error, socket) => {
    serveRefused(options, error, socket).catch(() => socket.destroy());
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return server;
}

const listenOn = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const sockets = new Set<Socket>();
  let port = options.port ?? 0;
  let server: Server | undefined;
  return {
    get port() {
      return port;
    },
    get origin() {
      return `${options.tls ? 'https' : 'http'}://${HOST}:${port}`;
    },
    listen: async () => {
      server = open(options, sockets);
      port = await listenOn(server, port);
    },
    close: async () => {
      const closing = server;
      server = undefined;
      if (!closing) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
