import { expect, test } from 'vitest';
import { subscribe, thing } from '../polled-topic.ts';
import { until } from '../watched-node.ts';
import { startCutProxy } from './cut-proxy.ts';
import { openProcess, startTwoProcesses } from './two-processes.ts';

/** A process whose way to Redis can be cut, and one whose way cannot. */
async function startApart() {
  const { redis, source, first: other } = await startTwoProcesses();
  const way = await startCutProxy(redis.url);
  const apart = openProcess({ url: way.url }, source);
  await until(() => apart.sharing.isAlone).toBe(false);
  return { redis, source, other, way, apart };
}

test('an owner that is cut off is replaced, and goes on for its own subscribers alone', async () => {
  const { source, other, way, apart } = await startApart();
  const here = subscribe(apart.topic);
  await until(() => apart.poll.polls).toBeGreaterThan(1);
  const there = subscribe(other.topic);
  source.tell('a', 1);
  for (const { told } of [here, there]) await until(() => told).toEqual([thing('a', 1)]);
  way.cut();
  source.tell('b', 1);
  await until(() => there.told).toEqual([thing('a', 1), thing('b', 1)]);
  await until(() => here.told).toEqual([thing('a', 1), 'gap', thing('b', 1)]);
  expect([apart.sharing.isAlone, other.sharing.isAlone]).toEqual([true, false]);
  const [, gap = '', alone = ''] = here.cursors;
  way.mend();
  await until(() => apart.sharing.isAlone).toBe(false);
  source.tell('c', 1);
  await until(() => here.told.slice(3)).toEqual(['gap', thing('c', 1)]);
  // The others have missed nothing, and were told of no gap.
  await until(() => there.told).toEqual([thing('a', 1), thing('b', 1), thing('c', 1)]);
  expect(here.cursors.at(-1)).toBe(there.cursors.at(-1));
  for (const after of [gap, alone]) {
    const back = subscribe(other.topic, { after });
    await until(() => back.told).toEqual(['gap']);
  }
});

test('what was told alone is missing in the log, so whoever returns from before is told of a gap', async () => {
  const { source, other, way, apart } = await startApart();
  const here = subscribe(apart.topic);
  await until(() => apart.poll.polls).toBeGreaterThan(1);
  source.tell('a', 1);
  await until(() => here.told).toEqual([thing('a', 1)]);
  way.cut();
  await until(() => here.told).toEqual([thing('a', 1), 'gap']);
  source.tell('b', 1);
  await until(() => here.told).toEqual([thing('a', 1), 'gap', thing('b', 1)]);
  way.mend();
  await until(() => apart.sharing.isAlone).toBe(false);
  source.tell('c', 1);
  await until(() => here.told.slice(3)).toEqual(['gap', thing('c', 1)]);
  const back = subscribe(other.topic, { after: here.cursors[0] });
  await until(() => back.told).toEqual(['gap']);
  const newer = subscribe(other.topic, { after: here.cursors[3] });
  await until(() => newer.told).toEqual([thing('c', 1)]);
});

test('a process that never reaches Redis polls for its own subscribers, and joins the others when it can', async () => {
  const { source, other, redis } = await startApart();
  const way = await startCutProxy(redis.url);
  way.cut();
  const late = openProcess({ url: way.url }, source);
  const here = subscribe(late.topic);
  await until(() => late.poll.polls).toBeGreaterThan(1);
  source.tell('a', 1);
  await until(() => here.told.at(-1)).toEqual(thing('a', 1));
  const there = subscribe(other.topic);
  await until(() => other.poll.polls).toBeGreaterThan(1);
  way.mend();
  await until(() => late.sharing.isAlone).toBe(false);
  source.tell('b', 1);
  for (const { told } of [here, there]) await until(() => told.at(-1)).toEqual(thing('b', 1));
  expect(here.told.at(-2)).toBe('gap');
  expect(here.cursors.at(-1)).toBe(there.cursors.at(-1));
});
