import { describe, expect, test } from 'vitest';
import { createProgress } from '../../src/progress/progress.ts';
import { transferProgress } from '../../src/resolvers/node/transfer-progress.ts';
import { adasTags, openContext, type Subscription, watchTransfer } from './open-context.ts';
import { listen, settings, silent, startWatchedNode, until } from './watched-node.ts';

const quick = { bytes: 300_000, rateKbps: 4_000, tags: adasTags };
const tiny = { bytes: 10, tags: adasTags };
const slow = { tags: adasTags };

const statuses = ({ told }: Subscription) => told.map(({ transfer }) => transfer.status);
const isEnd = (status: string) => ['COMPLETED', 'FAILED', 'CANCELED'].includes(status);
const error = (code: string) => ({ error: expect.objectContaining({ code }) });

/** Ended as it should: by one end, which came last. */
function expectOneEnd(subscription: Subscription, status: string) {
  expect(statuses(subscription).filter(isEnd)).toEqual([status]);
  expect(statuses(subscription).at(-1)).toBe(status);
  expect(subscription.end).toBe('over');
}

describe('the life of a transfer', () => {
  test('is its present state, its changes, and its end, once', async () => {
    const world = await startWatchedNode();
    const id = await world.start(quick);
    const subscription = watchTransfer(world, id);
    await until(() => subscription.end).toBe('over');
    expectOneEnd(subscription, 'COMPLETED');
    expect(subscription.told.length).toBeGreaterThan(2);
    const states = subscription.told.map(({ transfer: { elapsedMs, averageRateKbps, files, ...state } }) => state);
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(states.length);
    for (const { transfer, gap } of subscription.told) {
      expect(gap).toBe(false);
      expect(transfer).toMatchObject({ __typename: 'NodeTransfer', sourceName: 'london', tags: adasTags });
      expect(transfer.spec).toMatchObject({ direction: 'send' });
    }
    const progress = subscription.told.map(({ transfer }) => transfer.progress ?? 0);
    expect(progress).toEqual(progress.toSorted((left, right) => left - right));
    expect(progress.at(-1)).toBe(1);
    expect(world.topic.watchers).toBe(0);
  });

  test('is its end alone when it is over', async () => {
    const world = await startWatchedNode();
    const id = await world.start(tiny);
    await world.london.ended(id);
    const subscription = watchTransfer(world, id);
    await until(() => subscription.end).toBe('over');
    expect(statuses(subscription)).toEqual(['COMPLETED']);
    expect(world.topic.watchers).toBe(0);
  });

  test('ends when it ends between the look at its present state and the first poll', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    await world.london.reaches(id, 'running');
    world.london.node.faults.add({ kind: 'latency', path: '/info', milliseconds: 400 });
    const subscription = watchTransfer(world, id);
    await until(() => statuses(subscription)).toEqual(['RUNNING']);
    expect(world.feeds()).toHaveLength(0);
    await world.cancel(id);
    await until(() => subscription.end).toBe('over');
    expectOneEnd(subscription, 'CANCELED');
  });

  test('misses nothing that was told while its present state was asked for, for who comes back', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    const dashboard = listen(world.topic);
    await until(() => dashboard.told.length).toBeGreaterThan(1);
    world.london.node.faults.add({ kind: 'latency', path: `/ops/transfers/${id}`, milliseconds: 700, times: 1 });
    const first = watchTransfer(world, id);
    const { cursor } = world.topic;
    await until(() => first.told.length).toBe(1);
    expect(world.topic.cursor).not.toBe(cursor);
    expect(first.told[0]?.cursor).toBe(cursor);
  });

  test('is not there for a viewer whose it is not, nor when there is none, and nothing is polled for them', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    const bob = watchTransfer(world, id, { viewer: 'bob' });
    const nothing = watchTransfer(world, 'no-such-transfer');
    await until(() => [bob.end, nothing.end]).toEqual([error('NOT_FOUND'), error('NOT_FOUND')]);
    expect([bob.told, nothing.told]).toEqual([[], []]);
    expect(world.topic.watchers).toBe(0);
  });

  test('ends for who goes away, in the middle of a wait or of a look-up', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    const waiting = watchTransfer(world, id);
    await until(() => waiting.told.length).toBeGreaterThan(0);
    waiting.abort();
    await until(() => waiting.end).toBe('over');
    world.london.node.faults.add({ kind: 'hang', path: `/ops/transfers/${id}` });
    const looking = watchTransfer(world, id);
    await until(() => world.topic.watchers).toBe(1);
    looking.abort();
    await until(() => looking.end).toBeDefined();
    expect(world.topic.watchers).toBe(0);
  });

  test('is given up with the iteration, read or not', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    const { context } = openContext(world.source, world.progress);
    const unread = transferProgress(context.node('london'), id, undefined, context);
    await unread.return(undefined);
    expect(world.topic.watchers).toBe(0);
    const events = transferProgress(context.node('london'), id, undefined, context);
    await events.next();
    expect(world.topic.watchers).toBe(1);
    await events.return(undefined);
    expect(world.topic.watchers).toBe(0);
  });

  test('that the node forgets ends by an error within a minute or two', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    const subscription = watchTransfer(world, id);
    await until(() => subscription.told.length).toBeGreaterThan(1);
    world.london.node.faults.add({ kind: 'drop', path: '/ops/transfers', method: 'GET' });
    await world.cancel(id);
    await world.london.flip('loseHistory');
    world.london.node.faults.clear();
    await world.polled(3);
    world.clock.advance(61_000);
    await until(() => subscription.end).toEqual(error('NOT_FOUND'));
    expect(statuses(subscription).filter(isEnd)).toEqual([]);
    expect(world.topic.watchers).toBe(0);
  });
});

describe('who comes back with a cursor', () => {
  /** A transfer that somebody followed to its end, and what they were told. */
  async function followed() {
    const world = await startWatchedNode();
    const id = await world.start(quick);
    const whole = watchTransfer(world, id);
    await until(() => whole.end).toBe('over');
    const cursors = whole.told.map(({ cursor }) => cursor);
    return { world, id, whole, cursors };
  }

  test('is told the rest that the log holds, and the end once', async () => {
    const { world, id, whole, cursors } = await followed();
    for (const [index, cursor] of cursors.slice(0, -1).entries()) {
      const rest = watchTransfer(world, id, { after: cursor });
      await until(() => rest.end).toBe('over');
      expect(rest.told.slice(-(cursors.length - 1 - index))).toEqual(whole.told.slice(index + 1));
      expectOneEnd(rest, 'COMPLETED');
    }
  });

  test('after the end is told the end, once, without a gap', async () => {
    const { world, id, cursors } = await followed();
    const again = watchTransfer(world, id, { after: cursors.at(-1) });
    await until(() => again.end).toBe('over');
    expect(again.told).toMatchObject([{ gap: false, transfer: { status: 'COMPLETED', progress: 1 } }]);
  });

  test('is told the end that the log does not hold, because nobody watched', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    const first = watchTransfer(world, id);
    await until(() => first.told.length).toBeGreaterThan(1);
    first.abort();
    await world.cancel(id);
    await world.london.ended(id);
    const returned = watchTransfer(world, id, { after: first.told.at(-1)?.cursor });
    await until(() => returned.end).toBe('over');
    expectOneEnd(returned, 'CANCELED');
    expect(returned.told.every(({ gap }) => !gap)).toBe(true);
  });

  test('in the middle is told what comes, and nothing of what was', async () => {
    const world = await startWatchedNode();
    const id = await world.start(slow);
    const first = watchTransfer(world, id);
    await until(() => first.told.length).toBeGreaterThan(2);
    first.abort();
    const last = first.told.at(-1);
    const returned = watchTransfer(world, id, { after: last?.cursor });
    await until(() => returned.told.length).toBeGreaterThan(1);
    const bytes = [last, ...returned.told].map((event) => event?.transfer.bytesTransferred ?? 0);
    expect(bytes).toEqual([...new Set(bytes)].toSorted((left, right) => left - right));
    await world.cancel(id);
    await until(() => returned.end).toBe('over');
    expectOneEnd(returned, 'CANCELED');
  });

  test('of another life of the gateway is told of a gap, with the present state, and the end once', async () => {
    const { world, id, cursors } = await followed();
    const progress = createProgress({ settings, logger: silent });
    const returned = watchTransfer({ ...world, progress }, id, { after: cursors[0] });
    await until(() => returned.end).toBe('over');
    expect(returned.told).toMatchObject([{ gap: true, transfer: { status: 'COMPLETED' } }]);
    expect(returned.told[0]?.transfer.spec).toMatchObject({ direction: 'send' });
  });

  test('of another transfer goes on with theirs: the cursor is of the node', async () => {
    const { world, cursors } = await followed();
    const other = await world.start(tiny);
    const returned = watchTransfer(world, other, { after: cursors.at(-1) });
    await until(() => returned.end).toBe('over');
    expectOneEnd(returned, 'COMPLETED');
  });

  test('is refused with one that was never given', async () => {
    const { world, id } = await followed();
    const returned = watchTransfer(world, id, { after: 'AAAA' });
    await until(() => returned.end).toMatchObject({ error: { name: 'BadCursor' } });
    expect(world.topic.watchers).toBe(0);
  });

  test('is told from the log what the node has forgotten, if it is theirs', async () => {
    const { world, id, whole, cursors } = await followed();
    await world.london.flip('loseHistory');
    const [after] = cursors;
    const ada = watchTransfer(world, id, { after });
    const bob = watchTransfer(world, id, { after, viewer: 'bob' });
    const late = watchTransfer(world, id, { after: cursors.at(-1) });
    await until(() => [ada.end, bob.end, late.end]).toEqual(['over', error('NOT_FOUND'), error('NOT_FOUND')]);
    expectOneEnd(ada, 'COMPLETED');
    expect(ada.told.at(-1)).toMatchObject({ gap: false, cursor: whole.told.at(-1)?.cursor });
    expect([bob.told, late.told]).toEqual([[], []]);
  });

  test('waits for nothing that the log told to others', async () => {
    const { world, id, cursors } = await followed();
    const dashboard = listen(world.topic, { after: cursors[0] });
    await until(() => dashboard.told.length).toBeGreaterThan(0);
    const returned = watchTransfer(world, id, { after: cursors.at(-1) });
    await until(() => returned.end).toBe('over');
    expectOneEnd(returned, 'COMPLETED');
  });
});
