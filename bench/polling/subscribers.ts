import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Many subscriptions of one viewer, over as few sockets as the gateway allows. */
export interface Subscribers {
  /** Events that have come so far, over all of them. */
  readonly events: number;
  close(): Promise<void>;
}

/** As many as a gateway takes from one socket unless its configuration says otherwise. */
const EACH = 100;

export async function subscribe(
  webSocketUrl: string,
  key: string,
  wanted: { readonly count: number; readonly query: string },
): Promise<Subscribers> {
  let events = 0;
  const open = async (count: number) => {
    const socket = new WebSocket(webSocketUrl, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
    await once(socket, 'message');
    socket.on('message', (data: Buffer) => {
      if (data.includes('"type":"next"')) events += 1;
    });
    for (let id = 0; id < count; id += 1) {
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: wanted.query } }));
    }
    return socket;
  };
  const sockets: WebSocket[] = [];
  for (let left = wanted.count; left > 0; left -= EACH) sockets.push(await open(Math.min(EACH, left)));
  return {
    get events() {
      return events;
    },
    close: async () => {
      const closed = sockets.map((socket) => once(socket, 'close'));
      for (const socket of sockets) socket.close();
      await Promise.all(closed);
    },
  };
}
