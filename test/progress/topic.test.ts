import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, openTopic, subscribe, type Thing, thing } from './polled-topic.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything happen that is due by then. */
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('a topic', () => {
  test('polls once however many watch, from the first to the last', async () => {
    const { topic, polls, tell } = openTopic();
    expect(polls).toHaveLength(0);
    const readers = Array.from({ length: 50 }, () => subscribe(topic));
    tell(thing('a', 1));
    await pass(0);
    expect(polls).toHaveLength(1);
    expect(topic.watchers).toBe(50);
    for (const { told } of readers) expect(told).toEqual([thing('a', 1)]);
    await pass(10_500);
    expect(polls.length).toBeGreaterThanOrEqual(9);
    expect(polls.length).toBeLessThanOrEqual(11);
    for (const { watch } of readers) await watch.return();
    const before = polls.length;
    await pass(60_000);
    expect(polls).toHaveLength(before);
    expect(topic.watchers).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('tells each subscriber what concerns it, in order and with cursors of its own', async () => {
    const { topic, tell } = openTopic();
    const everything = subscribe(topic);
    const alone = subscribe(topic, { only: 'a' });
    const odd = subscribe(topic, { accepts: ({ n }) => n % 2 === 1 });
    const oddAndAlone = subscribe(topic, { only: 'b', accepts: ({ n }) => n % 2 === 1 });
    tell(thing('a', 1), thing('b', 2));
    tell(thing('b', 3), thing('a', 4));
    await pass(1_200);
    expect(everything.told).toEqual([thing('a', 1), thing('b', 2), thing('b', 3), thing('a', 4)]);
    expect(alone.told).toEqual([thing('a', 1), thing('a', 4)]);
    expect(odd.told).toEqual([thing('a', 1), thing('b', 3)]);
    expect(oddAndAlone.told).toEqual([thing('b', 3)]);
    expect(new Set(everything.cursors).size).toBe(4);
    expect(everything.cursors.at(-1)).toBe(topic.cursor);
  });

  test('tells its poll what is watched alone, and whether everything is', async () => {
    const { topic, source } = openTopic();
    const seen: unknown[] = [];
    source.always = (_signal, watched) => {
      seen.push([watched.everything, [...watched.ids()], watched.has('a')]);
      return {};
    };
    const first = subscribe(topic, { only: 'a' });
    const second = subscribe(topic, { only: 'a' });
    const third = subscribe(topic, { only: 'b' });
    await pass(0);
    await first.watch.return();
    await third.watch.return();
    const everything = subscribe(topic);
    await pass(1_200);
    await second.watch.return();
    await pass(1_200);
    subscribe(topic, { only: 'c' });
    await everything.watch.return();
    await pass(1_200);
    expect(seen).toEqual([
      [false, ['a', 'b'], true],
      [true, ['a'], true],
      [true, [], false],
      [false, ['c'], false],
    ]);
  });

  test('tells a subscriber that joins in the middle of a poll what that poll finds', async () => {
    const { topic, polls, next } = openTopic();
    const answer = Promise.withResolvers<{ changes: Thing[] }>();
    next.push(() => answer.promise);
    subscribe(topic);
    await pass(300);
    const late = subscribe(topic);
    expect(polls).toHaveLength(1);
    answer.resolve({ changes: [thing('a', 1)] });
    await pass(0);
    expect(late.told).toEqual([thing('a', 1)]);
    expect(polls).toHaveLength(1);
  });

  test('aborts the poll under way when the last one leaves, and never polls twice at a time', async () => {
    const { topic, polls, next, source } = openTopic();
    let running = 0;
    let most = 0;
    const slow = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 400));
      running -= 1;
      return { changes: [thing('a', polls.length)] };
    };
    source.always = slow;
    const first = subscribe(topic);
    const second = subscribe(topic);
    await pass(100);
    await first.watch.return();
    expect(polls[0]?.signal.aborted).toBe(false);
    await second.watch.return();
    expect(polls[0]?.signal.aborted).toBe(true);
    next.push(slow);
    const third = subscribe(topic);
    await pass(2_000);
    expect(most).toBe(1);
    expect(polls.length).toBeGreaterThanOrEqual(2);
    await third.watch.return();
  });

  test('keeps what a poll has found although the last one left in the middle of it', async () => {
    const { topic, next } = openTopic();
    const { cursor } = topic;
    next.push(async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return { changes: [thing('a', 1)] };
    });
    const first = subscribe(topic);
    await pass(100);
    await first.watch.return();
    await pass(1_000);
    const returned = subscribe(topic, { after: cursor });
    await pass(0);
    expect(returned.told).toEqual([thing('a', 1)]);
  });

  test('fails a subscriber alone that cannot say what concerns it', async () => {
    const { topic, tell } = openTopic();
    const fault = new Error('a fault in the subscriber');
    const broken = subscribe(topic, {
      accepts: () => {
        throw fault;
      },
    });
    const other = subscribe(topic);
    tell(thing('a', 1));
    tell(thing('a', 2));
    await pass(1_200);
    expect(broken.told).toEqual([{ error: fault }]);
    expect(other.told).toEqual([thing('a', 1), thing('a', 2)]);
    expect(topic.watchers).toBe(1);
  });
});

describe('a source that loses things', () => {
  test('that can no longer say what changed has every subscriber told of a gap', async () => {
    const { topic, tell, next } = openTopic();
    const readers = [subscribe(topic), subscribe(topic, { only: 'a' }), subscribe(topic, { only: 'z' })];
    const { cursor } = topic;
    tell(thing('a', 1));
    next.push(() => ({ startsAnew: true, changes: [thing('a', 2)] }));
    await pass(1_200);
    expect(readers.map(({ told }) => told)).toEqual([
      [thing('a', 1), 'gap', thing('a', 2)],
      [thing('a', 1), 'gap', thing('a', 2)],
      ['gap'],
    ]);
    expect(topic.cursor).not.toBe(cursor);
  });

  test('that begins anew each time is asked less and less often', async () => {
    const { topic, polls, source } = openTopic();
    source.always = () => ({ startsAnew: true });
    subscribe(topic);
    await pass(60_000);
    expect(polls.length).toBeLessThan(9);
    source.always = () => ({});
    await pass(40_000);
    const before = polls.length;
    await pass(10_000);
    expect(polls.length - before).toBeGreaterThanOrEqual(9);
  });

  test('that loses a thing fails those who watch it alone, and nobody else', async () => {
    const { topic, tell, next } = openTopic();
    const error = failure('NOT_FOUND');
    const everything = subscribe(topic);
    const lost = [subscribe(topic, { only: 'a' }), subscribe(topic, { only: 'a' })];
    const other = subscribe(topic, { only: 'b' });
    next.push(() => ({ changes: [thing('a', 1)], lost: [{ id: 'a', error }] }));
    tell(thing('b', 1));
    await pass(1_200);
    for (const { told } of lost) expect(told).toEqual([thing('a', 1), { error }]);
    expect(other.told).toEqual([thing('b', 1)]);
    expect(everything.told).toEqual([thing('a', 1), thing('b', 1)]);
    expect(topic.watchers).toBe(2);
  });

  test('repeats a thing to those who watch it alone, and to the log not at all', async () => {
    const { topic, tell, next } = openTopic();
    const everything = subscribe(topic);
    const alone = subscribe(topic, { only: 'a' });
    tell(thing('a', 1));
    next.push(() => ({ repeats: [thing('a', 2)] }));
    await pass(1_200);
    expect(alone.told).toEqual([thing('a', 1), thing('a', 2)]);
    expect(everything.told).toEqual([thing('a', 1)]);
    expect(alone.cursors[1]).toBe(alone.cursors[0]);
  });
});

test('a topic says since when nobody watches', async () => {
  const { topic } = openTopic();
  const { watch } = subscribe(topic);
  expect(topic.idleSinceMs).toBeUndefined();
  await pass(5_000);
  await watch.return();
  expect(topic.idleSinceMs).toBe(Date.now());
});
