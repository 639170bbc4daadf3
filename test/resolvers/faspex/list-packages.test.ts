import { describe, expect, it } from 'vitest';
import type { BoundFaspex } from '../../../src/context/context.ts';
import { listPackages } from '../../../src/resolvers/faspex/list-packages.ts';
import { openSource, rawPackage, startApi, type TestSource } from '../../sources/faspex/fixture.ts';

/** The source as an operation of its own has it. */
function bind({ faspex }: TestSource): BoundFaspex {
  const identity = faspex.identify(undefined);
  const client = faspex.open({ identity });
  return { source: faspex, identity, client, loaders: faspex.createLoaders(client) };
}

/** A clock on which a little time passes between any two looks, and never a second. */
function createClock() {
  let now = Date.parse('2026-01-31T09:00:00.100Z');
  return () => {
    now += 1;
    return now;
  };
}

const startFaspex = () =>
  startApi(() => ({
    json: { total_count: 1, packages: [rawPackage()] },
    headers: { date: 'Sat, 31 Jan 2026 09:00:00 GMT' },
  }));

describe('a list of packages that several operations ask for at once', () => {
  it('is one call', async () => {
    await using server = await startFaspex();
    await using source = openSource(server.url, {}, createClock());
    await bind(source)
      .client.version()
      .catch(() => undefined);
    const lists = await Promise.all([1, 2, 3].map(() => listPackages(bind(source), { first: 1 })));
    expect(lists.map(({ edges }) => edges.length)).toEqual([1, 1, 1]);
    expect(server.count('GET', '/api/v5/inbox_all/packages')).toBe(1);
  });

  it('begins at the end of the second, so that nothing of that second is left out', async () => {
    await using server = await startFaspex();
    await using source = openSource(server.url, {}, createClock());
    await listPackages(bind(source), { first: 1 });
    const { query } = server.received.at(-1) ?? {};
    expect(query?.get('created_time')).toBe('lte:2026-01-31T09:00:02.000Z');
  });
});
