import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FairComTable, RecordValues } from '../../../src/sources/faircom/types.ts';
import { ascending, everyNumber, jobTable, numbersOf, pageable, placed, rowOf, walk } from './job-table.ts';
import { operationOf, startWarehouse, type Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
let source: ReturnType<Warehouse['open']>;
beforeAll(async () => {
  warehouse = await startWarehouse();
  source = warehouse.open();
});
afterAll(() => warehouse.close());

const client = () => operationOf(source).client;
const tableWith = (rows: readonly RecordValues[]) => jobTable({ warehouse, source, primaryKey: ['code'] }, rows);

describe('pages while records come and go', () => {
  test('neither miss nor double what stays', async () => {
    const table = await tableWith([]);
    const stays = everyNumber(40).map(rowOf);
    await client().insertRecords(table, stays);
    let visitors: string[] = [];
    let next = 1;
    const come = async () => {
      const rows = Array.from({ length: 3 }, (_, place) => rowOf(1000 + next + place));
      next += 3;
      await client().insertRecords(table, rows);
      visitors.push(...rows.map(({ code }) => String(code)));
    };
    const go = async () => {
      const [gone, kept] = [
        visitors.filter((_id, place) => place % 2 === 0),
        visitors.filter((_id, place) => place % 2),
      ];
      if (gone.length > 0) await client().deleteRecords(table, gone);
      visitors = kept;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...pageable),
        fc.integer({ min: 1, max: 25 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
        async (index, first, moves) => {
          let turn = 0;
          const seen = await walk(source, { table, index, first }, async () => {
            if (turn < 12) await (moves[turn % moves.length] ? come() : go());
            turn += 1;
          });
          const numbers = numbersOf(seen);
          expect(new Set(numbers).size).toBe(numbers.length);
          expect(ascending(numbers).filter((number) => number <= 40)).toEqual(everyNumber(40));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('groups of more records than are sorted at once', () => {
  let table: FairComTable;
  beforeAll(async () => {
    const rows = Array.from({ length: 500 }, (_, place) => {
      const number = place + 1;
      const isOdd = number % 2 === 1;
      return {
        ...rowOf(number),
        state: number > 480 ? 'sent' : 'queued',
        name: isOdd ? 'Ada' : 'ADA',
        sent: isOdd ? null : '2026-01-05T00:00:00.000',
        digest: 'ff',
        ratio: 0.1,
      };
    });
    table = await tableWith(rows);
  });

  test.each(['by_state', 'by_sent', 'by_state_sent', 'by_name', 'by_digest'])(
    'are paged through whole (%s)',
    async (index) => {
      const seen = await walk(source, { table, index, first: 130 });
      expect(ascending(numbersOf(seen))).toEqual(everyNumber(500));
      const place = 77;
      const after = seen[place]?.position;
      const { items } = await client().recordsPage({ table, index, first: 40, after });
      expect(numbersOf(placed(items))).toEqual(numbersOf(seen.slice(place + 1, place + 41)));
    },
  );

  test('cost a known number of calls', async () => {
    const { client: counted, spent } = operationOf(source);
    await counted.recordsPage({ table, index: 'by_state', first: 50 });
    expect(spent()).toBe(3);
  });
});
