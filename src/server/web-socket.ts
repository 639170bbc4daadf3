import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Connection, type ConnectionDeps, createConnection } from './socket-connection.ts';
import { closeSocket } from './socket-link.ts';

export interface WebSocketDoorOptions extends ConnectionDeps {
  /** Largest message that is read, in bytes. */
  readonly maxMessageBytes: number;
  /** Milliseconds between pings; a client that has not answered one by the next is gone. */
  readonly pingMs: number;
}

/** GraphQL over WebSocket, through the same pipeline as HTTP. */
export interface WebSocketDoor {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Lets queries and mutations finish, closes each socket as "going away", and resolves when all are closed. */
  drain(): Promise<void>;
  /** Ends every socket that is still open. */
  cut(): void;
  /** Sockets that are open. */
  readonly size: number;
}

/**
 * A client that asks for other subprotocols gets the first of them, so that it opens the socket and reads the close
 * code; with none it would not open it at all.
 */
const chooseProtocol = (offered: Set<string>) => {
  const [first] = offered;
  return offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : (first ?? false);
};

/**
 * One timer for all sockets: those that have not answered since the last round are ended. A ping that waits behind what
 * the client has not read has not reached it.
 */
function createHeartbeat(server: WebSocketServer, pingMs: number, isStalled: (socket: WebSocket) => boolean) {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (isStalled(socket)) continue;
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      socket.ping();
    }
  }, pingMs);
  timer.unref();
  return {
    watch: (socket: WebSocket) => void socket.on('pong', () => silent.delete(socket)),
    stop: () => clearInterval(timer),
  };
}

export function createWebSocketDoor(options: WebSocketDoorOptions): WebSocketDoor {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxMessageBytes,
    handleProtocols: chooseProtocol,
  });
  const connections = new Map<WebSocket, Connection>();
  const heartbeat = createHeartbeat(server, options.pingMs, (socket) => connections.get(socket)?.isStalled ?? false);
  let onEmpty: (() => void) | undefined;
  const open = (socket: WebSocket, request: IncomingMessage) => {
    // Broken frames and messages that are too large: ws has closed the socket with the right code by then.
    socket.on('error', ({ message }) => options.logger.debug({ reason: message }, 'socket failed'));
    heartbeat.watch(socket);
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      closeSocket(socket, CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
      return;
    }
    connections.set(socket, createConnection(socket, request, options));
    socket.once('close', () => {
      connections.delete(socket);
      if (connections.size === 0) onEmpty?.();
    });
  };
  return {
    get size() {
      return server.clients.size;
    },
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, open),
    drain: () =>
      new Promise((resolve) => {
        onEmpty = resolve;
        if (connections.size === 0) resolve();
        for (const connection of connections.values()) connection.drain();
      }),
    cut: () => {
      heartbeat.stop();
      for (const socket of server.clients) socket.terminate();
    },
  };
}
