import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSocket } from '../helpers/raw-socket.ts';
import { PATIENCE, startServer, type TestServer } from './start-server.ts';

/** A server that says its own name, and has a field that answers when the test says so. */
async function startNamed(name: string, port: number) {
  const finishers: (() => void)[] = [];
  const server = await startServer({
    schema: 'type Query { name: String, slow: Boolean }',
    settings: { port, reusePort: true },
    resolvers: {
      'Query.name': () => name,
      'Query.slow': () => new Promise((resolve) => finishers.push(() => resolve(true))),
    },
  });
  onTestFinished(server.stop);
  return {
    server,
    running: () => vi.waitFor(() => expect(finishers).toHaveLength(1), PATIENCE),
    finish: () => finishers[0]?.(),
  };
}

const portOf = ({ url }: TestServer) => Number(new URL(url).port);

/** Asks over a connection of its own: whoever takes that one answers. */
async function askAnew({ url, key }: TestServer, query: string): Promise<unknown> {
  const asked = request(url, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
  asked.end(JSON.stringify({ query }));
  const [reply] = (await once(asked, 'response')) as [IncomingMessage];
  return json(reply);
}

const named = (name: string) => ({ data: { name } });

describe('a port that is shared', () => {
  it('is served by every process that listens on it', async () => {
    const { server } = await startNamed('first', 0);
    const second = await startNamed('second', portOf(server));
    expect(second.server.url).toBe(server.url);
    const seen = new Set<unknown>();
    // The system chooses by the addresses of a connection: a few are needed.
    while (seen.size < 2) seen.add(JSON.stringify(await askAnew(server, '{ name }')));
    expect([...seen].sort()).toEqual(['first', 'second'].map((name) => JSON.stringify(named(name))));
  });

  it('is left at once by a process that stops, which finishes what it runs', async () => {
    const first = await startNamed('first', 0);
    const slow = askAnew(first.server, '{ slow }');
    await first.running();
    const { server } = await startNamed('second', portOf(first.server));
    const stopped = first.server.stop();
    for (let asked = 0; asked < 20; asked += 1) expect(await askAnew(server, '{ name }')).toEqual(named('second'));
    (await openSocket(server.webSocketUrl)).vanish();
    first.finish();
    expect(await slow).toEqual({ data: { slow: true } });
    await stopped;
  });

  it('is not shared with a process that was not told to', async () => {
    const { server } = await startNamed('first', 0);
    await expect(startServer({ settings: { port: portOf(server) } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
