import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenerSettings {
  readonly host: string;
  readonly port: number;
  /** How many ports from that one on may be taken. */
  readonly ports: number;
  readonly path: string;
}

/** What is served: text in the format of Prometheus. */
export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

/** A port that has nothing but the metrics, so that it can be kept where no caller is. */
export interface MetricsListener {
  /** Opens the port. Gives the address of the metrics. */
  listen(): Promise<string>;
  /** Closes the port and every connection to it. */
  close(): Promise<void>;
}

async function answer(exposition: Exposition, reply: ServerResponse): Promise<void> {
  try {
    const text = await exposition.text();
    reply.writeHead(200, { 'content-type': exposition.contentType, 'cache-control': 'no-store' }).end(text);
  } catch {
    reply.writeHead(500).end();
  }
}

function refuse({ method, url }: IncomingMessage, path: string): number | undefined {
  if (url?.split('?', 1)[0] !== path) return 404;
  return method === 'GET' || method === 'HEAD' ? undefined : 405;
}

const listenOn = (server: Server, host: string, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const isTaken = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Other processes may have the same configuration, and have come first. */
async function listenOnFirst(server: Server, { host, port, ports }: ListenerSettings): Promise<number> {
  for (let next = port; next < port + ports - 1; next += 1) {
    try {
      return await listenOn(server, host, next);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  return listenOn(server, host, port + ports - 1);
}

export function createMetricsListener(settings: ListenerSettings, exposition: Exposition): MetricsListener {
  const { host, path } = settings;
  const server = createServer((request, reply) => {
    const refusal = refuse(request, path);
    if (refusal === undefined) void answer(exposition, reply);
    else reply.writeHead(refusal, refusal === 405 ? { allow: 'GET, HEAD' } : {}).end();
  });
  return {
    listen: async () => {
      const port = await listenOnFirst(server, settings);
      return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
