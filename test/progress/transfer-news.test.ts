import { describe, expect, test } from 'vitest';
import { adasTags, type Subscription, watchTransfer } from './open-context.ts';
import { listen, until } from './watched-node.ts';
import { startFeed } from './written-feed.ts';

const spec = { direction: 'send', tags: adasTags, cookie: 'from-the-portal', destination_path: '/in' };
const session = (id: string, status: string) => ({ id, status });

/** A transfer of ada's with one running session. */
const going = (bytes: number, more: object = {}) => ({
  ...{ id: 'a', status: 'running', bytes_transferred: bytes, start_spec: spec },
  ...{ sessions: [session('s1', 'running')], precalc: { status: 'ready', bytes_expected: 100 } },
  ...more,
});
const over = (bytes: number) => going(bytes, { status: 'completed', sessions: [session('s1', 'completed')] });

const bytesOf = ({ told }: Subscription) => told.map(({ transfer }) => transfer.bytesTransferred);
const progressOf = ({ told }: Subscription) => told.map(({ transfer }) => transfer.progress);

/** A subscriber to a transfer whose node says what the test writes; `present` is the answer to a look-up. */
async function watchWritten(present: object) {
  const world = await startFeed();
  world.feed.single = () => ({ json: present });
  const subscription = watchTransfer(world, 'a');
  await until(() => subscription.told.length).toBe(1);
  return { ...world, subscription };
}

describe('a subscriber to one transfer', () => {
  test('is not told again what it was just shown', async () => {
    const { feed, reads, subscription } = await watchWritten(going(10));
    feed.items.push(going(10));
    const before = reads.length;
    await until(() => reads.length).toBeGreaterThan(before + 2);
    expect(bytesOf(subscription)).toEqual([10]);
    feed.items.push(going(10, { sessions: [{ ...session('s1', 'running'), stalled: true }] }));
    await until(() => bytesOf(subscription)).toEqual([10, 10]);
  });

  test('is not told what was on the way when it was shown something newer', async () => {
    const { feed, subscription } = await watchWritten(going(50));
    feed.items.push(going(40));
    feed.items.push(going(60));
    await until(() => bytesOf(subscription)).toEqual([50, 60]);
    // What comes now was not on the way then: the node counts as it says.
    feed.items.push(going(55));
    await until(() => bytesOf(subscription)).toEqual([50, 60, 55]);
    const next = await watchWritten(going(50));
    next.feed.items.push(going(40));
    await until(() => next.reads.at(-1)).toBe(0);
    expect(bytesOf(next.subscription)).toEqual([50]);
    next.feed.items.push(over(100));
    await until(() => bytesOf(next.subscription)).toEqual([50, 100]);
    expect(next.subscription.end).toBe('over');
  });

  test('is told when the bytes count less after a new start', async () => {
    const { feed, subscription } = await watchWritten(going(50));
    feed.items.push(going(5, { sessions: [session('s1', 'failed'), session('s2', 'running')] }));
    await until(() => bytesOf(subscription)).toEqual([50, 5]);
  });

  test('does not see progress fall because events leave out what was there already', async () => {
    const files = [
      { id: 'f1', path: '/x', status: 'skipped', size: 80 },
      { id: 'f2', path: '/y', status: 'transferring', size: 20, bytes_written: 5 },
    ];
    const { feed, subscription } = await watchWritten(going(5, { files }));
    feed.items.push(going(10));
    await until(() => progressOf(subscription)).toEqual([0.85, 0.85]);
    // A retry begins with less, and says so.
    feed.items.push(going(10, { sessions: [session('s1', 'failed')] }));
    await until(() => progressOf(subscription)).toEqual([0.85, 0.85, 0.1]);
    expect(subscription.told.at(-1)?.transfer.retrying).toBe(true);
    feed.items.push(over(20));
    await until(() => progressOf(subscription).at(-1)).toBe(1);
  });

  test('sees the spec in each event, and the cookie in none of those that the log keeps', async () => {
    const { feed, topic, subscription } = await watchWritten(going(5));
    const dashboard = listen(topic);
    feed.items.push(going(10));
    await until(() => bytesOf(subscription)).toEqual([5, 10]);
    for (const { transfer } of subscription.told) expect(transfer.spec).toMatchObject({ destination_path: '/in' });
    await until(() => dashboard.told).toMatchObject([{ spec: {}, destinationPath: '/in', tags: {}, marks: adasTags }]);
    expect(JSON.stringify(dashboard.told)).not.toContain('from-the-portal');
  });

  test.each([1, 3])('whose node shows the end %i looks after it was told hears of the end', async (looks) => {
    const { feed, topic, progress, source } = await startFeed();
    const dashboard = listen(topic);
    feed.items.push(over(100));
    await until(() => dashboard.told).toHaveLength(1);
    const answers = Array.from({ length: looks }, () => going(99));
    feed.single = () => ({ json: answers.shift() ?? over(100) });
    const late = watchTransfer({ source, progress }, 'a');
    await until(() => late.end).toBe('over');
    // The poll may have had the first look.
    expect(bytesOf(late).at(-1)).toBe(100);
    expect(dashboard.told).toHaveLength(1);
  });

  test.each(['a change', 'nothing'])(
    'is told of a gap when the node could not be asked just then, and %s came',
    async (what) => {
      const { feed, clock, asked, subscription } = await watchWritten(going(10));
      feed.items.push(going(20));
      await until(() => bytesOf(subscription)).toEqual([10, 20]);
      feed.single = () => ({ status: 503 });
      const before = asked('/ops/transfers/a');
      Object.assign(feed, { base: 10, items: [] });
      await until(() => asked('/ops/transfers/a')).toBeGreaterThan(before);
      expect(subscription.end).toBeUndefined();
      feed.single = () => ({ json: going(20) });
      if (what === 'nothing') clock.advance(61_000);
      else feed.items.push(going(30));
      await until(() => subscription.told.length).toBe(3);
      expect(bytesOf(subscription)).toEqual([10, 20, what === 'nothing' ? 20 : 30]);
      expect(subscription.told.map(({ gap }) => gap)).toEqual([false, false, true]);
      feed.items.push(going(40));
      await until(() => subscription.told.at(-1)).toMatchObject({ gap: false, transfer: { bytesTransferred: 40 } });
    },
  );

  test('is told of a gap with the present state, and that it is gone when it is', async () => {
    const { feed, subscription } = await watchWritten(going(10));
    feed.items.push(going(20));
    await until(() => bytesOf(subscription)).toEqual([10, 20]);
    feed.single = () => ({ json: going(70) });
    Object.assign(feed, { base: 10, items: [] });
    await until(() => subscription.told.at(-1)).toMatchObject({ gap: true, transfer: { bytesTransferred: 70 } });
    feed.items.push(going(80));
    await until(() => subscription.told.at(-1)).toMatchObject({ gap: false, transfer: { bytesTransferred: 80 } });
    feed.single = () => ({ status: 404, json: { error: { code: 404 } } });
    Object.assign(feed, { base: 1, items: [] });
    await until(() => subscription.end).toEqual({ error: expect.objectContaining({ code: 'NOT_FOUND' }) });
  });
});
