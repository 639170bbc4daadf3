import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { type Accept, createGatewayRoutes } from './gateway-routes.ts';
import { takeUpload } from './gateway-upload.ts';
import { faultOf, type ReceivedSpec } from './transfer-files.ts';

/**
 * Plays an IBM Aspera HTTP Gateway of one generation: takes the requests of browsers as they are written down in
 * aspera-apps-api.md, part D, and runs the transfers of their specs.
 */
export interface HttpGateway {
  /** Its address, with the path that it has by default. */
  readonly url: string;
  /** The specs that browsers have sent. */
  readonly specs: readonly ReceivedSpec[];
  /** Resolves when the files of the first upload through a WebSocket have arrived at the node. */
  readonly uploaded: Promise<void>;
}

const BASE = '/aspera/http-gwy';

function createAccept(specs: ReceivedSpec[]): Accept {
  return (spec) => {
    const received = (spec ?? {}) as ReceivedSpec;
    specs.push(received);
    const fault = faultOf(received);
    if (fault !== undefined) throw new Error(fault);
    return received;
  };
}

/** @param version of the gateway, e.g. `2.3.0`: browsers decide by it how they upload */
export async function startHttpGateway(version: string): Promise<HttpGateway> {
  const specs: ReceivedSpec[] = [];
  const accept = createAccept(specs);
  const route = createGatewayRoutes(BASE, version, accept);
  const { promise: uploaded, resolve, reject } = Promise.withResolvers<void>();
  uploaded.catch(() => undefined);
  const server = createServer(async (request, response) => {
    try {
      response.end(await route(request, (request.url ?? '').slice(BASE.length)));
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ code: 400, message: (error as Error).message }));
    }
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { url = '' }) => {
    if (/\/v[12]\/upload$/.test(url)) takeUpload(socket, accept, (failure) => (failure ? reject(failure) : resolve()));
    else socket.close();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { url: `http://127.0.0.1:${port}${BASE}`, specs, uploaded };
}
