import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { measureTakeOver, pollOwner } from '../../helpers/poll-owner.ts';
import {
  type Door,
  isEnd,
  KEY_PREFIX,
  PATIENCE,
  type Subscriber,
  startWorld,
  type Told,
  until,
  type World,
} from './gateway-world.ts';

/** Fifty transfers run; each fault meets ten of them, of which some end before it, some in it, and some after it. */
const TRANSFERS = 50;
const EACH = 10;

/** Longer than any lease, so that whoever wakes up has long been replaced. */
const STOPPED_MS = 10_000;

/** For one fault, on a busy machine. */
const TIMEOUT_MS = 60_000;

let world: World;
let dashboards: Subscriber[];
let watchers: Map<string, Subscriber>;
let faults = 0;

beforeAll(async () => {
  world = await startWorld(TRANSFERS);
  dashboards = [world.subscribers.everything(0), world.subscribers.everything(1)];
  watchers = new Map(world.started.map(({ id, transferId }, n) => [transferId, world.subscribers.one(n, id)]));
  const all = [...dashboards, ...watchers.values()];
  await vi.waitFor(() => expect(all.filter(({ told }) => told.length === 0)).toEqual([]), PATIENCE);
}, 90_000);

afterAll(async () => {
  world?.subscribers.end();
  await world?.stop();
});

interface Place {
  readonly epoch: string;
  readonly sequence: number;
}

function placeOf({ cursor }: Told): Place {
  const [, , epoch, sequence] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [1, string, string, number];
  return { epoch, sequence };
}

const endsIn = (subscriber: Subscriber) => subscriber.told.filter(isEnd);

/** Nothing comes of an epoch that is over, each epoch begins with a gap, and within one events are in order. */
function expectOrder({ told }: Subscriber): void {
  const seen: string[] = [];
  let last: Place | undefined;
  for (const event of told) {
    const place = placeOf(event);
    if (place.epoch === last?.epoch) {
      expect(place.sequence).toBeGreaterThanOrEqual(last.sequence);
    } else if (last && last.epoch !== '~') {
      expect(event.gap).toBe(true);
      expect(seen).not.toContain(place.epoch);
    }
    last = place;
    seen.push(place.epoch);
  }
}

/** What the stream holds. */
async function readStream(): Promise<{ epoch: string; changes: { sequence: number; transferId: string }[] }> {
  const [key] = (await world.redis.send('KEYS', `${KEY_PREFIX}*:log`)) as string[];
  const epoch = (await world.redis.send('HGET', (key ?? '').replace(/log$/, 'state'), 'epoch')) as string;
  const entries = (await world.redis.send('XRANGE', key ?? '', '-', '+')) as [string, string[]][];
  const changes = entries.flatMap(([id, [, kind, , value = '{}']]) => {
    const { transferId } = JSON.parse(kind === 'change' ? value : '{}') as { transferId?: string };
    return transferId === undefined ? [] : [{ sequence: Number(id.split('-')[0]), transferId }];
  });
  return { epoch, changes };
}

/** Whoever returns is told exactly what the stream holds after their cursor, or of a gap. */
async function expectReplay(door: Door, event: Told): Promise<'exact' | 'gap'> {
  const { epoch, sequence } = placeOf(event);
  const held = await readStream();
  const after = held.changes.filter((one) => one.sequence > sequence);
  const told = await world.subscribers.returning(door, event.cursor, after.length);
  if (told[0]?.gap) {
    expect(epoch).not.toBe(held.epoch);
    return 'gap';
  }
  expect(epoch).toBe(held.epoch);
  expect(
    told.map(({ transferId, ...one }) => ({ sequence: placeOf({ transferId, ...one }).sequence, transferId })),
  ).toEqual(after);
  return 'exact';
}

const openDoors = () => world.doors.filter(({ isOpen }) => isOpen);

/** The transfers of one fault, in three parts. */
function takeTransfers() {
  const ids = world.started.slice(faults * EACH, (faults + 1) * EACH).map(({ transferId }) => transferId);
  faults += 1;
  return { all: ids, before: ids.slice(0, 3), during: ids.slice(3, 7), after: ids.slice(7) };
}

const gapsOf = ({ told }: Subscriber) => told.filter(({ gap }) => gap).length;

/**
 * Each end has been told once to each who watches the transfer; and to those who watch everything, unless a gap has told
 * them to look: they had so many before.
 */
async function expectEnds(ids: readonly string[], gapsBefore: readonly number[]): Promise<void> {
  for (const id of ids) {
    await until(() => watchers.get(id)?.isOver).toBe(true);
    const watcher = watchers.get(id);
    if (!watcher) throw new Error('everything is watched');
    expect(endsIn(watcher)).toHaveLength(1);
    expect(watcher.errors).toEqual([]);
    expectOrder(watcher);
  }
  for (const [index, dashboard] of dashboards.entries()) {
    const timesOf = (id: string) => endsIn(dashboard).filter(({ transferId }) => transferId === id).length;
    // What comes last has everything before it behind it, or a gap.
    await until(() => timesOf(ids.at(-1) ?? '')).toBe(1);
    const isToldToLook = gapsOf(dashboard) > (gapsBefore[index] ?? 0);
    if (!isToldToLook) await until(() => ids.filter((id) => timesOf(id) > 0)).toEqual(ids);
    expect(ids.filter((id) => timesOf(id) > 1)).toEqual([]);
    expect(dashboard.errors).toEqual([]);
    expectOrder(dashboard);
  }
}

const samples = (told: readonly Told[]) => [told.at(-20), told.at(-5), told.at(-1)].filter((one) => one !== undefined);

/** Cursors from before a fault and from after it, at every gateway. */
async function expectReplays(before: readonly Told[]): Promise<void> {
  const after = dashboards.flatMap(({ told }) => samples(told));
  for (const door of openDoors()) {
    for (const event of [...samples(before), ...after]) await expectReplay(door, event);
  }
}

const doorOf = (pid: number) => {
  const door = world.doors.find(({ process }) => process.pid === pid);
  if (!door) throw new Error('the owner is one of ours');
  return door;
};

describe('two gateways that share their polls', () => {
  it(
    'go on when the owner is stopped for a while, and the owner follows when it wakes up',
    async () => {
      const { all, before, during, after } = takeTransfers();
      await world.cancel(before);
      const told = [...(dashboards[0]?.told ?? [])];
      const gaps = dashboards.map(gapsOf);
      const stoppedMs = performance.now();
      const { before: owner, after: next } = await measureTakeOver(world.redis, KEY_PREFIX, ({ pid }) =>
        doorOf(pid).process.signal('SIGSTOP'),
      );
      expect(next.epoch).toBeGreaterThan(owner.epoch);
      await world.cancel(during);
      const awake = dashboards[world.doors.indexOf(doorOf(next.pid))];
      await until(() => (awake ? endsIn(awake).length : 0)).toBeGreaterThanOrEqual(before.length + during.length);
      await until(() => performance.now() - stoppedMs).toBeGreaterThan(STOPPED_MS);
      doorOf(owner.pid).process.signal('SIGCONT');
      await world.cancel(after);
      await expectEnds(all, gaps);
      await until(async () => (await pollOwner(world.redis, KEY_PREFIX))?.pid).toBe(next.pid);
      // Nothing was lost: nobody was told of a gap.
      for (const dashboard of dashboards) expect(dashboard.told.filter(({ gap }) => gap)).toEqual([]);
      await expectReplays(told);
    },
    TIMEOUT_MS,
  );

  it(
    'go on when Redis loses everything',
    async () => {
      const { all, before, during, after } = takeTransfers();
      await world.cancel(before);
      const told = [...(dashboards[0]?.told ?? [])];
      const gaps = dashboards.map(gapsOf);
      await world.redis.send('FLUSHALL');
      await world.cancel(during);
      await until(() => dashboards.map((one) => one.told.some(({ gap }) => gap))).toEqual([true, true]);
      await world.cancel(after);
      await expectEnds(all, gaps);
      await expectReplays(told);
    },
    TIMEOUT_MS,
  );

  it.each([true, false])(
    'go on when Redis is started again (with its data: %s)',
    async (withData) => {
      const { all, before, during, after } = takeTransfers();
      await world.cancel(before);
      const told = [...(dashboards[0]?.told ?? [])];
      const gaps = dashboards.map(gapsOf);
      await world.redis.kill();
      await world.cancel(during);
      await world.redis.start({ withData });
      await world.cancel(after);
      await expectEnds(all, gaps);
      await expectReplays(told);
    },
    TIMEOUT_MS,
  );

  it(
    'go on when the owner is killed',
    async () => {
      const { all, before, during, after } = takeTransfers();
      await world.cancel(before);
      const told = [...(dashboards[0]?.told ?? [])];
      const gaps = dashboards.map(gapsOf);
      const { before: owner, after: next } = await measureTakeOver(world.redis, KEY_PREFIX, async ({ pid }) => {
        const door = doorOf(pid);
        door.isOpen = false;
        await door.process.kill();
        await world.cancel(during);
      });
      expect(next.epoch).toBeGreaterThan(owner.epoch);
      await world.open();
      await world.cancel(after);
      await expectEnds(all, gaps);
      // The log outlives its owner: whoever returned with a cursor has missed nothing.
      expect(dashboards.map(gapsOf)).toEqual(gaps);
      await expectReplays(told);
    },
    TIMEOUT_MS,
  );
});
