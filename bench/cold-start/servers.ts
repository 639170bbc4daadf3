import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';

/** What may be behind a source when a gateway starts. */
export interface Servers {
  /** Host and port of a node that answers. */
  readonly healthy: string;
  /** Nobody listens here. */
  readonly refusing: string;
  /** Takes every connection, and never says a word. */
  readonly silent: string;
  close(): void;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const info = JSON.stringify({ node_id: 'bench-node', version: '4.4.6.1646' });

export async function startServers(): Promise<Servers> {
  const node = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end(info);
  });
  const mute = createSocketServer(() => undefined);
  const gone = createSocketServer();
  const [healthy, silent, refusing] = [await listen(node), await listen(mute), await listen(gone)];
  gone.close();
  return {
    ...{ healthy, refusing, silent },
    close: () => {
      node.close();
      mute.close();
    },
  };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createSocketServer();
  const address = await listen(server);
  server.close();
  return Number(address.split(':')[1]);
}
