import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectSocket, openSocket } from '../helpers/raw-socket.ts';
import { subscribe } from './socket-graph.ts';
import { PATIENCE, startServer, type TestServer } from './start-server.ts';

/** A server with a field that answers when the test says so, and one that never does. */
async function startSlow(drainMs = 5_000) {
  const finishers: (() => void)[] = [];
  const aborted: unknown[] = [];
  let streams = 0;
  const server = await startServer({
    schema:
      'type Query { ok: Boolean, slow: Boolean } type Mutation { slow: Boolean } type Subscription { quiet: Int }',
    settings: { drainMs },
    resolvers: {
      'Query.ok': () => true,
      'Query.slow': (_root, _args, { signal }) =>
        new Promise((resolve, reject) => {
          finishers.push(() => resolve(true));
          signal.addEventListener('abort', () => {
            aborted.push(signal.reason);
            reject(signal.reason);
          });
        }),
      'Mutation.slow': () => new Promise((resolve) => finishers.push(() => resolve(true))),
      'Subscription.quiet': async function* (_root, _args, { signal }) {
        streams += 1;
        try {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          yield 0;
        } finally {
          streams -= 1;
        }
      },
    },
  });
  onTestFinished(server.stop);
  return {
    server,
    aborted,
    running: (number: number) => vi.waitFor(() => expect(finishers).toHaveLength(number), PATIENCE),
    streaming: (number: number) => vi.waitFor(() => expect(streams).toBe(number), PATIENCE),
    finish: () => {
      for (const finisher of finishers) finisher();
    },
  };
}

const ask = ({ origin }: TestServer, path: string, method = 'GET') => fetch(`${origin}${path}`, { method });

const milliseconds = async (work: () => Promise<unknown>) => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

describe('health', () => {
  it('is told to everybody, and by nobody kept', async () => {
    const { server } = await startSlow();
    for (const [path, status] of [
      ['/healthz', 'alive'],
      ['/readyz', 'ready'],
    ] as const) {
      const response = await ask(server, path);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toEqual({ status });
      expect((await ask(server, `${path}?from=probe`)).status).toBe(200);
    }
  });

  it('answers HEAD without a body, and nothing but GET and HEAD', async () => {
    const { server } = await startSlow();
    const head = await ask(server, '/readyz', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    const post = await ask(server, '/readyz', 'POST');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('a server that stops', () => {
  it('says so, refuses new operations, finishes those that run, and then is gone', async () => {
    const { server, running, finish } = await startSlow();
    const query = server.ask('{ slow }');
    const mutation = server.ask('mutation { slow }');
    await running(2);
    const stopped = server.stop();

    const ready = await ask(server, '/readyz');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect((await ask(server, '/healthz')).status).toBe(200);
    const refused = await server.post({ query: '{ ok }' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'SHUTTING_DOWN', retryable: true } }],
    });
    await expect(openSocket(server.webSocketUrl)).rejects.toThrow('503');

    finish();
    expect(await query).toEqual({ data: { slow: true } });
    expect(await mutation).toEqual({ data: { slow: true } });
    await stopped;
    await expect(ask(server, '/healthz')).rejects.toThrow();
  });

  it('cuts what runs when its time is over', async () => {
    const { server, running, aborted } = await startSlow(200);
    const query = server.ask('{ slow }').catch((error: Error) => error);
    await running(1);
    const taken = await milliseconds(server.stop);
    expect(await query).toBeInstanceOf(Error);
    expect(taken).toBeGreaterThanOrEqual(190);
    expect(taken).toBeLessThan(4_000);
    expect(aborted).toHaveLength(1);
  });

  it('closes sockets with 1001 at once, whatever they are subscribed to', async () => {
    const { server, streaming } = await startSlow();
    const sockets = await Promise.all([1, 2, 3].map(() => connectSocket(server.webSocketUrl, server.key)));
    for (const socket of sockets) socket.send(subscribe('1', 'subscription { quiet }'));
    await streaming(3);
    expect(await milliseconds(server.stop)).toBeLessThan(4_000);
    for (const socket of sockets) expect((await socket.closed).code).toBe(1001);
    await streaming(0);
  });

  it('closes also sockets that have not introduced themselves', async () => {
    const { server } = await startSlow();
    const socket = await openSocket(server.webSocketUrl);
    expect(await milliseconds(server.stop)).toBeLessThan(4_000);
    expect((await socket.closed).code).toBe(1001);
  });

  it('lets a query and a mutation on a socket finish before it closes it', async () => {
    const { server, running, streaming, finish } = await startSlow();
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('s', 'subscription { quiet }'));
    await streaming(1);
    socket.send(subscribe('q', '{ slow }'));
    socket.send(subscribe('m', 'mutation { slow }'));
    await running(2);
    const stopped = server.stop();
    socket.send(subscribe('late', '{ ok }'));
    expect(await socket.next()).toMatchObject({
      type: 'error',
      id: 'late',
      payload: [{ extensions: { code: 'SHUTTING_DOWN' } }],
    });
    finish();
    const frames = [await socket.next(), await socket.next(), await socket.next(), await socket.next()];
    expect(frames.filter(({ type }) => type === 'next')).toHaveLength(2);
    expect(frames.filter(({ type }) => type === 'complete')).toHaveLength(2);
    expect((await socket.closed).code).toBe(1001);
    await stopped;
    await streaming(0);
  });

  it('does not wait for a client that does not confirm the end of its socket', async () => {
    const { server } = await startSlow();
    const socket = await openSocket(server.webSocketUrl);
    socket.pause();
    expect(await milliseconds(server.stop)).toBeLessThan(4_500);
    socket.resume();
  });

  it('cuts event streams at once, so that their clients come back elsewhere', async () => {
    const { server, streaming } = await startSlow();
    const response = await server.post({ query: 'subscription { quiet }' }, { accept: 'text/event-stream' });
    await streaming(1);
    const body = response.text().catch((error: Error) => error);
    expect(await milliseconds(server.stop)).toBeLessThan(4_000);
    expect(await body).toBeInstanceOf(Error);
    await streaming(0);
  });

  it('stops once, however often it is told to', async () => {
    const { server } = await startSlow();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
  });

  it('leaves nothing behind that keeps the process', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const { server } = await startSlow();
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('1', '{ ok }'));
    await socket.next();
    await server.ask('{ ok }');
    await server.stop();
    await socket.closed;
    await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before), PATIENCE);
  });
});
