import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A real server on a free port of this machine, closed when the test that started it has finished. */
export interface Served {
  readonly origin: string;
  readonly port: number;
  /** How many requests arrived. */
  readonly count: number;
  close(): Promise<void>;
}

export async function serve(listener: RequestListener, tls?: ServerOptions): Promise<Served> {
  let count = 0;
  const counted: RequestListener = (request, response) => {
    count += 1;
    listener(request, response);
  };
  const server = tls ? createTlsServer(tls, counted) : createServer(counted);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    get count() {
      return count;
    },
    close,
  };
}
