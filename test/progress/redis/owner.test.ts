import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Append, Touch } from '../../../src/progress/redis/stream-log.ts';
import { failure, subscribe, thing } from '../polled-topic.ts';
import { until } from '../watched-node.ts';
import { LEASE_MS, openProcess, startTwoProcesses } from './two-processes.ts';

const limits = { maxAgeMs: 900_000, maxEntries: 100 };
const nobody: Touch = { wasAlone: false, isWhole: true, more: ['*'], less: [], watch: '', newEpoch: 'e1' };

/** The log of one topic as two processes have it that do nothing by themselves. */
async function openLogs(leaseMs = 60_000) {
  const { first, second, redis } = await startTwoProcesses({ leaseMs });
  const topic = randomUUID();
  const logs = [first, second].map(({ sharing }) => sharing.openLog(topic, limits));
  const [one, two] = logs;
  if (!one || !two) throw new Error('there are two');
  const append = (lease: string, epoch: string, more: Partial<Append> = {}): Append => ({
    ...{ lease, epoch, newEpoch: undefined, changes: ['x'], notices: [], place: 'place' },
    ...more,
  });
  return { one, two, append, redis, first, second };
}

test('a late owner is refused: neither its changes nor its place are taken', async () => {
  const { one, two, append, redis } = await openLogs();
  const mine = await one.touch(nobody);
  expect(await one.append(append(mine.holder, mine.epoch, { place: 'a' }))).toBe(true);
  expect((await two.touch(nobody)).holder).toBe(mine.holder);
  await redis.send('DEL', one.stream.replace(/log$/, 'lease'));
  const theirs = await two.touch(nobody);
  const [mineEpoch, theirEpoch] = [mine.holder, theirs.holder].map((holder) => Number(holder.split(':')[0]));
  expect(theirEpoch).toBeGreaterThan(mineEpoch ?? 0);
  expect(await one.append(append(mine.holder, mine.epoch, { changes: ['late'], place: 'late' }))).toBe(false);
  expect(await two.append(append(theirs.holder, theirs.epoch, { changes: ['y'], place: 'b' }))).toBe(true);
  const found = await one.touch(nobody);
  expect([found.place, found.holder]).toEqual(['b', theirs.holder]);
  const changes = (await one.readAfter('0-0')).filter(({ kind }) => kind === 'change');
  expect(changes).toMatchObject([{ value: 'x' }, { value: 'y' }]);
});

test('an owner whose lease has run out is refused although nobody else has it', async () => {
  const { one, append, redis } = await openLogs(LEASE_MS);
  const mine = await one.touch(nobody);
  await until(() => redis.send('EXISTS', one.stream.replace(/log$/, 'lease'))).toBe(0);
  expect(await one.append(append(mine.holder, mine.epoch))).toBe(false);
});

test('an owner that speaks of an epoch that has passed is refused', async () => {
  const { one, append } = await openLogs();
  const mine = await one.touch(nobody);
  expect(await one.append(append(mine.holder, mine.epoch, { newEpoch: 'e2', changes: ['new'] }))).toBe(true);
  expect(await one.append(append(mine.holder, mine.epoch))).toBe(false);
  expect(await one.append(append(mine.holder, 'e2'))).toBe(true);
  expect(await one.readAfter('0-0')).toMatchObject([
    { kind: 'begin', epoch: 'e2' },
    { kind: 'change', value: 'new' },
    { kind: 'change', value: 'x' },
  ]);
});

test('owner epochs go on when the lease has gone, and never repeat', async () => {
  const { one, two, redis } = await openLogs();
  const epochs: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { holder } = await (round % 2 === 0 ? one : two).touch(nobody);
    epochs.push(Number(holder.split(':')[0]));
    await redis.send('DEL', one.stream.replace(/log$/, 'lease'));
  }
  expect(epochs).toEqual([...new Set(epochs)].toSorted((left, right) => left - right));
  expect(epochs).toHaveLength(6);
});

test('keys name nobody, and begin with the prefix', async () => {
  const { redis, first } = await startTwoProcesses();
  subscribe(first.topic);
  await until(() => first.poll.polls).toBeGreaterThan(1);
  const keys = (await redis.send('KEYS', '*')) as string[];
  expect(keys.length).toBeGreaterThan(4);
  for (const key of keys) expect(key).toMatch(/^test:/);
  expect(keys.join(' ')).not.toContain('ada');
});

test('the log keeps so many changes, and who comes from before them is told of a gap', async () => {
  const { source, redis, first, open } = await startTwoProcesses({ maxEntries: 5 });
  const here = subscribe(first.topic);
  for (let n = 1; n <= 12; n += 1) {
    source.tell(`thing ${n}`, n);
    await until(() => here.told).toHaveLength(n);
  }
  const [stream] = (await redis.send('KEYS', 'test:*:log')) as string[];
  const held = (await redis.send('XRANGE', stream ?? '', '-', '+')) as [string, string[]][];
  expect(held.filter(([id]) => id.endsWith('-0'))).toHaveLength(5);
  const other = await open();
  const late = subscribe(other.topic, { after: here.cursors[5] });
  const back = subscribe(other.topic, { after: here.cursors[6] });
  await until(() => back.told).toEqual([8, 9, 10, 11, 12].map((n) => thing(`thing ${n}`, n)));
  await until(() => late.told).toEqual(['gap']);
});

test('the owner polls for what is watched anywhere, and hears of newcomers at once', async () => {
  const { first, second, open, redis } = await startTwoProcesses();
  const here = subscribe(first.topic, { only: 'a' });
  await until(() => first.poll.watched).toEqual(['a']);
  const there = subscribe(second.topic, { only: 'b' });
  await until(() => first.poll.watched).toEqual(['a', 'b']);
  expect(first.poll.everything).toBe(false);
  const all = subscribe(second.topic);
  await until(() => first.poll.everything).toBe(true);
  const third = await open();
  const gone = subscribe(third.topic, { only: 'c' });
  await until(() => first.poll.watched).toEqual(['a', 'b', 'c']);
  await gone.watch.return();
  await all.watch.return();
  await until(() => [first.poll.everything, first.poll.watched]).toEqual([false, ['a', 'b']]);
  await here.watch.return();
  await until(() => second.poll.watched).toEqual(['b']);
  await there.watch.return();
  const left = async () => [await redis.send('KEYS', 'test:*:lease'), await redis.send('KEYS', 'test:*:watching:*')];
  await until(left).toEqual([[], []]);
  const polls = [first.poll.polls, second.poll.polls];
  await third.sharing.close();
  expect([first.poll.polls, second.poll.polls]).toEqual(polls);
});

test('what a process watched is forgotten some time after it has died', async () => {
  const { redis, source, first } = await startTwoProcesses();
  subscribe(first.topic, { only: 'a' });
  await until(() => first.poll.watched).toEqual(['a']);
  const dead = openProcess(redis, source);
  subscribe(dead.topic, { only: 'b' });
  await until(() => first.poll.watched).toEqual(['a', 'b']);
  // Its connections are closed without a word, as those of a process that was killed.
  await dead.sharing.close();
  await until(() => first.poll.watched).toEqual(['a']);
});

test('repeats, losses and final failures reach those whom they concern in all processes', async () => {
  const { source, first, second } = await startTwoProcesses();
  const here = subscribe(first.topic);
  await until(() => first.poll.polls).toBeGreaterThan(1);
  const alone = subscribe(second.topic, { only: 'a' });
  const lost = subscribe(second.topic, { only: 'z' });
  await until(() => first.poll.watched).toEqual(['a', 'z']);
  source.extras.push({ repeats: [thing('a', 7)], lost: [{ id: 'z', error: failure('NOT_FOUND') }] });
  await until(() => alone.told).toEqual([thing('a', 7)]);
  await until(() => lost.told).toMatchObject([{ error: { name: 'SourceError', code: 'NOT_FOUND', source: 'london' } }]);
  expect(here.told).toEqual([]);
  first.poll.error = failure('SOURCE_FORBIDDEN');
  for (const { told } of [here, alone]) {
    await until(() => told.at(-1)).toMatchObject({ error: { code: 'SOURCE_FORBIDDEN' } });
  }
  await until(() => [first.topic.watchers, second.topic.watchers]).toEqual([0, 0]);
});

test('a source that begins anew has the subscribers of all processes told of a gap', async () => {
  const { source, first, second } = await startTwoProcesses();
  const here = subscribe(first.topic);
  await until(() => first.poll.polls).toBeGreaterThan(1);
  const there = subscribe(second.topic);
  source.tell('a', 1);
  for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1)]);
  source.extras.push({ startsAnew: true });
  source.tell('a', 2);
  for (const { told } of [here, there]) {
    await until(() => told.at(-1)).toEqual(thing('a', 2));
    expect(told).toContain('gap');
    expect(told[0]).toEqual(thing('a', 1));
  }
});

test('an owner that falls silent is replaced within about its lease', async () => {
  const { source, redis, second, open } = await startTwoProcesses();
  const owner = await open();
  subscribe(owner.topic);
  await until(() => owner.poll.polls).toBeGreaterThan(1);
  const there = subscribe(second.topic);
  source.tell('a', 1);
  await until(() => there.told).toEqual([thing('a', 1)]);
  const [lease] = (await redis.send('KEYS', 'test:*:lease')) as string[];
  const left = Number(await redis.send('PTTL', lease ?? ''));
  expect(left).toBeLessThanOrEqual(LEASE_MS);
  await owner.sharing.close();
  source.tell('b', 2);
  await until(() => there.told).toEqual([thing('a', 1), thing('b', 2)]);
  expect(there.told).not.toContain('gap');
});
