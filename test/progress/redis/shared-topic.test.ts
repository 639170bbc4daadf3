import { describe, expect, test } from 'vitest';
import { subscribe, thing } from '../polled-topic.ts';
import { until } from '../watched-node.ts';
import { startTwoProcesses } from './two-processes.ts';

test('one process polls, and subscribers of both are told', async () => {
  const { source, first, second } = await startTwoProcesses();
  const here = subscribe(first.topic);
  await until(() => first.poll.polls).toBeGreaterThan(2);
  const there = subscribe(second.topic);
  source.tell('a', 1);
  source.tell('b', 1);
  await until(() => here.told).toEqual([thing('a', 1), thing('b', 1)]);
  await until(() => there.told).toEqual([thing('a', 1), thing('b', 1)]);
  expect(there.cursors).toEqual(here.cursors);
  expect(second.poll.polls).toBe(0);
  expect([first.sharing.isAlone, second.sharing.isAlone]).toEqual([false, false]);
});

test('the other goes on where the first has come to when its last subscriber leaves', async () => {
  const { source, first, second } = await startTwoProcesses();
  const here = subscribe(first.topic);
  await until(() => first.poll.polls).toBeGreaterThan(2);
  const there = subscribe(second.topic);
  source.tell('a', 1);
  await until(() => there.told).toEqual([thing('a', 1)]);
  await here.watch.return();
  source.tell('a', 2);
  await until(() => there.told).toEqual([thing('a', 1), thing('a', 2)]);
  expect(second.poll.polls).toBeGreaterThan(0);
  const back = subscribe(first.topic, { after: there.cursors[0] });
  await until(() => back.told).toEqual([thing('a', 2)]);
  await there.watch.return();
  await back.watch.return();
});

describe('Redis', () => {
  test('that loses everything has all be told of a gap once, and of what comes then', async () => {
    const { redis, source, first, second } = await startTwoProcesses();
    const here = subscribe(first.topic);
    await until(() => first.poll.polls).toBeGreaterThan(2);
    const there = subscribe(second.topic);
    source.tell('a', 1);
    for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1)]);
    await redis.send('FLUSHALL');
    source.tell('a', 2);
    for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1), 'gap', thing('a', 2)]);
    const back = subscribe(second.topic, { after: here.cursors[0] });
    await until(() => back.told).toEqual(['gap']);
    expect(new Set([...here.cursors.slice(1), ...there.cursors.slice(1)]).size).toBe(2);
  });

  test.each([true, false])(
    'that is started again (with its data: %s) is gone on with after a gap',
    async (withData) => {
      const { redis, source, first, second } = await startTwoProcesses();
      const here = subscribe(first.topic);
      await until(() => first.poll.polls).toBeGreaterThan(2);
      const there = subscribe(second.topic);
      source.tell('a', 1);
      for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1)]);
      await redis.kill();
      source.tell('b', 1);
      await redis.start({ withData });
      source.tell('c', 1);
      for (const { told } of [here, there]) {
        await until(() => told.at(-1)).toEqual(thing('c', 1));
        expect(told.filter((one) => one !== 'gap')).toEqual([thing('a', 1), thing('b', 1), thing('c', 1)]);
        expect(told).toContain('gap');
      }
    },
  );

  test('that answers nothing is given up like one that is lost, and gone on with when it answers', async () => {
    const { redis, source, first, second } = await startTwoProcesses();
    const here = subscribe(first.topic);
    await until(() => first.poll.polls).toBeGreaterThan(2);
    const there = subscribe(second.topic);
    source.tell('a', 1);
    for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1)]);
    redis.signal('SIGSTOP');
    for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1), 'gap']);
    source.tell('a', 2);
    for (const { told } of [here, there]) await until(() => told.at(-1)).toEqual(thing('a', 2));
    // Whoever comes now does not wait for Redis.
    const late = subscribe(second.topic);
    source.tell('b', 1);
    await until(() => late.told).toContainEqual(thing('b', 1));
    redis.signal('SIGCONT');
    await until(() => [first.sharing.isAlone, second.sharing.isAlone]).toEqual([false, false]);
    source.tell('a', 3);
    for (const { told } of [here, there]) {
      await until(() => told.at(-1)).toEqual(thing('a', 3));
      expect(told.filter((one) => one === 'gap')).toHaveLength(2);
    }
  });

  test('that is lost leaves each process to itself, and both come together again after one gap', async () => {
    const { redis, source, first, second } = await startTwoProcesses();
    const here = subscribe(first.topic);
    await until(() => first.poll.polls).toBeGreaterThan(2);
    const there = subscribe(second.topic);
    source.tell('a', 1);
    for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1)]);
    await redis.kill();
    await until(() => here.told).toEqual([thing('a', 1), 'gap']);
    await until(() => there.told).toEqual([thing('a', 1), 'gap']);
    expect([first.sharing.isAlone, second.sharing.isAlone]).toEqual([true, true]);
    source.tell('a', 2);
    await until(() => here.told).toEqual([thing('a', 1), 'gap', thing('a', 2)]);
    await until(() => there.told).toEqual([thing('a', 1), 'gap', thing('a', 2)]);
    await redis.start();
    await until(() => [first.sharing.isAlone, second.sharing.isAlone]).toEqual([false, false]);
    source.tell('a', 3);
    for (const { told } of [here, there]) {
      await until(() => told).toEqual([thing('a', 1), 'gap', thing('a', 2), 'gap', thing('a', 3)]);
    }
    const alone = subscribe(first.topic, { after: there.cursors[2] });
    await until(() => alone.told).toEqual(['gap']);
  });
});
