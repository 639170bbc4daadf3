import { describe, expect, it } from 'vitest';
import { createFlights } from '../../src/transport/flights.ts';
import type { Signal } from '../../src/transport/signal.ts';

interface Started {
  readonly signal: Signal;
  land(value: string): void;
  crash(error: Error): void;
}

/** Work that ends when the test says so. */
function createWork() {
  const started: Started[] = [];
  const start = (signal: Signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    started.push({ signal, land: resolve, crash: reject });
    return promise;
  };
  return { started, start };
}

describe('a flight', () => {
  it('is shared by everybody who joins under its key while it is in the air', async () => {
    const flights = createFlights();
    const { started, start } = createWork();
    const all = Array.from({ length: 3 }, () => flights.join('a', undefined, start));
    const other = flights.join('b', undefined, start);
    expect(flights.size).toBe(2);
    started[0]?.land('one');
    started[1]?.land('two');
    expect(await Promise.all(all)).toEqual(['one', 'one', 'one']);
    expect(await other).toBe('two');
    expect(flights.size).toBe(0);
  });

  it('is not joined once it has landed', async () => {
    const flights = createFlights();
    const { started, start } = createWork();
    const first = flights.join('a', undefined, start);
    started[0]?.land('one');
    await first;
    const second = flights.join('a', undefined, start);
    started[1]?.land('two');
    expect(await second).toBe('two');
  });

  it('fails for everybody, and is forgotten', async () => {
    const flights = createFlights();
    const { started, start } = createWork();
    const all = [new AbortController().signal, undefined].map((signal) => flights.join('a', signal, start));
    started[0]?.crash(new Error('no fuel'));
    for (const result of await Promise.allSettled(all)) expect(result).toMatchObject({ reason: new Error('no fuel') });
    expect(flights.size).toBe(0);
  });

  it('fails when the work cannot even start', async () => {
    const flights = createFlights();
    const broken = async (): Promise<string> => {
      throw new Error('no runway');
    };
    await expect(flights.join('a', undefined, broken)).rejects.toThrow('no runway');
    expect(flights.size).toBe(0);
  });

  it('goes on for the others when one leaves', async () => {
    const flights = createFlights();
    const { started, start } = createWork();
    const [leaver, stayer] = [new AbortController(), new AbortController()];
    const left = flights.join('a', leaver.signal, start);
    const stays = flights.join('a', stayer.signal, start);
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(started[0]?.signal.aborted).toBe(false);
    started[0]?.land('one');
    expect(await stays).toBe('one');
    stayer.abort();
    expect(started[0]?.signal.aborted).toBe(false);
  });

  it('is aborted when the last one leaves, and nobody joins it any more', async () => {
    const flights = createFlights();
    const { started, start } = createWork();
    const callers = [new AbortController(), new AbortController()];
    const waits = callers.map(({ signal }) => flights.join('a', signal, start));
    for (const caller of callers) caller.abort();
    for (const result of await Promise.allSettled(waits)) expect(result.status).toBe('rejected');
    expect(started[0]?.signal.aborted).toBe(true);
    expect(flights.size).toBe(0);
    const next = flights.join('a', undefined, start);
    started[0]?.crash(new Error('aborted'));
    started[1]?.land('two');
    expect(await next).toBe('two');
  });

  it('is never aborted while somebody without a signal waits', async () => {
    const flights = createFlights();
    const { started, start } = createWork();
    const caller = new AbortController();
    const waits = [flights.join('a', undefined, start), flights.join('a', caller.signal, start)];
    caller.abort();
    await expect(waits[1]).rejects.toThrow();
    expect(started[0]?.signal.aborted).toBe(false);
    started[0]?.land('one');
    expect(await waits[0]).toBe('one');
  });

  it('is not started by somebody who has left already', async () => {
    const flights = createFlights();
    const { started, start } = createWork();
    await expect(flights.join('a', AbortSignal.abort(), start)).rejects.toThrow();
    expect(started).toHaveLength(0);
  });
});
