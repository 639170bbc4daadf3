import { expect } from 'vitest';
import type { FairComSource } from '../../../src/sources/faircom/source.ts';
import type {
  FairComTable,
  PlacedRecord,
  RecordPosition,
  RecordsQuery,
  RecordValues,
} from '../../../src/sources/faircom/types.ts';
import { describe as describeTable, operationOf, type Warehouse } from './warehouse.ts';

const states = ['failed', 'queued', 'sent'];
const names = ['Ada', 'ada', 'ADA', 'Björn', 'björn', 'Chloé'];

const indexes = [
  { indexName: 'by_code', fields: [{ name: 'code' }], unique: true },
  { indexName: 'by_serial', fields: [{ name: 'serial' }], unique: true },
  { indexName: 'by_state', fields: [{ name: 'state' }] },
  { indexName: 'by_sent', fields: [{ name: 'sent' }] },
  { indexName: 'by_state_sent', fields: [{ name: 'state' }, { name: 'sent', sortDescending: true }] },
  { indexName: 'by_state_rank', fields: [{ name: 'state' }, { name: 'rank' }] },
  { indexName: 'by_name', fields: [{ name: 'name', caseInsensitive: true }] },
  { indexName: 'by_digest', fields: [{ name: 'digest' }, { name: 'ratio' }] },
  { indexName: 'backwards', fields: [{ name: 'code', reverseCompare: true }] },
];

const fields = [
  { name: 'number', type: 'integer', nullable: false },
  { name: 'code', type: 'varchar', length: 20, nullable: false },
  { name: 'serial', type: 'integer' },
  { name: 'state', type: 'varchar', length: 10, nullable: false },
  { name: 'rank', type: 'smallint', nullable: false },
  { name: 'sent', type: 'timestamp' },
  { name: 'name', type: 'char', length: 10 },
  { name: 'digest', type: 'varbinary', length: 4 },
  { name: 'ratio', type: 'real' },
];

/** A row that shares its keys with many others, and lacks values now and then. */
export const rowOf = (number: number): RecordValues => ({
  number,
  code: `c${String((number * 7919) % 100_000).padStart(5, '0')}`,
  serial: number % 4 === 0 ? null : (number * 31) % 100_003,
  state: states[number % 3] ?? '',
  rank: (number * 13) % 4,
  sent: number % 5 === 0 ? null : `2026-01-${String((number % 6) + 10)}T08:00:00.000`,
  name: number % 7 === 0 ? null : (names[number % 6] ?? ''),
  digest: number % 3 === 0 ? null : `0${number % 2}ff`,
  ratio: (number % 3) / 10,
});

/** The primary key's order, and every index. */
export const pageable = [undefined, ...indexes.map(({ indexName }) => indexName)];

interface JobTableOptions {
  readonly warehouse: Warehouse;
  readonly source: FairComSource;
  readonly primaryKey?: readonly string[];
}

let tables = 0;

/** A table of jobs with all these indexes; its primary key is `id`, or another that follows no order of inserts. */
export async function jobTable(
  { warehouse, source, primaryKey = [] }: JobTableOptions,
  rows: readonly RecordValues[],
): Promise<FairComTable> {
  tables += 1;
  const tableName = `job${tables}`;
  await warehouse.createTable(
    { tableName, fields, ...(primaryKey.length > 0 ? { primaryKeyFields: primaryKey } : {}) },
    indexes,
  );
  const table = await describeTable(source, tableName);
  if (rows.length > 0) await operationOf(source).client.insertRecords(table, rows);
  return table;
}

export const rowsOf = (count: number): RecordValues[] => Array.from({ length: count }, (_, place) => rowOf(place + 1));

export const placed = (items: readonly (PlacedRecord | Error)[]): PlacedRecord[] =>
  items.map((item) => {
    if (item instanceof Error) throw item;
    return item;
  });

/** Reads page after page, and lets something happen between them. */
export async function walk(
  source: FairComSource,
  query: RecordsQuery,
  between: () => Promise<void> = async () => undefined,
): Promise<PlacedRecord[]> {
  const seen: PlacedRecord[] = [];
  let after: RecordPosition | undefined = query.after;
  do {
    const page = await operationOf(source).client.recordsPage({ ...query, after });
    expect(page.items.length).toBeLessThanOrEqual(query.first);
    seen.push(...placed(page.items));
    after = page.next;
    if (after) await between();
  } while (after);
  return seen;
}

export const numbersOf = (records: readonly PlacedRecord[]): number[] =>
  records.map(({ record }) => Number(record.values.number));
export const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((left, right) => left - right);
export const everyNumber = (count: number): number[] => Array.from({ length: count }, (_, place) => place + 1);
