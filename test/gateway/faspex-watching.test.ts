import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type People, POLL_MS, startPeople } from './faspex-people.ts';
import { eventually, isWatching, LIST, watch } from './package-watch.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => people.stack.simulators.faspex.faults.clear());

describe('watching packages', () => {
  const looks = () => people.stack.simulators.faspex.requests.all().filter(({ path }) => /\/packages\/\d+$/.test(path));

  it('costs one request a poll for each package, however many watch it', async () => {
    const { tomas, mina } = people;
    const ids = [await tomas.faspex.send(mina.username), await tomas.faspex.send(mina.username)];
    const watchers = ids.flatMap((id) => Array.from({ length: 5 }, () => watch(tomas, id)));
    await eventually(() => expect(watchers.every(({ told }) => told.length === 1)).toBe(true));
    people.stack.simulators.faspex.requests.clear();
    const startedAt = performance.now();
    await eventually(() => expect(looks().length).toBeGreaterThanOrEqual(8));
    const counts = ids.map((id) => looks().filter(({ path }) => path.endsWith(`/${id}`)).length);
    const polls = (performance.now() - startedAt) / POLL_MS;
    // One poll may be under way at each end.
    for (const count of counts) expect(count).toBeLessThanOrEqual(polls + 2);
    expect(Math.abs((counts[0] ?? 0) - (counts[1] ?? 0))).toBeLessThanOrEqual(1);
    expect(watchers.map(({ told }) => told.length)).toEqual(watchers.map(() => 1));
  });

  it('costs one list a poll where many are watched, and a look at what has changed', async () => {
    const { tomas, mina, stack } = people;
    const ids = await Promise.all(Array.from({ length: 15 }, () => tomas.faspex.send(mina.username)));
    const watchers = ids.map((id) => watch(tomas, id));
    await eventually(() => expect(watchers.every(({ told }) => told.length === 1)).toBe(true));
    const { requests } = stack.simulators.faspex;
    const lists = () => requests.count('GET', LIST);
    const before = lists();
    await eventually(() => expect(lists()).toBeGreaterThan(before + 2));
    requests.clear();
    await eventually(() => expect(lists()).toBeGreaterThan(3));
    expect(looks()).toEqual([]);
    const [first = ''] = ids;
    await tomas.faspex.call('DELETE', `/packages/${first}`);
    await watchers[0]?.ended;
    expect(watchers[0]?.statuses().at(-1)).toBe('DELETED');
    expect(new Set(looks().map(({ path }) => path.split('/').at(-1)))).toEqual(new Set([first]));
    expect(watchers.slice(1).map(({ told }) => told.length)).toEqual(ids.slice(1).map(() => 1));
  });

  it('goes on with a list that shows less, and reads what it no longer shows', async () => {
    const { mina, jonas, stack } = people;
    const ids = await Promise.all(Array.from({ length: 5 }, () => mina.faspex.send(jonas.username)));
    const watchers = ids.map((id) => watch(mina, id));
    await eventually(() => expect(watchers.every(({ told }) => told.length === 1)).toBe(true));
    // A server whose list leaves a package out, as it does once nothing has happened to it for days.
    const json = { total_count: 0, offset: 0, limit: 100, packages: [] };
    stack.simulators.faspex.faults.add({ kind: 'status', status: 200, path: LIST, json });
    const { requests } = stack.simulators.faspex;
    requests.clear();
    await eventually(() => expect(requests.count('GET', LIST)).toBeGreaterThan(3));
    expect(looks().length).toBeLessThanOrEqual(ids.length);
    stack.simulators.faspex.faults.clear();
    await mina.faspex.call('DELETE', `/packages/${ids[0]}`);
    await watchers[0]?.ended;
    expect(watchers[0]?.statuses().at(-1)).toBe('DELETED');
  });

  it('asks for six packages at a time at most, and for none once nobody watches', async () => {
    const { jonas, mina, stack } = people;
    const ids = await Promise.all(Array.from({ length: 15 }, () => jonas.faspex.send(mina.username)));
    // A server that refuses the list.
    stack.simulators.faspex.faults.add({ kind: 'status', status: 403, path: LIST });
    const watchers = ids.map((id) => watch(jonas, id));
    await eventually(() => expect(watchers.every(({ told }) => told.length === 1)).toBe(true));
    stack.simulators.faspex.faults.add({ kind: 'latency', milliseconds: 20, path: '/packages/' });
    stack.simulators.faspex.requests.clear();
    let most = 0;
    await vi.waitFor(
      () => {
        most = Math.max(most, looks().filter(({ status }) => status === undefined).length);
        expect(looks().length).toBeGreaterThan(60);
      },
      { timeout: 10_000, interval: 2 },
    );
    expect(most).toBe(6);
    await Promise.all(watchers.map(({ leave }) => leave()));
    // The gateway hears of it a moment later; from then on nothing comes for longer than a poll takes.
    const quiet = async () => {
      stack.simulators.faspex.requests.clear();
      const later = Date.now() + 300;
      await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(later));
      expect(looks()).toEqual([]);
    };
    await eventually(quiet);
  });

  it('goes on with the others when one package cannot be read, and with that one when it can be again', async () => {
    const { tomas, mina, stack } = people;
    const [good = '', bad = ''] = [await tomas.faspex.send(mina.username), await tomas.faspex.send(mina.username)];
    const watchers = [watch(tomas, good), watch(tomas, bad)] as const;
    await Promise.all([isWatching(people, watchers[0], good), isWatching(people, watchers[1], bad)]);
    stack.simulators.faspex.faults.add({ kind: 'wrongJson', path: `/packages/${bad}` });
    for (const id of [good, bad]) await tomas.faspex.call('DELETE', `/packages/${id}`).catch(() => undefined);
    await watchers[0].ended;
    expect(watchers[0].statuses().at(-1)).toBe('DELETED');
    expect(watchers[1].statuses()).toEqual(['STARTING']);
    stack.simulators.faspex.faults.clear();
    await watchers[1].ended;
    expect(watchers[1].statuses().at(-1)).toBe('DELETED');
  });
});
