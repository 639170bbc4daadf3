import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type JwtIssuer, startJwtIssuer } from '../helpers/jwt-issuer.ts';
import { connectSocket, openSocket, type RawSocket } from '../helpers/raw-socket.ts';
import { seen, socketGraph, subscribe } from './socket-graph.ts';
import { PATIENCE, startServer, type TestServer } from './start-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(socketGraph);
});
afterAll(() => server.stop());

async function connected(): Promise<RawSocket> {
  const socket = await connectSocket(server.webSocketUrl, server.key);
  onTestFinished(() => socket.vanish());
  return socket;
}

const nobodyWatches = () => vi.waitFor(() => expect(seen.watching).toBe(0), PATIENCE);
const somebodyWatches = (number = 1) => vi.waitFor(() => expect(seen.watching).toBe(number), PATIENCE);

describe('close codes of graphql-transport-ws', () => {
  it.each([
    ['text that is not JSON', '{"type":'],
    ['JSON that is no message', '[1, 2]'],
    ['a message without a type', '{"id":"1"}'],
    ['a message of an unknown type', '{"type":"start","id":"1"}'],
    ['a subscribe message without an id', '{"type":"subscribe","payload":{"query":"{ ok }"}}'],
    ['a subscribe message without a query', '{"type":"subscribe","id":"1","payload":{}}'],
    ['a message that only servers send', '{"type":"next","id":"1","payload":{"data":null}}'],
    ['a binary message', Buffer.from('{"type":"ping"}')],
  ])('4400 for %s', async (_what, message) => {
    const socket = await connected();
    socket.send(message);
    expect(await socket.closed).toMatchObject({ code: 4400, reason: 'Invalid message received' });
  });

  it('4401 for an operation before the connection was acknowledged', async () => {
    const socket = await openSocket(server.webSocketUrl);
    socket.send(subscribe('1', '{ ok }'));
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('4403 for a refused credential, with the reason and without the credential', async () => {
    const socket = await openSocket(server.webSocketUrl);
    const secret = 'wrong-key-0123456789';
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
    const { code, reason } = await socket.closed;
    expect(code).toBe(4403);
    expect(reason).toBe('The credential is neither a known API key nor a JSON Web Token.');
    expect(JSON.stringify(server.log)).not.toContain(secret);
  });

  it('4403 for no credential at all, and says how to send one', async () => {
    const socket = await openSocket(server.webSocketUrl);
    socket.send({ type: 'connection_init' });
    const { code, reason } = await socket.closed;
    expect(code).toBe(4403);
    expect(reason).toContain('Authorization: Bearer');
  });

  it.each([
    ['another subprotocol', 'graphql-ws'],
    ['no subprotocol', undefined],
  ])('4406 for %s', async (_what, protocol) => {
    const socket = await openSocket(server.webSocketUrl, { protocol });
    expect(await socket.closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
  });

  it('4408 for a client that does not introduce itself in time', async () => {
    const hasty = await startServer({ settings: { webSocketInitMs: 100 } });
    onTestFinished(hasty.stop);
    const socket = await openSocket(hasty.webSocketUrl);
    expect(await socket.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('4409 for a second operation under an id that is still in use', async () => {
    const socket = await connected();
    socket.send(subscribe('a', 'subscription { silence }'));
    await somebodyWatches();
    socket.send(subscribe('a', '{ ok }'));
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for a already exists' });
    await nobodyWatches();
  });

  it('4409 with a reason that fits, however long the id is', async () => {
    const socket = await connected();
    const id = 'ä'.repeat(2_000);
    socket.send(subscribe(id, 'subscription { silence }'));
    socket.send(subscribe(id, '{ ok }'));
    expect((await socket.closed).code).toBe(4409);
    await nobodyWatches();
  });

  it('4429 for a second introduction', async () => {
    const socket = await connected();
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' });
  });

  it('4429 for a second introduction before the first was answered', async () => {
    const socket = await openSocket(server.webSocketUrl);
    socket.send({ type: 'connection_init' });
    socket.send({ type: 'connection_init' });
    expect((await socket.closed).code).toBe(4429);
  });

  it('1009 for a message that is larger than allowed', async () => {
    const socket = await connected();
    socket.send(subscribe('1', `{ ok } # ${'x'.repeat(100_001)}`));
    expect((await socket.closed).code).toBe(1009);
  });

  it('4500 when the gateway itself fails, without a word of why', async () => {
    const authenticator = { authenticate: () => Promise.reject(new Error('database at 10.0.0.7 is down')) };
    const broken = await startServer({ authenticator });
    onTestFinished(broken.stop);
    const socket = await openSocket(broken.webSocketUrl);
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toEqual({ code: 4500, reason: 'Internal server error' });
    expect(broken.log.some(({ err }) => JSON.stringify(err)?.includes('database'))).toBe(true);
  });
});

describe('a client that does not read', () => {
  it('is cut off before its answers fill the memory', async () => {
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.pause();
    const ping = { type: 'ping', payload: { text: 'x'.repeat(90_000) } };
    for (let count = 0; count < 700; count += 1) socket.send(ping);
    await vi.waitFor(
      () => expect(server.log.some(({ msg }) => msg === 'socket cut: its client does not read')).toBe(true),
      {
        timeout: 15_000,
      },
    );
    socket.resume();
    expect((await socket.closed).code).toBe(1006);
  });
});

describe('a token', () => {
  let issuer: JwtIssuer;
  let guarded: TestServer;
  const start = async () => {
    issuer = await startJwtIssuer();
    guarded = await startServer({ jwt: [issuer] });
    onTestFinished(guarded.stop);
  };

  it('closes its socket with 4403 when it expires', async () => {
    await start();
    const seconds = Math.floor(Date.now() / 1000);
    const socket = await connectSocket(guarded.webSocketUrl, await issuer.sign({ exp: seconds + 2 }));
    expect(await socket.closed).toEqual({
      code: 4403,
      reason: 'Your token has expired; connect again with a new one.',
    });
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(seconds + 2);
  });

  it('that cannot be checked now closes with 1013, which tells clients to try again', async () => {
    await start();
    issuer.answerWith(500);
    const socket = await openSocket(guarded.webSocketUrl);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${await issuer.sign()}` } });
    expect(await socket.closed).toMatchObject({ code: 1013 });
  });

  it('may also come in the Authorization header of the handshake', async () => {
    const headers = { authorization: `Bearer ${server.key}` };
    const socket = await openSocket(server.webSocketUrl, { headers });
    onTestFinished(() => socket.vanish());
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
  });
});

describe('a handshake', () => {
  const handshake = async (headers: Readonly<Record<string, string>>) => {
    const opened = openSocket(server.webSocketUrl, { headers });
    return opened.then(
      (socket) => {
        socket.vanish();
        return 'opened';
      },
      (error: Error) => error.message,
    );
  };

  it('from a page of another origin is refused', async () => {
    expect(await handshake({ origin: 'https://evil.example.com' })).toBe('Unexpected server response: 403');
  });

  it('from a page of the gateway itself is accepted', async () => {
    expect(await handshake({ origin: server.origin })).toBe('opened');
  });

  it('from a page of a configured origin is accepted', async () => {
    const origin = 'https://app.example.com';
    const shared = await startServer({ settings: { corsOrigins: [origin] } });
    onTestFinished(shared.stop);
    const socket = await openSocket(shared.webSocketUrl, { headers: { origin } });
    socket.vanish();
    await expect(openSocket(shared.webSocketUrl, { headers: { origin: `${origin}.evil.com` } })).rejects.toThrow('403');
  });

  it('at another path is answered with 404, and a caller that is gone by then does no harm', async () => {
    await expect(openSocket(`${server.webSocketUrl}/elsewhere`)).rejects.toThrow('404');
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', () =>
      socket.resetAndDestroy(),
    );
    await vi.waitFor(() => expect(socket.destroyed).toBe(true), PATIENCE);
    expect(await handshake({})).toBe('opened');
  });
});
