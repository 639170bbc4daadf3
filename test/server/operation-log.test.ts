import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectSocket } from '../helpers/raw-socket.ts';
import { openShared } from './fan-out/open-shared.ts';
import { seen, socketGraph, subscribe } from './socket-graph.ts';
import { PATIENCE, startServer, type TestServer } from './start-server.ts';

const messages = ['operation', 'operation refused', 'subscription began', 'subscription ended'];

const linesOf = ({ log }: TestServer) => log.filter(({ msg }) => messages.includes(String(msg)));

async function startLogged(options: Parameters<typeof startServer>[0] = socketGraph) {
  const server = await startServer({ ...options, settings: { ...options.settings, logOperations: true } });
  onTestFinished(server.stop);
  return server;
}

const untilLines = (server: TestServer, count: number) =>
  vi.waitFor(() => expect(linesOf(server)).toHaveLength(count), PATIENCE);

describe('the line of an operation', () => {
  it.each([
    ['fast', true],
    ['http', false],
  ])('says who, what, how long, and how it ended: %s', async (door, fastDoor) => {
    const server = await startLogged({ ...socketGraph, settings: { fastDoor } });
    await server.ask('query Dashboard { ok }');
    const [line, ...others] = linesOf(server);
    expect(others).toEqual([]);
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String),
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      viewer: 'key:tester',
      kind: 'query',
      operation: 'Dashboard',
      document: expect.stringMatching(/^[\da-f]{12}$/),
      door,
      outcome: 'ok',
      durationMs: expect.any(Number),
      upstreamCalls: 0,
      msg: 'operation',
    });
  });

  it('names the codes of its errors, each once, and says that it failed or was answered in part', async () => {
    const server = await startLogged();
    await server.ask('{ ok fails again: fails }');
    expect(linesOf(server)).toMatchObject([{ kind: 'query', outcome: 'partial', errors: ['INTERNAL'] }]);
    const failing = await startLogged({
      schema: 'type Query { fails: Boolean! }',
      resolvers: { 'Query.fails': socketGraph.resolvers?.['Query.fails'] ?? (() => true) },
    });
    await failing.ask('{ fails }');
    expect(linesOf(failing)).toMatchObject([{ outcome: 'failed', errors: ['INTERNAL'] }]);
  });

  it('has the request id that the other lines of the operation have', async () => {
    const server = await startLogged();
    await server.ask('{ fails }');
    const [line] = linesOf(server);
    const failure = server.log.find(({ msg }) => msg === 'unexpected failure');
    expect(failure?.requestId).toBe(line?.requestId);
  });

  it('is the same for the same document, whoever sends it, and another for another document', async () => {
    const server = await startLogged();
    await server.ask('query A { ok }');
    await server.ask('query A { ok }');
    await server.ask('query A { ok ok }');
    const [first, second, third] = linesOf(server).map(({ document }) => document);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('has neither the document nor a variable, and no more than 64 characters of a name', async () => {
    const server = await startLogged({
      schema: 'type Query { say(words: String): String }',
      resolvers: { 'Query.say': (_root, { words }) => words },
    });
    const name = 'N'.repeat(200);
    await server.ask(`query ${name}($words: String) { say(words: $words) b: say(words: "inline-words") }`, {
      words: 'secret-words',
    });
    const [line] = linesOf(server);
    expect(line?.operation).toBe('N'.repeat(64));
    expect(JSON.stringify(line)).not.toMatch(/secret-words|inline-words|say/);
  });

  it('is written for a WebSocket as well', async () => {
    const server = await startLogged();
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('1', 'mutation Change { change }'));
    await socket.next();
    expect(linesOf(server)).toMatchObject([
      { door: 'websocket', kind: 'mutation', operation: 'Change', outcome: 'ok', viewer: 'key:tester' },
    ]);
  });

  it('is left out where the configuration says so, and where the level is above it', async () => {
    const server = await startServer(socketGraph);
    onTestFinished(server.stop);
    await server.ask('{ ok }');
    expect(linesOf(server)).toEqual([]);
  });
});

describe('the lines of those who share the events of a subscription', () => {
  it('name the group, by which the lines about the events are found, and count what each was told', async () => {
    const { server, watch, lineOf } = await openShared({ logOperations: true });
    const sockets = [
      await watch('subscription { changes { value } }'),
      await watch('subscription { changes { value } }'),
    ];
    const line = await lineOf(0);
    await untilLines(server, 2);
    expect(server.counts()).toMatchObject({ subscriptions: 2, groups: 1 });
    line.tell(1);
    for (const socket of sockets) expect((await socket.next()).type).toBe('next');
    line.end();
    for (const socket of sockets) expect((await socket.next()).type).toBe('complete');
    await untilLines(server, 4);
    const group = expect.stringMatching(/^[\w-]{12}$/);
    expect(linesOf(server)).toMatchObject([
      { msg: 'subscription began', viewer: 'key:tester', group },
      { msg: 'subscription began', viewer: 'key:tester', group },
      { msg: 'subscription ended', outcome: 'ok', events: 1, group },
      { msg: 'subscription ended', outcome: 'ok', events: 1, group },
    ]);
    expect(server.counts()).toMatchObject({ subscriptions: 0, groups: 0, told: 2 });
  });

  it('say that it has failed, for each of them', async () => {
    const { server, watch, lineOf } = await openShared({ logOperations: true });
    await watch('subscription { changes { value } }');
    (await lineOf(0)).fail(new Error('the disk is full'));
    await untilLines(server, 2);
    expect(linesOf(server)[1]).toMatchObject({ msg: 'subscription ended', outcome: 'failed', errors: ['INTERNAL'] });
  });
});

describe('what is refused before anything is executed', () => {
  it.each([
    ['a document that cannot be read', '{ ok', 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', '{ okay }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'too many aliases',
      `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: ok`).join(' ')} }`,
      'TOO_MANY_ALIASES',
    ],
  ])('has one line with its code: %s', async (_what, query, code) => {
    const server = await startLogged();
    await server.ask(query);
    expect(linesOf(server)).toMatchObject([
      {
        msg: 'operation refused',
        level: 'info',
        outcome: 'refused',
        errors: [code],
        viewer: 'key:tester',
        door: 'http',
      },
    ]);
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('1', query));
    await socket.next();
    expect(linesOf(server)).toHaveLength(2);
    expect(linesOf(server)[1]).toMatchObject({ outcome: 'refused', errors: [code], door: 'websocket' });
  });

  it('has no viewer when nobody knows who it was, and nothing of the credential', async () => {
    const server = await startLogged();
    await server.post({ query: '{ ok }' }, { authorization: 'Bearer guessed-key-0123456789' });
    const [line] = linesOf(server);
    expect(line).toMatchObject({ msg: 'operation refused', errors: ['UNAUTHENTICATED'], door: 'http' });
    expect(line).not.toHaveProperty('viewer');
    expect(JSON.stringify(server.log)).not.toContain('guessed-key');
  });

  it('is told of an operation more than a socket may have', async () => {
    const server = await startLogged({ ...socketGraph, limits: { subscriptionsPerSocket: 1 } });
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('1', 'subscription { silence }'));
    await untilLines(server, 1);
    socket.send(subscribe('2', '{ ok }'));
    await socket.next();
    expect(linesOf(server)[1]).toMatchObject({ errors: ['TOO_MANY_SUBSCRIPTIONS'], viewer: 'key:tester' });
  });

  it('is told of operations that come while the server stops', async () => {
    const server = await startLogged();
    const socket = await connectSocket(server.webSocketUrl, server.key);
    const started = seen.slowStarted;
    socket.send(subscribe('1', '{ slow }'));
    await vi.waitFor(() => expect(seen.slowStarted).toBe(started + 1), PATIENCE);
    const stopped = server.stop();
    await server.post({ query: '{ ok }' });
    expect(linesOf(server)).toMatchObject([{ msg: 'operation refused', errors: ['SHUTTING_DOWN'] }]);
    socket.send({ type: 'complete', id: '1' });
    await stopped;
    expect(linesOf(server)[1]).toMatchObject({ msg: 'operation', outcome: 'partial', errors: ['CANCELED'] });
  });
});

describe('a subscription', () => {
  it('has a line when it begins and one when it ends, with the events that were told', async () => {
    const server = await startLogged();
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('1', 'subscription Count { count(to: 3) }'));
    for (const type of ['next', 'next', 'next', 'complete']) expect((await socket.next()).type).toBe(type);
    await untilLines(server, 2);
    const [began, ended] = linesOf(server);
    expect(began).toMatchObject({
      msg: 'subscription began',
      kind: 'subscription',
      operation: 'Count',
      door: 'websocket',
    });
    expect(ended).toMatchObject({ msg: 'subscription ended', outcome: 'ok', events: 3, requestId: began?.requestId });
    expect(server.counts()).toMatchObject({ subscriptions: 0, told: 3 });
  });

  it('has the same over server-sent events', async () => {
    const server = await startLogged();
    const response = await server.post({ query: 'subscription { count(to: 2) }' }, { accept: 'text/event-stream' });
    await response.text();
    await untilLines(server, 2);
    expect(linesOf(server)).toMatchObject([
      { msg: 'subscription began', door: 'http', viewer: 'key:tester' },
      { msg: 'subscription ended', events: 2 },
    ]);
  });

  it('that is broken off says so, with the code', async () => {
    const server = await startLogged();
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('1', 'subscription { breaks }'));
    await untilLines(server, 2);
    expect(linesOf(server)[1]).toMatchObject({ outcome: 'failed', events: 1, errors: ['INTERNAL'] });
  });

  it.each(['websocket', 'http'])('is open until its client goes away: %s', async (door) => {
    const server = await startLogged();
    const aborter = new AbortController();
    if (door === 'websocket') {
      const socket = await connectSocket(server.webSocketUrl, server.key);
      socket.send(subscribe('1', 'subscription { silence }'));
      aborter.signal.addEventListener('abort', socket.vanish);
    } else {
      const headers = { authorization: `Bearer ${server.key}`, accept: 'text/event-stream' };
      const query = new URLSearchParams({ query: 'subscription { silence }' });
      const response = await fetch(`${server.url}?${query}`, { headers, signal: aborter.signal });
      response.text().catch(() => undefined);
    }
    await untilLines(server, 1);
    await vi.waitFor(() => expect(server.counts().subscriptions).toBe(1), PATIENCE);
    aborter.abort();
    await untilLines(server, 2);
    expect(linesOf(server)[1]).toMatchObject({ msg: 'subscription ended', outcome: 'ok', events: 0 });
    expect(server.counts().subscriptions).toBe(0);
  });

  it('that is refused has one line, and none is open', async () => {
    const server = await startLogged();
    const socket = await connectSocket(server.webSocketUrl, server.key);
    socket.send(subscribe('1', 'subscription { count(to: "many") }'));
    expect((await socket.next()).type).toBe('error');
    expect(linesOf(server)).toMatchObject([{ msg: 'operation refused', outcome: 'refused' }]);
    await pause(0);
    expect(server.counts().subscriptions).toBe(0);
  });
});
