import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createContext } from '../../src/context/create-context.ts';
import { ClientGone, OperationTimedOut } from '../../src/context/end-of-operation.ts';
import { createKeptSpecs } from '../../src/context/kept-specs.ts';
import { createOwnership } from '../../src/context/ownership.ts';
import { createRegistry } from '../../src/context/registry.ts';
import { createSpecMakers } from '../../src/context/spec-makers.ts';
import { createProgress } from '../../src/progress/progress.ts';
import { createLogger } from '../../src/server/logger.ts';
import { createDeadlines } from '../../src/transport/deadlines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const viewer = {
  id: 'key:tester',
  name: 'tester',
  scopes: new Set<never>(),
  claims: {},
  issuer: undefined,
  expiresAt: undefined,
};

/** An operation as a door begins it, and the hand that ends it. */
function begin(door = new AbortController()) {
  const logger = createLogger('silent');
  const settings = { intervalMs: 50, idleIntervalMs: 50, maxAgeMs: 1_000, maxEntries: 10 };
  const deps = {
    sources: {
      faspex: createRegistry('faspex', []),
      node: createRegistry('node', []),
      faircom: createRegistry('faircom', []),
      transferd: createRegistry('transferd', []),
    },
    ownership: createOwnership('ownership-key-0123456789'),
    progress: createProgress({ settings, logger }),
    keptSpecs: createKeptSpecs(),
    specMakers: createSpecMakers(),
    logger,
    upstreamRequests: 10,
    deadlines: createDeadlines(),
  };
  return { door, context: createContext(deps, { viewer, signal: door.signal }) };
}

/** All deadlines share one timer, which looks every 20 ms whether it is still needed. */
function timersAfterATick(): number {
  vi.advanceTimersByTime(20);
  return vi.getTimerCount();
}

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('a query', () => {
  it('ends with its client, and says why', () => {
    const { door, context } = begin();
    door.abort(new ClientGone());
    expect(context.signal.reason).toBeInstanceOf(ClientGone);
    expect(context.presentSignal.aborted).toBe(true);
  });

  it('that begins when its client has already gone is over at once', () => {
    const door = new AbortController();
    door.abort(new ClientGone());
    const { context } = begin(door);
    expect(context.signal.reason).toBeInstanceOf(ClientGone);
    expect(listeners(door.signal)).toBe(0);
  });

  it('ends with its time, and says why', () => {
    const { context } = begin();
    context.limitTime(500, 'finish');
    vi.advanceTimersByTime(499);
    expect(context.signal.aborted).toBe(false);
    vi.advanceTimersByTime(21);
    expect(context.signal.reason).toBeInstanceOf(OperationTimedOut);
  });

  it('leaves neither a timer nor a listener behind when it has been answered', () => {
    const { door, context } = begin();
    const answered = context.limitTime(500, 'finish');
    expect(listeners(door.signal)).toBe(1);
    answered();
    expect(listeners(door.signal)).toBe(0);
    expect(timersAfterATick()).toBe(0);
  });

  it.each(['finish', 'abort'] as const)('that has been answered has the rest %s', (rest) => {
    const { context } = begin();
    const { signal } = context;
    context.limitTime(500, rest)();
    expect(signal.aborted).toBe(rest === 'abort');
  });

  it('leaves no timer behind when its client goes away', () => {
    const { door, context } = begin();
    context.limitTime(500, 'finish');
    door.abort();
    expect(timersAfterATick()).toBe(0);
  });
});

describe('a subscription', () => {
  it('goes on when one of its events has taken too long', () => {
    const { context } = begin();
    context.limitEvents(500);
    context.beginEvent();
    vi.advanceTimersByTime(500);
    expect(context.presentSignal.reason).toBeInstanceOf(OperationTimedOut);
    expect(context.signal.aborted).toBe(false);
    context.beginEvent();
    expect(context.presentSignal.aborted).toBe(false);
  });

  it('does not count the time between two events', () => {
    const { context } = begin();
    context.limitEvents(500);
    context.beginEvent();
    context.endEvent();
    vi.advanceTimersByTime(5_000);
    expect(context.presentSignal.aborted).toBe(false);
  });

  it('holds one event at a time, however many there have been', () => {
    const { door, context } = begin();
    context.limitEvents(500);
    const added = vi.spyOn(context.signal, 'addEventListener');
    const removed = vi.spyOn(context.signal, 'removeEventListener');
    for (let count = 0; count < 100; count += 1) context.beginEvent();
    expect(added.mock.calls.length - removed.mock.calls.length).toBe(1);
    expect(vi.getTimerCount()).toBe(1);
    door.abort();
    expect(context.presentSignal.aborted).toBe(true);
    expect(timersAfterATick()).toBe(0);
  });
});
