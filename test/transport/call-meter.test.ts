import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { classOf } from '../../src/transport/call-meter.ts';
import { createTokenCache } from '../../src/transport/token-cache.ts';
import { serve } from '../helpers/serve.ts';
import { holdRequests } from './held-server.ts';
import { openMeasured, read, write } from './open-transport.ts';

const settled = (work: Promise<unknown>) => work.catch((error: { code?: string }) => error.code);

describe('what a meter hears of calls', () => {
  it.each([200, 204, 404, 500])('is the class of status %i, and how long it took', async (status) => {
    const { origin } = await serve((_request, response) => response.writeHead(status).end());
    const { transport, measured } = openMeasured(origin);
    await transport.send(read('/a'));
    expect(measured.calls).toEqual([['test.read', `${String(status)[0]}xx`]]);
    expect(measured.milliseconds[0]).toBeGreaterThan(0);
  });

  it('is every attempt of a call that is repeated', async () => {
    let count = 0;
    const { origin } = await serve((_request, response) => {
      count += 1;
      response.writeHead(count < 3 ? 503 : 200).end();
    });
    const { transport, measured } = openMeasured(origin, { retries: 2 });
    await transport.send(read('/a'));
    expect(measured.calls.map(([, outcome]) => outcome)).toEqual(['5xx', '5xx', '2xx']);
  });

  it('is the code of what went wrong', async () => {
    const { origin, close } = await serve((request, response) => {
      if (request.url === '/slow') return;
      response.writeHead(200).end('no JSON');
    });
    const { transport, measured } = openMeasured(origin);
    await settled(transport.send(read('/nonsense')));
    await settled(transport.send(write('/slow', { deadlineMs: 50 })));
    await close();
    await settled(transport.send(read('/gone')));
    expect(measured.calls).toEqual([
      ['test.read', 'SOURCE_BAD_ANSWER'],
      ['test.write', 'SOURCE_TIMEOUT'],
      ['test.read', 'SOURCE_UNREACHABLE'],
    ]);
  });

  it('is a closed set, whatever a server says', () => {
    expect([99, 100, 200, 301, 404, 599, 999].map(classOf)).toEqual([
      ...['other', '1xx', '2xx', '3xx', '4xx', '5xx', 'other'],
    ]);
  });
});

describe('what can be seen of the way to a source', () => {
  it('is how many calls are under way, and how many wait for a socket', async () => {
    const server = await holdRequests();
    const { transport, measured } = openMeasured(server.origin, { poolSize: 1 });
    expect(measured.state()).toMatchObject({ inFlight: 0, circuit: 'closed' });
    const calls = [transport.send(read('/a')), transport.send(read('/b')), transport.send(read('/c'))];
    const first = await server.arrival(0);
    expect(measured.state()).toEqual({ inFlight: 3, circuit: 'closed', sockets: { open: 1, waiting: 2 } });
    first.answer({});
    (await server.arrival(1)).answer({});
    (await server.arrival(2)).answer({});
    await Promise.all(calls);
    expect(measured.state()).toMatchObject({ inFlight: 0, sockets: { open: 1, waiting: 0 } });
  });

  it('is whether it is left alone, is tried, or is well again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await holdRequests();
    const { transport, measured } = openMeasured(server.origin, { circuitFailures: 1, circuitOpenMs: 1_000 });
    const failed = settled(transport.send(read('/a')));
    (await server.arrival(0)).answer({}, 503);
    expect(await failed).toBe('SOURCE_UNAVAILABLE');
    expect(measured.state().circuit).toBe('open');
    // What is refused by the circuit is no call.
    expect(await settled(transport.send(read('/b')))).toBe('SOURCE_UNAVAILABLE');
    expect(measured.calls).toHaveLength(1);
    vi.setSystemTime(Date.now() + 1_001);
    // Nobody calls, but nobody would be refused.
    expect(measured.state().circuit).toBe('trying');
    const trial = transport.send(read('/c'));
    const held = await server.arrival(1);
    expect(measured.state().circuit).toBe('trying');
    held.answer({});
    await trial;
    expect(measured.state().circuit).toBe('closed');
  });
});

describe('tokens', () => {
  const identity = { key: 'ada', subject: 'ada' };

  it('are counted when they are fetched, once however many wait, and when that fails', async () => {
    const noted: boolean[] = [];
    const fetchToken = vi.fn(async () => ({ value: 'token', expiresAtMs: undefined }));
    const meter = { noteToken: (isFetched: boolean) => void noted.push(isFetched) };
    const cache = createTokenCache<string>({ fetchToken, renewEarlyMs: 0, meter });
    await Promise.all([cache.get(identity, undefined), cache.get(identity, undefined)]);
    await cache.get(identity, undefined);
    expect(noted).toEqual([true]);
    const failing = createTokenCache<string>({
      fetchToken: () => Promise.reject(new Error('no')),
      renewEarlyMs: 0,
      meter,
    });
    await settled(failing.get(identity, undefined));
    expect(noted).toEqual([true, false]);
  });
});
