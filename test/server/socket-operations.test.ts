import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectSocket, openSocket, type RawSocket } from '../helpers/raw-socket.ts';
import { seen, socketGraph, subscribe } from './socket-graph.ts';
import { PATIENCE, startServer, type TestServer } from './start-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    ...socketGraph,
    limits: { subscriptionsPerSocket: 3, tokens: 50 },
  });
});
afterAll(() => server.stop());

async function connected(): Promise<RawSocket> {
  const socket = await connectSocket(server.webSocketUrl, server.key);
  onTestFinished(() => socket.vanish());
  return socket;
}

const nobodyWatches = () => vi.waitFor(() => expect(seen.watching).toBe(0), PATIENCE);
const somebodyWatches = (number = 1) => vi.waitFor(() => expect(seen.watching).toBe(number), PATIENCE);

describe('an operation', () => {
  it('answers with its result and completes', async () => {
    const socket = await connected();
    socket.send(subscribe('q', '{ ok }'));
    expect(await socket.next()).toEqual({ type: 'next', id: 'q', payload: { data: { ok: true } } });
    expect(await socket.next()).toEqual({ type: 'complete', id: 'q' });
  });

  it('may be a mutation', async () => {
    const socket = await connected();
    socket.send(subscribe('m', 'mutation { change }'));
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { change: true } } });
  });

  it('tells every event of a subscription in order, then completes', async () => {
    const socket = await connected();
    socket.send(subscribe('s', 'subscription ($to: Int!) { count(to: $to) }', { to: 3 }));
    const frames = [await socket.next(), await socket.next(), await socket.next(), await socket.next()];
    expect(frames.map(({ payload }) => payload)).toEqual([
      { data: { count: 1 } },
      { data: { count: 2 } },
      { data: { count: 3 } },
      undefined,
    ]);
    expect(frames[3]).toEqual({ type: 'complete', id: 's' });
  });

  it.each([
    ['{ ok', 'GRAPHQL_PARSE_FAILED'],
    ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { ok } query B { ok }', 'OPERATION_RESOLUTION_FAILURE'],
    [`{ ${'ok '.repeat(60)} }`, 'TOO_MANY_TOKENS'],
  ])('that is wrong is answered with an error, and the socket stays: %s', async (query, code) => {
    const socket = await connected();
    socket.send(subscribe('1', query));
    const { type, payload } = await socket.next();
    expect(type).toBe('error');
    expect(payload).toMatchObject([{ extensions: { code } }]);
    expect((payload as { extensions: object }[])[0]?.extensions).not.toHaveProperty('http');
    socket.send(subscribe('1', '{ ok }'));
    expect(await socket.next()).toMatchObject({ type: 'next' });
  });

  it('that fails shows neither why nor where, but the id under which the log tells it', async () => {
    const socket = await connected();
    socket.send(subscribe('1', '{ ok fails }'));
    const { payload } = await socket.next();
    const { data, errors } = payload as { data: object; errors: { extensions: { requestId: string } }[] };
    expect(data).toEqual({ ok: true, fails: null });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
    expect(errors).toMatchObject([{ path: ['fails'], extensions: { code: 'INTERNAL' } }]);
    const id = errors[0]?.extensions.requestId;
    expect(server.log.filter(({ requestId }) => requestId === id)).toMatchObject([
      { level: 'error', err: { message: 'password hunter2 was refused' } },
    ]);
  });

  it('whose events fail ends with a masked error, and the socket stays', async () => {
    const socket = await connected();
    socket.send(subscribe('1', 'subscription { breaks }'));
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { breaks: 1 } } });
    const { type, payload } = await socket.next();
    expect(type).toBe('error');
    expect(payload).toMatchObject([{ extensions: { code: 'INTERNAL', requestId: expect.any(String) } }]);
    expect(JSON.stringify(payload)).not.toContain('secret-host');
    socket.send(subscribe('1', '{ ok }'));
    expect(await socket.next()).toMatchObject({ type: 'next' });
  });

  it('that the client completes ends at once, although no event comes', async () => {
    const socket = await connected();
    socket.send(subscribe('1', 'subscription { silence }'));
    await somebodyWatches();
    socket.send({ type: 'complete', id: '1' });
    await nobodyWatches();
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
  });

  it('that the client completes before it has begun never runs on', async () => {
    const socket = await connected();
    socket.send(subscribe('1', 'subscription { silence }'));
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    await nobodyWatches();
  });

  it('of one answer stops its upstream work when the client completes it', async () => {
    const socket = await connected();
    const before = seen.slowAborted;
    const started = seen.slowStarted;
    socket.send(subscribe('1', '{ slow }'));
    await vi.waitFor(() => expect(seen.slowStarted).toBe(started + 1), PATIENCE);
    socket.send({ type: 'complete', id: '1' });
    await vi.waitFor(() => expect(seen.slowAborted).toBe(before + 1), PATIENCE);
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
  });

  it('may take the id of one that the client has just completed', async () => {
    const socket = await connected();
    socket.send(subscribe('1', 'subscription { silence }'));
    await somebodyWatches();
    socket.send({ type: 'complete', id: '1' });
    socket.send(subscribe('1', 'subscription { silence }'));
    await somebodyWatches();
    socket.send(subscribe('2', '{ ok }'));
    expect(await socket.next()).toMatchObject({ type: 'next', id: '2' });
    expect(await socket.next()).toEqual({ type: 'complete', id: '2' });
    expect(seen.watching).toBe(1);
    socket.send(subscribe('1', '{ ok }'));
    expect((await socket.closed).code).toBe(4409);
    await nobodyWatches();
  });

  it('unknown to the server may be completed without harm', async () => {
    const socket = await connected();
    socket.send({ type: 'complete', id: 'never-heard-of' });
    socket.send(subscribe('1', '{ ok }'));
    expect(await socket.next()).toMatchObject({ type: 'next' });
  });

  it('beyond the number that one socket may have is refused, and the others go on', async () => {
    const socket = await connected();
    for (const id of ['1', '2', '3']) socket.send(subscribe(id, 'subscription { silence }'));
    await somebodyWatches(3);
    socket.send(subscribe('4', '{ ok }'));
    const refusal = await socket.next();
    expect(refusal).toMatchObject({ type: 'error', id: '4' });
    expect(refusal.payload).toEqual([
      {
        message: 'At most 3 operations may be open on one socket.',
        extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
      },
    ]);
    expect(seen.watching).toBe(3);
    socket.send({ type: 'complete', id: '1' });
    await somebodyWatches(2);
    socket.send(subscribe('4', '{ ok }'));
    expect(await socket.next()).toMatchObject({ type: 'next', id: '4' });
    socket.vanish();
    await nobodyWatches();
  });

  it('ends when its client is gone without a word', async () => {
    const socket = await connected();
    socket.send(subscribe('1', 'subscription { silence }'));
    await somebodyWatches();
    socket.vanish();
    await nobodyWatches();
  });
});

describe('pings', () => {
  const startImpatient = async () => {
    const impatient = await startServer({ ...socketGraph, settings: { webSocketPingMs: 400 } });
    onTestFinished(impatient.stop);
    return impatient;
  };

  it('of the client are answered with their payload, also before the introduction', async () => {
    const socket = await openSocket(server.webSocketUrl);
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    socket.vanish();
  });

  it('of the server that are not answered end the socket and what ran on it', async () => {
    const { webSocketUrl, key } = await startImpatient();
    const socket = await connectSocket(webSocketUrl, key, { answersPings: false });
    socket.send(subscribe('1', 'subscription { silence }'));
    await somebodyWatches();
    expect((await socket.closed).code).toBe(1006);
    await nobodyWatches();
  });

  it('that are answered keep the socket open', async () => {
    const { webSocketUrl, key } = await startImpatient();
    const socket = await connectSocket(webSocketUrl, key);
    await vi.waitFor(() => expect(socket.pings).toBeGreaterThan(2), PATIENCE);
    socket.send(subscribe('1', '{ ok }'));
    expect(await socket.next()).toMatchObject({ type: 'next' });
  });

  it('a pong that nobody asked for is let pass', async () => {
    const socket = await connected();
    socket.send({ type: 'pong' });
    socket.send(subscribe('1', '{ ok }'));
    expect(await socket.next()).toMatchObject({ type: 'next' });
  });
});
