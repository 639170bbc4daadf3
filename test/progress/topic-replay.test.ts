import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BadCursor, type TopicEvent } from '../../src/progress/types.ts';
import { openTopic, subscribe, type Thing, thing } from './polled-topic.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything happen that is due by then. */
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

const isLast = (one: Thing, all: readonly Thing[]) => all.findLast(({ id }) => id === one.id) === one;

describe('a subscriber that does not keep up', () => {
  test('gets the newest state of each thing', async () => {
    const { topic, tell } = openTopic();
    const watch = topic.watch({});
    tell(thing('a', 1), thing('b', 1));
    for (let n = 2; n <= 20; n += 1) tell(thing('a', n));
    await pass(30_000);
    expect(watch.waiting).toBe(2);
    expect((await watch.next()).value).toMatchObject({ value: thing('a', 20) });
    expect((await watch.next()).value).toMatchObject({ value: thing('b', 1) });
  });

  test('is told of a gap when more things have changed than can wait, and goes on after it', async () => {
    const { topic, tell } = openTopic({ maxEntries: 10 });
    const watch = topic.watch({});
    for (let batch = 0; batch < 50; batch += 1) {
      tell(...Array.from({ length: 5 }, (_, n) => thing(`thing ${batch} ${n}`, n)));
    }
    await pass(60_000);
    expect(watch.waiting).toBeLessThanOrEqual(20);
    const first = await watch.next();
    expect(first.value).toMatchObject({ kind: 'gap' });
    const rest: string[] = [];
    while (watch.waiting > 0) {
      const { value } = await watch.next();
      if (value?.kind === 'change') rest.push(value.value.id);
    }
    expect(rest.at(-1)).toBe('thing 49 4');
    expect(new Set(rest).size).toBe(rest.length);
  });

  test('is never shown anything that came after a gap before it', async () => {
    const { topic, tell, next } = openTopic();
    const watch = topic.watch({});
    tell(thing('a', 1));
    next.push(() => ({ startsAnew: true, changes: [thing('a', 2)] }));
    tell(thing('a', 3));
    await pass(4_000);
    const events = [];
    while (watch.waiting > 0) events.push((await watch.next()).value);
    expect(events).toMatchObject([
      { kind: 'change', value: thing('a', 1) },
      { kind: 'gap' },
      { kind: 'change', value: thing('a', 3) },
    ]);
  });
});

describe('a subscriber that comes back with a cursor', () => {
  test('is told each event after it, also several of one thing, and then what comes', async () => {
    const { topic, tell } = openTopic();
    const { cursor: start } = topic;
    const first = subscribe(topic);
    tell(thing('a', 1), thing('b', 1), thing('a', 2), thing('a', 3));
    await pass(0);
    await first.watch.return();
    const returned = subscribe(topic, { after: start });
    const alone = subscribe(topic, { after: start, only: 'a' });
    tell(thing('a', 4));
    await pass(1_200);
    expect(returned.told).toEqual([thing('a', 1), thing('b', 1), thing('a', 2), thing('a', 3), thing('a', 4)]);
    expect(alone.told).toEqual([thing('a', 1), thing('a', 2), thing('a', 3), thing('a', 4)]);
    const again = subscribe(topic, { after: returned.cursors[1] });
    await pass(0);
    expect(again.told).toEqual(returned.told.slice(2));
    expect(again.cursors).toEqual(returned.cursors.slice(2));
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'misses nothing when it read slowly and stopped after %i events',
    async (stop) => {
      const { topic, tell } = openTopic();
      const { cursor: start } = topic;
      const slow = topic.watch({});
      const changes = Array.from({ length: 40 }, (_, n) => thing(`thing ${(n * n + n) % 7}`, n));
      for (let from = 0; from < changes.length; from += 8) tell(...changes.slice(from, from + 8));
      await pass(6_000);
      const read: (TopicEvent<Thing> | undefined)[] = [];
      while (read.length < stop && slow.waiting > 0) read.push((await slow.next()).value);
      await slow.return();
      const rest = subscribe(topic, { after: read.at(-1)?.cursor ?? start });
      await pass(0);
      const seen = [...read.map((event) => (event?.kind === 'change' ? event.value : 'gap')), ...rest.told];
      for (const { id, n } of changes.filter((one) => isLast(one, changes))) expect(seen).toContainEqual(thing(id, n));
      expect(seen).not.toContain('gap');
    },
  );

  test('is told what changed while nobody watched', async () => {
    const { topic, tell } = openTopic();
    const first = subscribe(topic);
    tell(thing('a', 1));
    await pass(0);
    await first.watch.return();
    await pass(30_000);
    tell(thing('a', 2));
    const returned = subscribe(topic, { after: first.cursors[0] });
    await pass(0);
    expect(returned.told).toEqual([thing('a', 2)]);
  });

  test('is told of a gap when the log no longer holds what came after it, or began anew', async () => {
    const { topic, tell, next } = openTopic({ maxEntries: 2 });
    const { cursor } = topic;
    const first = subscribe(topic);
    tell(thing('a', 1), thing('b', 1), thing('c', 1));
    await pass(0);
    const late = subscribe(topic, { after: cursor });
    await pass(0);
    expect(late.told).toEqual(['gap']);
    expect(late.cursors).toEqual([topic.cursor]);
    next.push(() => ({ startsAnew: true }));
    await pass(1_200);
    const later = subscribe(topic, { after: first.cursors[0] });
    await pass(0);
    expect(later.told).toEqual(['gap']);
  });

  test('is refused when it is not of this topic, and is not watching then', () => {
    const { topic, polls } = openTopic();
    expect(() => topic.watch({ after: 'AAAA' })).toThrow(BadCursor);
    expect(topic.watchers).toBe(0);
    expect(polls).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
