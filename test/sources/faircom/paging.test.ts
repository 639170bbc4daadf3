import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FairComTable, RecordsQuery, RecordValues } from '../../../src/sources/faircom/types.ts';
import { ascending, everyNumber, jobTable, numbersOf, pageable, placed, rowsOf, walk } from './job-table.ts';
import { operationOf, startWarehouse, type Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
let source: ReturnType<Warehouse['open']>;
beforeAll(async () => {
  warehouse = await startWarehouse();
  source = warehouse.open();
});
afterAll(() => warehouse.close());

const client = () => operationOf(source).client;
const tableWith = (rows: readonly RecordValues[]) => jobTable({ warehouse, source }, rows);

describe('pages in the order of an index', () => {
  let table: FairComTable;
  beforeAll(async () => {
    table = await tableWith(rowsOf(60));
  });

  test.each(pageable)('hold every record once (%s)', async (index) => {
    for (const first of [4, 60]) {
      const seen = await walk(source, { table, index, first });
      expect(ascending(numbersOf(seen)), `first: ${first}`).toEqual(everyNumber(60));
      expect(numbersOf(seen)).toEqual(numbersOf(await walk(source, { table, index, first: 200 })));
    }
  });

  test.each(pageable)('go on from every place in them, not only from the last (%s)', async (index) => {
    const all = await walk(source, { table, index, first: 100 });
    for (const place of [0, 3, 17, 18, 19, 41, 58, 59]) {
      const after = all[place]?.position;
      const { items } = await client().recordsPage({ table, index, first: 100, after });
      expect(numbersOf(placed(items)), `after ${place}`).toEqual(numbersOf(all.slice(place + 1)));
    }
  });

  test('follow the index, and the primary key among equals', async () => {
    const seen = await walk(source, { table, index: 'by_state_rank', first: 9 });
    const keys = seen.map(({ record: { values } }) => [values.state, values.rank, Number(values.id)]);
    const sorted = keys.toSorted(([a, b, c], [x, y, z]) =>
      a === x ? Number(b) - Number(y) || Number(c) - Number(z) : String(a) < String(x) ? -1 : 1,
    );
    expect(keys).toEqual(sorted);
  });

  test('hold only what meets the filter', async () => {
    const where = { field: 'state', operator: 'EQ', value: 'sent' } as const;
    for (const index of pageable) {
      const seen = await walk(source, { table, index, where, first: 6 });
      expect(ascending(numbersOf(seen)), index).toEqual(everyNumber(60).filter((id) => id % 3 === 2));
    }
  });

  test('cost one call on a unique index, and one more for each end inside a group', async () => {
    const cost = async (query: Omit<RecordsQuery, 'table'>) => {
      const { client: counted, spent } = operationOf(source);
      const page = await counted.recordsPage({ table, ...query });
      return { calls: spent(), next: page.next };
    };
    const { next, ...byId } = await cost({ first: 10 });
    expect(byId.calls).toBe(1);
    expect((await cost({ first: 10, after: next })).calls).toBe(1);
    const byState = await cost({ index: 'by_state', first: 10 });
    expect(byState.calls).toBe(2);
    expect((await cost({ index: 'by_state', first: 5, after: byState.next })).calls).toBe(1);
    expect((await cost({ index: 'by_state', first: 19, after: byState.next })).calls).toBe(3);
  });

  test('end when nothing follows the last key', async () => {
    const last = (await walk(source, { table, first: 100 })).at(-1);
    await expect(client().recordsPage({ table, first: 5, after: last?.position })).resolves.toEqual({
      items: [],
      next: undefined,
      total: undefined,
    });
    expect(await walk(source, { table: await tableWith([]), first: 5 })).toEqual([]);
  });
});

describe('bounds', () => {
  let table: FairComTable;
  beforeAll(async () => {
    table = await tableWith(rowsOf(60));
  });

  const within = async (index: string, keyRange: RecordsQuery['keyRange'], first = 4) =>
    (await walk(source, { table, index, keyRange, first })).map(({ record }) => record.values);

  test('hold on one field, from both ends, page after page', async () => {
    const values = await within('by_code', [
      { field: 'code', operator: 'GE', value: 'c20000' },
      { field: 'code', operator: 'LT', value: 'c60000' },
    ]);
    const expected = rowsOf(60)
      .map(({ code }) => String(code))
      .filter((code) => code >= 'c20000' && code < 'c60000');
    expect(values.map(({ code }) => code)).toEqual(expected.toSorted());
  });

  test('hold on all fields of an index', async () => {
    const values = await within('by_state_rank', [
      { field: 'state', operator: 'GT', value: 'failed' },
      { field: 'rank', operator: 'LE', value: 2 },
      { field: 'rank', operator: 'GT', value: 0 },
    ]);
    const expected = rowsOf(60).filter(
      ({ state, rank }) => state !== 'failed' && Number(rank) > 0 && Number(rank) <= 2,
    );
    expect(values).toHaveLength(expected.length);
    expect(new Set(values.map(({ id }) => id)).size).toBe(expected.length);
    const keys = values.map(({ state, rank }) => `${state} ${rank}`);
    expect(keys).toEqual(keys.toSorted());
  });

  test('fix the first fields of an index, also of one that runs downwards', async () => {
    for (const index of ['by_state_sent', 'by_state_rank']) {
      const values = await within(index, [{ field: 'STATE', operator: 'EQ', value: 'queued' }]);
      expect(values).toHaveLength(20);
      expect(values.every(({ state }) => state === 'queued')).toBe(true);
    }
    const times = (await within('by_state_sent', [{ field: 'state', operator: 'EQ', value: 'sent' }])).map(
      ({ sent }) => sent,
    );
    expect(times.filter(Boolean)).toEqual(times.filter(Boolean).toSorted().toReversed());
  });

  test('are refused where they make no range of the index', async () => {
    const attempts: [string, RecordsQuery['keyRange']][] = [
      ['by_code', [{ field: 'rank', operator: 'EQ', value: 1 }]],
      ['by_code', [{ field: 'code', operator: 'NE', value: 'x' }]],
      ['by_state_sent', [{ field: 'sent', operator: 'GT', value: '2026-01-01T00:00:00' }]],
      ['by_state_rank', [{ field: 'rank', operator: 'GT', value: 'high' }]],
    ];
    for (const [index, keyRange] of attempts) {
      await expect(within(index, keyRange)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
  });

  test('cannot be continued behind a record without a value, and say so', async () => {
    const keyRange = [{ field: 'sent', operator: 'LT', value: '2027-01-01T00:00:00' }] as const;
    const after = { sent: null, id: '5' };
    const going = client().recordsPage({ table, index: 'by_sent', keyRange, first: 5, after });
    await expect(going).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('"sent"') });
  });
});

describe('an index that cannot be paged', () => {
  test('is refused with the reason', async () => {
    const table = await tableWith([]);
    const without: FairComTable = { ...table, primaryKeyFields: [] };
    const attempts: [FairComTable, string | undefined, string][] = [
      [table, 'by_nothing', 'has no index "by_nothing"'],
      [without, undefined, 'no primary key'],
      [without, 'by_state', 'no primary key'],
      [without, 'by_serial', 'no primary key'],
    ];
    for (const [described, index, reason] of attempts) {
      const paging = client().recordsPage({ table: described, index, first: 5 });
      await expect(paging).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining(reason) });
    }
    await expect(client().recordsPage({ table: without, index: 'by_code', first: 5 })).resolves.toMatchObject({
      items: [],
    });
  });

  test('and a place that is none are refused before anything is read', async () => {
    const table = await tableWith([]);
    const paging = client().recordsPage({
      table,
      index: 'by_state_rank',
      first: 5,
      after: { state: 'sent', rank: 'high', id: '1' },
    });
    await expect(paging).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
