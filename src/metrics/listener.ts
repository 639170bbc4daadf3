import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenerSettings {
  readonly host: string;
  readonly port: number;
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

export function createMetricsListener({ host, port, path }: ListenerSettings, exposition: Exposition): MetricsListener {
  const server = createServer((request, reply) => {
    const refusal = refuse(request, path);
    if (refusal === undefined) void answer(exposition, reply);
    else reply.writeHead(refusal, refusal === 405 ? { allow: 'GET, HEAD' } : {}).end();
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const name = host.includes(':') ? `[${host}]` : host;
          resolve(`http://${name}:${(server.address() as AddressInfo).port}${path}`);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
