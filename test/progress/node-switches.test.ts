import { describe, expect, test } from 'vitest';
import { endsOf, listen, startWatchedNode, statusesOf, until, type WatchedNode } from './watched-node.ts';

const tiny = { bytes: 10 };

/** A slow transfer that has been heard of, somebody who watches it, and somebody who watches everything. */
async function watchOne() {
  const world = await startWatchedNode();
  const dashboard = listen(world.topic);
  const id = await world.start();
  const watcher = listen(world.topic, { only: id });
  await until(() => statusesOf(dashboard, id)).toContain('RUNNING');
  await until(() => statusesOf(watcher, id)).toContain('RUNNING');
  return { ...world, id, watcher, dashboard };
}

const bytesOf = (listener: ReturnType<typeof listen>) => {
  const last = listener.told.at(-1);
  return last === undefined || last === 'gap' ? 0 : last.bytesTransferred;
};

async function expectToGoOn({ cancel }: WatchedNode, id: string, listeners: readonly ReturnType<typeof listen>[]) {
  const before = listeners.map(({ told }) => told.length);
  await until(() => listeners.every(({ told }, index) => told.length > (before[index] ?? 0))).toBe(true);
  await cancel(id);
  await until(() => listeners.map((listener) => endsOf(listener, id))).toEqual(listeners.map(() => 1));
}

describe('a node that counts its tokens anew', () => {
  test('so that ours is beyond the end, is found out within minutes, and subscribers are told of a gap', async () => {
    const world = await watchOne();
    const { london, clock, watcher, dashboard, polled, feeds, id } = world;
    await london.flip('resetTokens');
    await polled(2);
    const before = watcher.told.length;
    const known = bytesOf(watcher);
    await until(async () => (await london.list('?active_only=true'))[0]?.bytes_transferred).toBeGreaterThan(known);
    await polled(2);
    expect(watcher.told).toHaveLength(before);
    clock.advance(61_000);
    await polled(3);
    expect(feeds().filter(({ url }) => url.includes('active_only=true&view'))).toHaveLength(1);
    clock.advance(11_000);
    await until(() => [watcher, dashboard].map(({ told }) => told.filter((one) => one === 'gap').length)).toEqual([
      1, 1,
    ]);
    await expectToGoOn(world, id, [watcher, dashboard]);
    expect(dashboard.told.filter((one) => one === 'gap')).toHaveLength(1);
  });

  test('is found out, too, by who watches everything', async () => {
    const world = await watchOne();
    const { london, clock, watcher, dashboard, polled, id } = world;
    await watcher.leave();
    await london.flip('resetTokens');
    await polled(2);
    const known = bytesOf(dashboard);
    await until(async () => (await london.list('?active_only=true'))[0]?.bytes_transferred).toBeGreaterThan(known);
    clock.advance(61_000);
    await polled(3);
    clock.advance(11_000);
    await until(() => dashboard.told).toContain('gap');
    await expectToGoOn(world, id, [dashboard]);
  });

  test('and refuses ours, has subscribers told of a gap at once', async () => {
    const world = await watchOne();
    const { london, watcher, dashboard, id } = world;
    const refuse = { kind: 'status', path: '/ops/transfers', times: 1 } as const;
    london.node.faults.add({ ...refuse, status: 404 });
    await until(() => dashboard.told).toContain('gap');
    await until(() => watcher.told).toContain('gap');
    london.node.faults.add({ ...refuse, status: 400 });
    await until(() => dashboard.told.filter((one) => one === 'gap')).toHaveLength(2);
    await expectToGoOn(world, id, [watcher, dashboard]);
  });
});

describe('a node that loses history', () => {
  test('goes unnoticed by who watches what still runs', async () => {
    const world = await watchOne();
    await world.london.flip('loseHistory');
    await expectToGoOn(world, world.id, [world.watcher, world.dashboard]);
    expect(world.dashboard.told).not.toContain('gap');
  });

  test('together with an end that was not told, leaves nobody waiting for it', async () => {
    const { london, topic, clock, polled, start, cancel, id, watcher, dashboard } = await watchOne();
    london.node.faults.add({ kind: 'drop', path: '/ops/transfers', method: 'GET' });
    await cancel(id);
    await london.flip('loseHistory');
    london.node.faults.clear();
    await polled(5);
    expect([watcher.end, dashboard.end]).toEqual([undefined, undefined]);
    clock.advance(61_000);
    await until(() => watcher.end).toEqual({ error: expect.objectContaining({ code: 'NOT_FOUND', source: 'london' }) });
    expect(String((watcher.end as { error: unknown }).error)).toContain(id);
    expect(london.node.requests.count('GET', `/ops/transfers/${id}`)).toBe(1);
    // Who watches everything is none the wiser, and goes on.
    const next = await start(tiny);
    await until(() => endsOf(dashboard, next)).toBe(1);
    expect(topic.watchers).toBe(1);
  });

  test('by its retention, does the same', async () => {
    const { london, clock, cancel, id, watcher } = await watchOne();
    await london.flip('setRetention', { hours: 0 });
    await cancel(id);
    await until(async () => {
      clock.advance(5_000);
      return endsOf(watcher, id) === 1 || watcher.end !== undefined;
    }).toBe(true);
    // Either the feed told the end in the moment before it was forgotten, or its loss was told.
    if (watcher.end !== undefined)
      expect(watcher.end).toEqual({ error: expect.objectContaining({ code: 'NOT_FOUND' }) });
  });

  test('says NOT_FOUND once to each of many who watch the same, for one look-up', async () => {
    const { london, topic, clock, polled, id, cancel } = await watchOne();
    const many = Array.from({ length: 30 }, () => listen(topic, { only: id }));
    london.node.faults.add({ kind: 'drop', path: '/ops/transfers', method: 'GET' });
    await cancel(id);
    await london.flip('loseHistory');
    london.node.faults.clear();
    await until(() => topic.watchers).toBe(32);
    // A poll that is under way when the clock moves would date what it hears to afterwards.
    await polled(5);
    clock.advance(61_000);
    await until(() => many.every(({ end }) => end !== undefined)).toBe(true);
    for (const { end } of many) expect(end).toEqual({ error: expect.objectContaining({ code: 'NOT_FOUND' }) });
    expect(london.node.requests.count('GET', `/ops/transfers/${id}`)).toBe(1);
  });
});

describe('a node with faults', () => {
  test('that answers with nothing is asked again, and nobody notices', async () => {
    const world = await watchOne();
    await world.london.flip('emptyAnswers', { times: 3 });
    await expectToGoOn(world, world.id, [world.watcher, world.dashboard]);
    expect(world.dashboard.told).not.toContain('gap');
  });

  test('that gives the same page again and again tells nothing twice', async () => {
    const { london, topic, start, polled, dashboard, watcher, id, cancel } = await watchOne();
    await cancel(id);
    await until(() => endsOf(dashboard, id)).toBe(1);
    await london.flip('duplicatePages', { times: 5 });
    const next = await start(tiny);
    await until(() => endsOf(dashboard, next)).toBe(1);
    await polled(8);
    expect([endsOf(dashboard, id), endsOf(watcher, id), endsOf(dashboard, next)]).toEqual([1, 1, 1]);
    expect(dashboard.told).not.toContain('gap');
    expect(topic.watchers).toBe(2);
  });

  test.each([1, 2])(
    'that sends the feed back to the start %i times, as it begins, does not have its history read',
    async (times) => {
      const { london, topic, start, polled, feeds } = await startWatchedNode();
      // So many that what ended within the last five minutes is more than a page that is not full.
      london.node.seedTransfers(40_000);
      london.node.clock.advance(60_000);
      await london.flip('duplicatePages', { times });
      const dashboard = listen(topic);
      await polled(8);
      const id = await start(tiny);
      await until(() => endsOf(dashboard, id)).toBe(1);
      expect(new Set(dashboard.told.map((one) => one !== 'gap' && one.transferId))).toEqual(new Set([id]));
      // Where the token leads into the past, one page shows it.
      expect(feeds().filter(({ url }) => /iteration_token=\d{1,8}(?!\d)/.test(url)).length).toBeLessThanOrEqual(2);
    },
  );

  test('whose id changes is another node: subscribers are told of a gap within a minute', async () => {
    const world = await watchOne();
    const { london, clock, watcher, dashboard, polled, id } = world;
    await london.flip('changeNodeId');
    await polled(3);
    expect(dashboard.told).not.toContain('gap');
    clock.advance(61_000);
    await until(() => dashboard.told).toContain('gap');
    await until(() => watcher.told).toContain('gap');
    await expectToGoOn(world, id, [watcher, dashboard]);
    expect(dashboard.told.filter((one) => one === 'gap')).toHaveLength(1);
  });

  test('that restarts breaks its transfers, and goes on telling of them', async () => {
    const { london, topic, start, watcher, dashboard, id } = await watchOne();
    await london.flip('restart');
    await until(() => statusesOf(watcher, id).at(-1)).not.toBe('RUNNING');
    expect(statusesOf(watcher, id).at(-1)).toMatch(/FAILED|PARTIALLY_COMPLETED/);
    const next = await start(tiny);
    await until(() => endsOf(dashboard, next)).toBe(1);
    expect(dashboard.told).not.toContain('gap');
    expect(topic.watchers).toBe(2);
  });

  test.each([
    { kind: 'status', status: 503 },
    { kind: 'status', status: 500 },
    { kind: 'truncate' },
    { kind: 'drop' },
    { kind: 'dropAfter' },
    { kind: 'notJson' },
    { kind: 'wrongJson' },
  ] as const)('($kind $status) does not end its subscribers, who miss nothing', async (fault) => {
    const world = await watchOne();
    const { london, watcher, dashboard, id, polled } = world;
    london.node.faults.add({ ...fault, path: '/ops/transfers', method: 'GET' });
    await polled(3);
    expect([watcher.end, dashboard.end]).toEqual([undefined, undefined]);
    london.node.faults.clear();
    await expectToGoOn(world, id, [watcher, dashboard]);
    expect(dashboard.told).not.toContain('gap');
    const bytes = watcher.told.map((one) => (one === 'gap' ? 0 : one.bytesTransferred));
    expect(bytes).toEqual(bytes.toSorted((left, right) => left - right));
  });

  test('that is down for long goes on with a gap when too much may have happened', async () => {
    const world = await watchOne();
    const { london, clock, watcher, dashboard, id, polled } = world;
    london.node.faults.add({ kind: 'status', status: 503 });
    await polled(2);
    clock.advance(20 * 60_000);
    london.node.faults.clear();
    await until(() => [watcher, dashboard].map(({ told }) => told.includes('gap'))).toEqual([true, true]);
    await expectToGoOn(world, id, [watcher, dashboard]);
  });

  test('that refuses the credential fails its subscribers, once', async () => {
    const { london, topic, watcher, dashboard } = await watchOne();
    london.node.faults.add({ kind: 'status', status: 401 });
    await until(() => [watcher.end, dashboard.end]).toEqual([
      { error: expect.objectContaining({ code: 'SOURCE_UNAUTHENTICATED' }) },
      { error: expect.objectContaining({ code: 'SOURCE_UNAUTHENTICATED' }) },
    ]);
    expect(topic.watchers).toBe(0);
  });

  test('that keeps no activity log still tells of what is watched alone, once a minute', async () => {
    const { london, topic, start, clock, client } = await startWatchedNode();
    await london.flip('setActivityLogging', { enabled: false });
    const id = await start();
    await london.reaches(id, 'running');
    const watcher = listen(topic, { only: id });
    await until(() => topic.watchers).toBe(1);
    for (let minute = 1; minute <= 2; minute += 1) {
      clock.advance(61_000);
      await until(() => statusesOf(watcher, id).length).toBeGreaterThanOrEqual(minute);
    }
    expect(bytesOf(watcher)).toBeGreaterThan(0);
    expect(london.node.requests.count('GET', `/ops/transfers/${id}`)).toBeLessThan(40);
    await client.changeTransfer(id, { status: 'CANCELED' });
    await london.reaches(id, 'canceled');
    clock.advance(61_000);
    await until(() => endsOf(watcher, id)).toBe(1);
  });
});

describe('a transfer that rests', () => {
  test('is asked for once a minute, however many watch it, and not told again', async () => {
    const { london, client, clock, topic, polled, id, watcher } = await watchOne();
    const others = Array.from({ length: 10 }, () => listen(topic, { only: id }));
    await client.changeTransfer(id, { status: 'PAUSED' });
    await until(() => statusesOf(watcher, id).at(-1)).toBe('PAUSED');
    const asked = () => london.node.requests.count('GET', `/ops/transfers/${id}`);
    const before = asked();
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(61_000);
      await polled(5);
      expect(asked()).toBe(before + minute);
    }
    expect(others.every(({ end }) => end === undefined)).toBe(true);
    await client.changeTransfer(id, { status: 'CANCELED' });
    await until(() => [watcher, ...others].every((listener) => endsOf(listener, id) === 1)).toBe(true);
  });
});
