import { describe, expect, test } from 'vitest';
import { listen, until } from './watched-node.ts';
import { running, startFeed } from './written-feed.ts';

const MINUTE = 61_000;

/** A feed that has told of `a`, to somebody who watches everything and somebody who watches `a`. */
async function tellOfA() {
  const world = await startFeed();
  const dashboard = listen(world.topic);
  const watcher = listen(world.topic, { only: 'a' });
  world.feed.items.push(running('a', 1));
  await until(() => watcher.told).toHaveLength(1);
  return { ...world, dashboard, watcher };
}

const bytesOf = ({ told }: ReturnType<typeof listen>) =>
  told.map((one) => (one === 'gap' ? 'gap' : one.bytesTransferred));

describe('a feed that is silent', () => {
  test('about what the node shows, and goes on being so, begins anew: once', async () => {
    const { feed, clock, polled, dashboard, watcher, asked } = await tellOfA();
    feed.active = [running('a', 2)];
    clock.advance(MINUTE);
    await until(() => bytesOf(watcher)).toEqual([1, 2]);
    await polled(3);
    clock.advance(11_000);
    await until(() => bytesOf(watcher)).toEqual([1, 2, 'gap']);
    await polled(3);
    feed.items.push(running('a', 3));
    await until(() => bytesOf(watcher)).toEqual([1, 2, 'gap', 3]);
    expect(bytesOf(dashboard)).toEqual([1, 2, 'gap', 3]);
    expect(asked('active_only')).toBe(1);
  });

  test('only for a moment is heard out', async () => {
    const { feed, clock, polled, watcher, dashboard } = await tellOfA();
    feed.active = [running('a', 2)];
    clock.advance(MINUTE);
    await until(() => bytesOf(watcher)).toEqual([1, 2]);
    feed.items.push(running('a', 3));
    await until(() => bytesOf(watcher)).toEqual([1, 2, 3]);
    clock.advance(11_000);
    await polled(3);
    expect(bytesOf(dashboard)).toEqual([1, 2, 3]);
  });

  test('is not suspected for what changes while it is being read', async () => {
    const { feed, clock, polled, watcher, asked } = await tellOfA();
    feed.active = [running('a', 3)];
    // In one poll: the feed tells 2, and the node, asked a moment later, shows 3.
    const { promise, resolve } = Promise.withResolvers<void>();
    feed.afterPage = resolve;
    feed.items.push(running('a', 2));
    clock.advance(MINUTE);
    await promise;
    await until(() => asked('active_only')).toBeGreaterThan(0);
    clock.advance(9_000);
    await polled(2);
    clock.advance(11_000);
    await polled(3);
    expect(bytesOf(watcher)).not.toContain('gap');
  });

  test('about what it never told of is not suspected until that changes, and then once', async () => {
    const { feed, clock, polled, dashboard, asked } = await tellOfA();
    feed.active = [running('old', 1)];
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(MINUTE);
      await until(() => asked('active_only')).toBe(minute);
      await polled(3);
    }
    expect(bytesOf(dashboard)).toEqual([1]);
    feed.active = [running('old', 2)];
    clock.advance(MINUTE);
    await until(() => asked('active_only')).toBe(4);
    await polled(2);
    clock.advance(11_000);
    await until(() => bytesOf(dashboard)).toContain('gap');
    await polled(5);
    expect(bytesOf(dashboard).filter((one) => one === 'gap')).toHaveLength(1);
  });
});

describe('a transfer that is watched alone and not heard of', () => {
  test('is asked for singly once a minute, also when the node fails to answer', async () => {
    const { feed, clock, polled, watcher, asked } = await tellOfA();
    feed.single = () => ({ status: 500 });
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(MINUTE);
      await until(() => asked('/ops/transfers/a')).toBe(minute);
      await polled(5);
      expect(asked('/ops/transfers/a')).toBe(minute);
    }
    expect(watcher).toMatchObject({ end: undefined });
    feed.single = () => ({ json: { ...running('a', 9), status: 'completed' } });
    clock.advance(MINUTE);
    await until(() => bytesOf(watcher)).toEqual([1, 9]);
  });

  test('is asked for among others in small groups, and the feed is read in between', async () => {
    const { node, feed, topic, clock, asked } = await startFeed();
    const ids = Array.from({ length: 12 }, (_, n) => `rests${n}`);
    const listeners = ids.map((id) => listen(topic, { only: id }));
    await until(() => asked('iteration_token')).toBeGreaterThan(0);
    feed.single = (id) => ({ json: { ...running(id, 1), status: 'paused' } });
    clock.advance(MINUTE);
    await until(() => listeners.every(({ told }) => told.length === 1)).toBe(true);
    const kinds = node.requests.map(({ url }) => (url.includes('/ops/transfers/') ? 'single' : 'feed')).join(' ');
    const groups = kinds.match(/(?:single ?)+/g)?.map((group) => group.trim().split(' ').length);
    expect(groups).toEqual([5, 5, 2]);
  });

  test('is given a minute anew when somebody comes back to it', async () => {
    const { topic, clock, polled, asked, watcher } = await tellOfA();
    const other = listen(topic, { only: 'b' });
    await polled(2);
    await other.leave();
    await watcher.leave();
    await polled(2);
    clock.advance(2 * MINUTE);
    const returned = listen(topic, { only: 'b' });
    await polled(4);
    expect(asked('/ops/transfers/b')).toBe(0);
    clock.advance(MINUTE);
    await until(() => returned.end).toEqual({ error: expect.objectContaining({ code: 'NOT_FOUND' }) });
    expect(asked('/ops/transfers/b')).toBe(1);
  });

  test('costs nothing while the feed tells of it', async () => {
    const { feed, clock, topic, watcher, dashboard, asked, polled } = await tellOfA();
    await dashboard.leave();
    for (let step = 2; step <= 8; step += 1) {
      clock.advance(30_000);
      feed.items.push(running('a', step));
      await until(() => watcher.told).toHaveLength(step);
    }
    await polled(2);
    expect([asked('/ops/transfers/'), asked('active_only')]).toEqual([0, 0]);
    expect(topic.watchers).toBe(1);
  });
});
