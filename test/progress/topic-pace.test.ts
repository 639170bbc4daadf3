import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, openTopic, subscribe, thing } from './polled-topic.ts';

const rejections: unknown[] = [];
const note = (reason: unknown) => void rejections.push(reason);

beforeEach(() => {
  vi.useFakeTimers();
  process.on('unhandledRejection', note);
});
afterEach(() => {
  vi.useRealTimers();
  process.off('unhandledRejection', note);
  expect(rejections.splice(0)).toEqual([]);
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** Milliseconds between one poll and the next. */
const pausesOf = (polls: readonly { readonly atMs: number }[]) =>
  polls.slice(1).map(({ atMs }, index) => atMs - (polls[index]?.atMs ?? 0));

function expectBetween(value: number | undefined, least: number, most: number) {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
}

describe('the pace of polls', () => {
  test('is quick while something is under way, slow otherwise, and never quite regular', async () => {
    const { topic, polls, source } = openTopic();
    subscribe(topic);
    await pass(30_000);
    const busy = pausesOf(polls);
    for (const pause of busy) expectBetween(pause, 1_000, 1_101);
    expect(new Set(busy).size).toBeGreaterThan(5);
    source.always = () => ({ busy: false });
    await pass(1_200);
    const before = polls.length - 1;
    await pass(60_000);
    for (const pause of pausesOf(polls.slice(before))) expectBetween(pause, 5_000, 5_501);
  });

  test('is not waited for by who comes while the topic is idle', async () => {
    const { topic, polls, source, tell } = openTopic({ idleIntervalMs: 60_000 });
    source.always = () => ({ busy: false });
    subscribe(topic);
    await pass(20_000);
    expect(polls).toHaveLength(1);
    tell(thing('a', 1));
    const late = subscribe(topic);
    await pass(0);
    expect(late.told).toEqual([thing('a', 1)]);
    tell(thing('a', 2));
    const later = subscribe(topic);
    await pass(900);
    expect(later.told).toEqual([]);
    await pass(200);
    expect(later.told).toEqual([thing('a', 2)]);
  });

  test('is not quickened by subscribers that come and go', async () => {
    const { topic, polls } = openTopic();
    for (let count = 0; count < 200; count += 1) {
      const { watch } = subscribe(topic);
      await pass(25);
      await watch.return();
      await pass(25);
    }
    expect(polls.length).toBeLessThanOrEqual(11);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is quick for who joined in the middle of a poll that found nothing under way', async () => {
    const { topic, polls, next, source } = openTopic({ idleIntervalMs: 60_000 });
    source.always = () => ({ busy: false });
    next.push(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { busy: false };
    });
    subscribe(topic);
    await pass(100);
    subscribe(topic);
    await pass(400 + 1_100);
    expect(polls).toHaveLength(2);
  });
});

describe('a source that fails', () => {
  test('is given more and more time, at most half a minute or so, and then all goes on', async () => {
    const { topic, polls, next, source, tell, warnings } = openTopic();
    source.always = () => {
      throw failure('SOURCE_UNREACHABLE');
    };
    const reader = subscribe(topic);
    await pass(5 * 60_000);
    const pauses = pausesOf(polls);
    expectBetween(pauses[0], 2_000, 2_201);
    expectBetween(pauses[1], 4_000, 4_401);
    expectBetween(pauses[2], 8_000, 8_801);
    for (const pause of pauses.slice(4)) expectBetween(pause, 30_000, 33_001);
    expect(reader.told).toEqual([]);
    expect(warnings[0]).toEqual({ code: 'SOURCE_UNREACHABLE', source: 'london', failures: 1 });
    source.always = () => ({});
    tell(thing('a', 1));
    await pass(33_001);
    expect(reader.told).toEqual([thing('a', 1)]);
    const before = polls.length;
    await pass(5_000);
    expect(polls.length - before).toBeGreaterThanOrEqual(4);
    next.push(() => Promise.reject(failure('SOURCE_UNREACHABLE')));
    await pass(1_101);
    expect(warnings.at(-1)).toEqual({ code: 'SOURCE_UNREACHABLE', source: 'london', failures: 1 });
  });

  test('says when to come again, and is not asked before, whoever comes', async () => {
    const { topic, polls, next, source } = openTopic();
    next.push(() => Promise.reject(failure('SOURCE_RATE_LIMITED', 20_000)));
    source.always = () => ({});
    const first = subscribe(topic);
    await pass(5_000);
    await first.watch.return();
    subscribe(topic);
    await pass(14_999);
    subscribe(topic);
    expect(polls).toHaveLength(1);
    await pass(2_100);
    expectBetween(pausesOf(polls)[0], 20_000, 22_001);
  });

  test('is not obeyed when it asks to be left alone for a day', async () => {
    const { topic, polls, next } = openTopic();
    next.push(() => Promise.reject(failure('SOURCE_UNAVAILABLE', 86_400_000)));
    subscribe(topic);
    await pass(11 * 60_000 + 1);
    expect(polls.length).toBeGreaterThan(1);
  });

  test('is spared no less because its subscribers leave in the middle of a poll', async () => {
    const { topic, polls, source } = openTopic();
    source.always = () => Promise.reject(failure('SOURCE_UNREACHABLE'));
    const first = subscribe(topic);
    await pass(60_000);
    await first.watch.return();
    source.always = (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const second = subscribe(topic);
    await pass(33_001);
    await second.watch.return();
    const before = polls.length;
    subscribe(topic);
    await pass(29_000);
    expect(polls).toHaveLength(before);
  });

  test.each([
    ['refuses the credential', failure('SOURCE_UNAUTHENTICATED')],
    ['does not allow it', failure('SOURCE_FORBIDDEN')],
    ['is asked wrongly', new TypeError('a fault of the gateway')],
  ])('for good, because it %s, fails its subscribers once; who comes later begins anew', async (_why, error) => {
    const { topic, polls, next, tell, warnings } = openTopic();
    tell(thing('a', 1));
    next.push(() => Promise.reject(error));
    const readers = [subscribe(topic), subscribe(topic, { only: 'a' })];
    await pass(1_200);
    for (const { told } of readers) expect(told).toEqual([thing('a', 1), { error }]);
    expect(topic.watchers).toBe(0);
    const before = polls.length;
    await pass(60_000);
    expect(polls).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
    next.push(() => Promise.reject(error));
    const later = subscribe(topic);
    await pass(0);
    expect(later.told).toEqual([{ error }]);
    expect(warnings).toMatchObject([{ failures: 1 }, { failures: 1 }]);
    tell(thing('a', 2));
    const latest = subscribe(topic, { after: readers[0]?.cursors[0] });
    await pass(1_200);
    expect(latest.told).toEqual([thing('a', 2)]);
  });

  test('at once instead of by a promise is no different', async () => {
    const { topic, next, tell } = openTopic();
    next.push(() => {
      throw failure('SOURCE_UNAVAILABLE');
    });
    tell(thing('a', 1));
    const reader = subscribe(topic);
    await pass(2_300);
    expect(reader.told).toEqual([thing('a', 1)]);
  });

  test('because it was given up fails nobody, not even who came meanwhile', async () => {
    const { topic, next, tell, warnings } = openTopic();
    next.push((signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject('aborted'))));
    const reader = subscribe(topic);
    await pass(100);
    const returned = reader.watch.return();
    tell(thing('a', 1));
    const later = subscribe(topic);
    await returned;
    await pass(1_200);
    expect(reader.told).toEqual(['over']);
    expect(later.told).toEqual([thing('a', 1)]);
    expect(warnings).toEqual([]);
  });
});

test('a topic that is polled for long leaves no listeners behind', async () => {
  const { topic, polls } = openTopic();
  subscribe(topic);
  await pass(60_000);
  expect(polls.length).toBeGreaterThan(50);
  const [first] = polls;
  expect(first && getEventListeners(first.signal, 'abort').length).toBeLessThanOrEqual(1);
});
