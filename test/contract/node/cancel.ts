import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends the verb CANCEL byte by byte, as IBM's client does, and gives back the whole answer (aspera-node-api.md §1.1). */
export async function cancelOverSocket(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { hostname, port, host, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({ ...headers, host, accept: 'application/json' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.write(`CANCEL ${pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}
