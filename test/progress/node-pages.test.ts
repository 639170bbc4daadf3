import { describe, expect, test } from 'vitest';
import { createProgress } from '../../src/progress/progress.ts';
import { openSource, startOddNode } from '../sources/node/odd-node.ts';
import { listen, settings, silent, until } from './watched-node.ts';
import { running, startFeed } from './written-feed.ts';

/** As the node writes times: microseconds since 1970. */
const secondsAgo = (seconds: number) => (Date.now() - seconds * 1_000) * 1_000;
const idsOf = ({ told }: ReturnType<typeof listen>) => told.map((one) => (one === 'gap' ? 'gap' : one.transferId));
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('the pages of a feed', () => {
  test('are read to their end, each item once, without one request more than there are pages', async () => {
    const { feed, reads, topic } = await startFeed();
    feed.items.push(...names('t', 250).map((id) => running(id)));
    const listener = listen(topic);
    await until(() => listener.told.length).toBe(250);
    expect(idsOf(listener)).toEqual(names('t', 250));
    expect(reads.slice(0, 3)).toEqual([100, 100, 50]);
    feed.items.push(running('next'));
    await until(() => idsOf(listener).at(-1)).toBe('next');
    expect(listener.told).toHaveLength(251);
  });

  test('beyond twenty come with the next poll, without loss', async () => {
    const { feed, reads, topic } = await startFeed();
    feed.items.push(...names('t', 4_550).map((id) => running(id)));
    const listener = listen(topic);
    const told: number[] = [];
    feed.afterPage = () => void told.push(listener.told.length);
    await until(() => listener.told.length).toBe(4_550);
    expect(idsOf(listener)).toEqual(names('t', 4_550));
    expect(reads.filter((count) => count > 0)).toHaveLength(46);
    // What the first twenty pages held is told before the others are read.
    expect([told[19], told[20], told[40]]).toEqual([0, 2_000, 4_000]);
  });

  test('tell a transfer that is on several of them as it was last', async () => {
    const { feed, topic } = await startFeed({ pageSize: 100 });
    feed.items.push(running('a', 1), ...names('t', 120).map((id) => running(id)), running('a', 2));
    const listener = listen(topic, { only: 'a' });
    await until(() => listener.told).toMatchObject([{ transferId: 'a', bytesTransferred: 2 }]);
  });

  test('lack what cannot be read, and nothing else', async () => {
    const { feed, topic } = await startFeed();
    feed.items.push(running('a'), { id: 7 }, { status: 'running' }, running('b'));
    const listener = listen(topic);
    await until(() => idsOf(listener)).toEqual(['a', 'b']);
  });

  test('that say nothing of how to go on are no answer: nothing is told again and again', async () => {
    const { feed, reads, topic } = await startFeed();
    feed.link = false;
    feed.items.push(running('a'));
    const listener = listen(topic);
    await until(() => reads.length).toBeGreaterThan(2);
    expect(listener.told).toEqual([]);
    expect(listener.end).toBeUndefined();
    feed.link = true;
    await until(() => idsOf(listener)).toEqual(['a']);
  });
});

describe('a token', () => {
  test('that goes back has subscribers told of a gap, and then what has changed', async () => {
    const { feed, topic } = await startFeed();
    feed.items.push(running('a', 1));
    const listener = listen(topic);
    await until(() => idsOf(listener)).toEqual(['a']);
    Object.assign(feed, { base: 10, items: [running('a', 2), running('b')] });
    await until(() => idsOf(listener)).toEqual(['a', 'gap', 'a', 'b']);
    feed.items.push(running('c'));
    await until(() => idsOf(listener)).toEqual(['a', 'gap', 'a', 'b', 'c']);
  });

  test('that goes back among the pages of a poll does so, too, and what had been read is not lost', async () => {
    const { feed, reads, topic } = await startFeed();
    const listener = listen(topic);
    await until(() => reads.length).toBeGreaterThan(1);
    feed.afterPage = () => {
      Object.assign(feed, { base: 10, items: names('u', 50).map((id) => running(id)), afterPage: () => undefined });
    };
    feed.items.push(...names('t', 200).map((id) => running(id)));
    await until(() => idsOf(listener)).toContain('u49');
    expect(idsOf(listener)).toEqual([...names('t', 100), 'gap', ...names('u', 50)]);
  });

  test('that is no number is followed as it is', async () => {
    const node = await startOddNode(({ url }) => {
      if (url.startsWith('/info')) return { json: { node_id: 'n1' } };
      const token = new URL(url, 'http://node').searchParams.get('iteration_token') ?? 'z';
      const next = { z: 'y', y: 'x' }[token] ?? 'x';
      const headers = { link: `<http://node/ops/transfers?iteration_token=${next}>; rel="next"` };
      return { json: token === 'x' ? [] : [running(`after ${token}`)], headers };
    });
    const source = openSource(node.url);
    const topic = createProgress({ settings, logger: silent }).transfersOf(source, source.identify(undefined));
    const listener = listen(topic);
    await until(() => idsOf(listener)).toEqual(['after z', 'after y']);
  });
});

test('a feed that always leads back into history is no feed: the node is asked less and less', async () => {
  const old = { ...running('old'), status: 'completed', end_time_usec: secondsAgo(36_000) };
  const node = await startOddNode(({ url }) => {
    if (url.startsWith('/info')) return { json: { node_id: 'n1' } };
    return { json: [old], headers: { link: '<http://node/ops/transfers?iteration_token=0>; rel="next"' } };
  });
  const source = openSource(node.url);
  const warnings: object[] = [];
  const logger = { ...silent, warn: (fields: object) => void warnings.push(fields) };
  const listener = listen(createProgress({ settings, logger }).transfersOf(source, source.identify(undefined)));
  await until(() => warnings.length).toBeGreaterThan(1);
  expect(warnings.slice(0, 2)).toEqual([
    { code: 'SOURCE_BAD_ANSWER', source: 'london', failures: 1 },
    { code: 'SOURCE_BAD_ANSWER', source: 'london', failures: 2 },
  ]);
  expect(listener.told).toEqual([]);
});

describe('the start of a feed', () => {
  test('looks five minutes back on the clock of the node, whatever that shows', async () => {
    const { feed, node, topic } = await startFeed();
    feed.info = { json: { node_id: 'n1', current_time: '2031-05-06T07:08:09Z' } };
    listen(topic);
    await until(() => node.requests.find(({ url }) => url.includes('after_time'))?.url).toContain(
      `after_time=${encodeURIComponent('2031-05-06T07:03:09Z')}`,
    );
  });

  test('does without the clock of a node that does not show it to this identity', async () => {
    const { feed, topic } = await startFeed();
    feed.info = { status: 403, json: { error: { code: 403, reason: 'Forbidden' } } };
    feed.items.push(running('a'));
    const listener = listen(topic);
    await until(() => idsOf(listener)).toEqual(['a']);
    expect(listener.end).toBeUndefined();
  });

  test('tells what is going on, and of what has ended only what ended since somebody watches', async () => {
    const { feed, topic } = await startFeed();
    const ended = (id: string, seconds: number) => ({
      ...running(id),
      status: 'completed',
      end_time_usec: secondsAgo(seconds),
    });
    feed.items.push(ended('old', 120), running('going'), ended('new', 0), { ...running('undated'), status: 'failed' });
    const listener = listen(topic);
    const waiting = listen(topic, { only: 'old' });
    await until(() => idsOf(listener)).toEqual(['old', 'going', 'new', 'undated']);
    await until(() => idsOf(waiting)).toEqual(['old']);
  });

  test('is tried again when the node fails in the middle of it, as if nothing had been', async () => {
    const { feed, topic, reads } = await startFeed();
    feed.info = { status: 503 };
    const listener = listen(topic);
    feed.items.push(running('a'));
    await until(() => topic.watchers).toBe(1);
    expect(reads).toEqual([]);
    feed.info = { status: 200 };
    await until(() => idsOf(listener)).toEqual(['a']);
  });
});
