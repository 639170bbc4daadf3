import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Client, type Row, withShipments } from './harness.ts';

interface Shipment {
  readonly code: string;
  readonly rate: string | null;
}

/** Few codes and many rates, so that equal keys, nulls and long decimals all come up. */
const shipment = fc.record({
  code: fc.constantFrom('a', 'A', 'b', 'é', 'z', '東'),
  rate: fc.option(
    fc
      .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 0, max: 9_999 }))
      .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`),
  ),
});

/** Exact: the rates have four places. */
const tenThousandths = (rate: unknown) => (rate === null ? -(10n ** 20n) : BigInt(Math.round(Number(rate) * 10_000)));

const byRate = (left: Row, right: Row) => {
  const [first, second] = [tenThousandths(left.rate), tenThousandths(right.rate)];
  if (first !== second) return first < second ? -1 : 1;
  return Number(left.id) - Number(right.id);
};

async function pages(client: Client, action: string, params: Row, size: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await client.ok(action, {
      tableName: 'shipment',
      ...params,
      skipRecords: rows.length,
      maxRecords: size,
    });
    rows.push(...page.data);
    expect(page.data.length).toBeLessThanOrEqual(size);
    if (!page.moreRecords) return rows;
  }
}

async function refill(client: Client, shipments: readonly Shipment[]): Promise<Row[]> {
  await client.ok('truncateRecords', { tableName: 'shipment' });
  const { data } = await client.ok('insertRecords', { tableName: 'shipment', sourceData: shipments });
  return [...data].sort(byRate);
}

const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id);

describe('paging', () => {
  it('of a key range returns each row in it exactly once, in index order, whatever the page size', async () => {
    const { client } = await withShipments();
    const bounds = fc.tuple(shipment, shipment);
    await fc.assert(
      fc.asyncProperty(
        fc.array(shipment, { maxLength: 25 }),
        bounds,
        fc.integer({ min: 1, max: 9 }),
        async (rows, [low, high], size) => {
          const stored = await refill(client, rows);
          const filters = [
            { fieldName: 'rate', operator: '>=', value: low.rate ?? '-1000000000' },
            { fieldName: 'rate', operator: '<', value: high.rate ?? '1000000000' },
          ];
          const indexFilter = { indexName: 'by_rate', indexFieldFilters: filters };
          const inRange = stored.filter(
            ({ rate }) =>
              rate !== null &&
              tenThousandths(rate) >= tenThousandths(filters[0]?.value) &&
              tenThousandths(rate) < tenThousandths(filters[1]?.value),
          );
          expect(idsOf(await pages(client, 'getRecordsInKeyRange', { indexFilter }, size))).toEqual(idsOf(inRange));
          const reversed = await pages(client, 'getRecordsInKeyRange', { indexFilter, reverseOrder: true }, size);
          expect(idsOf(reversed)).toEqual(idsOf(inRange).reverse());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('from a key returns each row from there on exactly once, in index order', async () => {
    const { client } = await withShipments();
    const operator = fc.constantFrom('>=', '>');
    await fc.assert(
      fc.asyncProperty(
        fc.array(shipment, { maxLength: 25 }),
        shipment,
        operator,
        fc.integer({ min: 1, max: 9 }),
        async (rows, from, sign, size) => {
          const stored = await refill(client, rows);
          const value = from.rate ?? '0';
          const expected = stored.filter(({ rate }) => {
            const [key, bound] = [tenThousandths(rate), tenThousandths(value)];
            return rate !== null && (sign === '>' ? key > bound : key >= bound);
          });
          const indexFilter = { indexName: 'by_rate', operator: sign, indexFields: [{ fieldName: 'rate', value }] };
          if (expected.length === 0) {
            expect(await client.code('getRecordsStartingAtKey', { tableName: 'shipment', indexFilter })).toBe(4046);
            return;
          }
          expect(idsOf(await pages(client, 'getRecordsStartingAtKey', { indexFilter }, size))).toEqual(idsOf(expected));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('from each key to the next key by key visits every row once, as a keyset pager does', async () => {
    const { client } = await withShipments();
    const fields = [{ name: 'code' }, { name: 'id', sortDescending: true }];
    await client.ok('createIndex', { tableName: 'shipment', indexName: 'keyset', fields });
    await fc.assert(
      fc.asyncProperty(fc.array(shipment, { minLength: 1, maxLength: 15 }), async (rows) => {
        const stored = await refill(client, rows);
        const seen: Row[] = [];
        let indexFields: Row[] = [{ fieldName: 'code', value: '' }];
        for (;;) {
          const indexFilter = { indexName: 'keyset', operator: '>', indexFields };
          const step = await client.call('getRecordsStartingAtKey', {
            tableName: 'shipment',
            indexFilter,
            maxRecords: 2,
          });
          if (step.errorCode === 4046) break;
          seen.push(...step.result.data);
          const last = seen.at(-1) ?? {};
          indexFields = ['code', 'id'].map((fieldName) => ({ fieldName, value: last[fieldName] }));
        }
        expect(idsOf(seen)).toHaveLength(stored.length);
        expect(new Set(idsOf(seen)).size).toBe(stored.length);
        const codes = seen.map(({ code }) => Buffer.from(String(code)));
        expect(codes).toEqual([...codes].sort(Buffer.compare));
      }),
      { numRuns: 20 },
    );
  });
});
