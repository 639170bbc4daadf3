import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A source that takes requests and never answers one. */
export interface SilentServer {
  readonly url: string;
  /** Requests that have come so far. */
  readonly arrived: number;
  /** Those of them that still wait for their answer. */
  readonly waiting: number;
  close(): Promise<void>;
}

export async function startSilentServer(): Promise<SilentServer> {
  let arrived = 0;
  let waiting = 0;
  const server = createServer((_request, reply) => {
    arrived += 1;
    waiting += 1;
    reply.once('close', () => {
      waiting -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get arrived() {
      return arrived;
    },
    get waiting() {
      return waiting;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
