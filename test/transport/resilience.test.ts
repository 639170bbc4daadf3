import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serve } from '../helpers/serve.ts';
import { holdRequests } from './held-server.ts';
import { type LogLine, openTransport, read, write } from './open-transport.ts';

afterEach(() => {
  vi.useRealTimers();
});

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const ok: Answer = (response) => response.end('{"ok":true}');
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('{}');
const drop: Answer = (_response, request) => request.socket.destroy();

/** Gives these answers in turn, the last one for ever. */
async function inTurn(...answers: readonly Answer[]) {
  let next = 0;
  const server = await serve((request, response) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(response, request);
  });
  return server;
}

describe('a call that is safe to repeat', () => {
  it.each([
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['a dropped connection', drop],
  ])('is repeated after %s, whatever its method', async (_name, failing) => {
    const server = await inTurn(failing, failing, ok);
    const answer = await openTransport(server.origin, { retries: 2 }).send(write('/read-by-post', { repeat: 'safe' }));
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    expect(server.count).toBe(3);
  });

  it('is repeated as often as configured, then fails with the last failure', async () => {
    const server = await inTurn(drop, status(503));
    await expect(openTransport(server.origin, { retries: 1 }).send(read('/'))).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: 'london cannot serve requests now.',
    });
    expect(server.count).toBe(2);
  });

  it('is repeated when an attempt was late', async () => {
    const server = await inTurn(() => undefined, ok);
    const transport = openTransport(server.origin, { retries: 1, deadlineMs: 80 });
    await expect(transport.send(read('/'))).resolves.toMatchObject({ status: 200 });
  });

  it.each([400, 401, 404, 409, 500])('is not repeated after %i, which its client has to judge', async (code) => {
    const server = await inTurn(status(code), ok);
    const answer = await openTransport(server.origin, { retries: 2 }).send(read('/'));
    expect(answer.status).toBe(code);
    expect(server.count).toBe(1);
  });

  it('is not repeated after nonsense', async () => {
    const server = await inTurn((response) => response.end('<html>'), ok);
    const sent = openTransport(server.origin, { retries: 2 }).send(read('/'));
    await expect(sent).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    expect(server.count).toBe(1);
  });
});

describe('a call that must not be repeated', () => {
  it.each([
    ['503', status(503, { 'retry-after': '0' }), 'SOURCE_UNAVAILABLE'],
    ['429', status(429, { 'retry-after': '0' }), 'SOURCE_RATE_LIMITED'],
    ['a dropped connection', drop, 'SOURCE_UNREACHABLE'],
  ])('is sent once, also after %s', async (_name, failing, code) => {
    const server = await inTurn(failing, ok);
    const sent = openTransport(server.origin, { retries: 5 }).send(write('/', { method: 'PUT' }));
    await expect(sent).rejects.toMatchObject({ code });
    expect(server.count).toBe(1);
  });
});

describe('Retry-After', () => {
  it('is obeyed in seconds and as a date', async () => {
    const inTwoSeconds = new Date(Math.ceil(Date.now() / 1000 + 1) * 1000);
    const elapsed = async (value: string) => {
      const server = await inTurn(status(503, { 'retry-after': value }), ok);
      const started = performance.now();
      await openTransport(server.origin, { retries: 1 }).send(read('/'));
      return performance.now() - started;
    };
    const [bySeconds, byDate] = await Promise.all([elapsed('1'), elapsed(inTwoSeconds.toUTCString())]);
    expect(bySeconds).toBeGreaterThan(990);
    expect(byDate).toBeGreaterThan(900);
  });

  it('of more than five seconds is told to the caller, not waited for', async () => {
    for (const code of [429, 503]) {
      const server = await inTurn(status(code, { 'retry-after': '3600' }), ok);
      const sent = openTransport(server.origin, { retries: 2 }).send(read('/'));
      await expect(sent).rejects.toMatchObject({ retryable: true, retryAfterMs: 3_600_000 });
      expect(server.count).toBe(1);
    }
  });

  it('makes a 429 worth repeating, which it is not without', async () => {
    const polite = await inTurn(status(429, { 'retry-after': '0' }), ok);
    await expect(openTransport(polite.origin, { retries: 1 }).send(read('/'))).resolves.toMatchObject({ status: 200 });
    const bare = await inTurn(status(429), ok);
    await expect(openTransport(bare.origin, { retries: 2 }).send(read('/'))).rejects.toMatchObject({
      code: 'SOURCE_RATE_LIMITED',
      retryAfterMs: undefined,
    });
    expect(bare.count).toBe(1);
  });

  it.each(['soon', '', '-5'])('that says %j breaks nothing', async (value) => {
    const server = await inTurn(status(503, { 'retry-after': value }), ok);
    await expect(openTransport(server.origin, { retries: 1 }).send(read('/'))).resolves.toMatchObject({ status: 200 });
  });

  it('ends early for a caller who goes away', async () => {
    const server = await inTurn(status(503, { 'retry-after': '5' }), ok);
    const caller = new AbortController();
    const log: LogLine[] = [];
    const transport = openTransport(server.origin, { retries: 1 }, log);
    const started = performance.now();
    const sent = transport.send(read('/'), caller.signal);
    await expect.poll(() => log.length, { timeout: 5_000, interval: 5 }).toBe(1);
    caller.abort();
    await expect(sent).rejects.toMatchObject({ code: 'CANCELED' });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(server.count).toBe(1);
  });
});

describe('the circuit of a source', () => {
  const alone = { code: 'SOURCE_UNAVAILABLE', message: 'london failed several times and is left alone for a moment.' };

  /** A transport whose circuit has just opened after two failures. The clock stands still. */
  async function opened(...answers: readonly Answer[]) {
    vi.useFakeTimers({ toFake: ['Date'] });
    const server = await inTurn(status(503), status(503), ...answers);
    const transport = openTransport(server.origin, { circuitFailures: 2, circuitOpenMs: 4_000, retries: 2 });
    await expect(transport.send(write('/'))).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    await expect(transport.send(write('/'))).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    return { server, transport };
  }

  it('opens after consecutive failures: then the source is not asked at all, and nobody waits', async () => {
    const { server, transport } = await opened(ok);
    await expect(transport.send(write('/'))).rejects.toMatchObject({ ...alone, retryable: true, retryAfterMs: 4_000 });
    vi.advanceTimersByTime(1_500);
    const started = performance.now();
    await expect(transport.send(read('/'))).rejects.toMatchObject({ ...alone, retryAfterMs: 2_500 });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(server.count).toBe(2);
  });

  it('closes again when a first call after the pause succeeds', async () => {
    const { server, transport } = await opened(ok);
    vi.advanceTimersByTime(4_000);
    await expect(transport.send(write('/'))).resolves.toMatchObject({ status: 200 });
    await Promise.all(Array.from({ length: 5 }, () => transport.send(write('/'))));
    expect(server.count).toBe(8);
  });

  it('opens again when that call fails', async () => {
    const { server, transport } = await opened(drop, ok);
    vi.advanceTimersByTime(4_000);
    await expect(transport.send(write('/'))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await expect(transport.send(write('/'))).rejects.toMatchObject({ ...alone, retryAfterMs: 4_000 });
    vi.advanceTimersByTime(4_000);
    await expect(transport.send(write('/'))).resolves.toMatchObject({ status: 200 });
    expect(server.count).toBe(4);
  });

  it('lets one call try, and refuses the others until that one is back', async () => {
    const held: ServerResponse[] = [];
    const { server, transport } = await opened((response) => void held.push(response), ok);
    vi.advanceTimersByTime(4_000);
    const trial = transport.send(write('/'));
    await expect.poll(() => held.length, { timeout: 5_000, interval: 5 }).toBe(1);
    await expect(transport.send(read('/'))).rejects.toMatchObject(alone);
    held[0]?.end('{}');
    await expect(trial).resolves.toMatchObject({ status: 200 });
    await expect(transport.send(read('/'))).resolves.toMatchObject({ status: 200 });
    expect(server.count).toBe(4);
  });

  it('learns nothing from a trial whose caller went away', async () => {
    const held: ServerResponse[] = [];
    const { transport } = await opened((response) => void held.push(response), drop, ok);
    vi.advanceTimersByTime(4_000);
    const caller = new AbortController();
    const trial = transport.send(write('/'), caller.signal);
    await expect.poll(() => held.length, { timeout: 5_000, interval: 5 }).toBe(1);
    caller.abort();
    await expect(trial).rejects.toMatchObject({ code: 'CANCELED' });
    await expect(transport.send(write('/'))).rejects.toMatchObject({ ...alone, retryAfterMs: 4_000 });
    vi.advanceTimersByTime(4_000);
    await expect(transport.send(write('/'))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await expect(transport.send(write('/'))).rejects.toMatchObject(alone);
  });

  it('ignores answers that say no, rate limits, nonsense, and callers who go away', async () => {
    const nonsense: Answer = (response) => response.end('<html>');
    const server = await inTurn(status(404), status(500), status(429), nonsense, ok);
    const transport = openTransport(server.origin, { circuitFailures: 1 });
    for (let call = 0; call < 4; call += 1) await transport.send(write('/')).catch(() => undefined);
    await expect(transport.send(write('/'), AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELED' });
    await expect(transport.send(write('/'))).resolves.toMatchObject({ status: 200 });
  });

  it('counts failures in a row only', async () => {
    const server = await inTurn(status(503), ok, status(503), ok, status(503), ok);
    const transport = openTransport(server.origin, { circuitFailures: 2 });
    for (let call = 0; call < 5; call += 1) await transport.send(write('/')).catch(() => undefined);
    await expect(transport.send(write('/'))).resolves.toMatchObject({ status: 200 });
    expect(server.count).toBe(6);
  });

  it('stays open when an answer arrives that was asked for before it opened', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const server = await holdRequests();
    const transport = openTransport(server.origin, { circuitFailures: 1 });
    const early = transport.send(write('/early'));
    await server.arrival(0);
    const failing = transport.send(write('/failing'));
    (await server.arrival(1)).answer({}, 503);
    await expect(failing).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    server.held[0]?.answer({});
    await expect(early).resolves.toMatchObject({ status: 200 });
    await expect(transport.send(write('/'))).rejects.toMatchObject(alone);
  });
});
