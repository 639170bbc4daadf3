import type { SqlValue } from '../values/field.ts';
import type { Connection } from './connection.ts';
import { allOf, bound, type Fragment, join, raw, sql } from './fragment.ts';
import type { KeyPart } from './index-key.ts';
import { physicalTable, quoteName, type StoredRecord, type Table } from './table.ts';

export interface SortTerm {
  readonly expression: string;
  readonly isDescending: boolean;
}

/** Which records of a table, in which order. */
export interface Selection {
  readonly where: readonly Fragment[];
  readonly order: readonly SortTerm[];
}

export const rowidTerm: SortTerm = { expression: '_rowid_', isDescending: false };

/** Index order; records with equal keys stay in table order. */
export const indexOrder = (parts: readonly KeyPart[]): SortTerm[] => [...parts, rowidTerm];

export const reverseTerms = (terms: readonly SortTerm[]): SortTerm[] =>
  terms.map(({ expression, isDescending }) => ({ expression, isDescending: !isDescending }));

const from = (table: Table) => raw(`FROM "${physicalTable(table)}"`);

const columnsOf = (table: Table) => table.fields.map(({ name }) => quoteName(name)).join(', ');

const orderBy = (terms: readonly SortTerm[]) =>
  raw(
    `ORDER BY ${terms.map(({ expression, isDescending }) => `${expression}${isDescending ? ' DESC' : ''}`).join(', ')}`,
  );

const run = (connection: Connection, fragment: Fragment) => connection.all(fragment.sql, fragment.values);

function select(table: Table, what: string, { where, order }: Selection, limit: Fragment): Fragment {
  return sql`SELECT ${raw(what)} ${from(table)} WHERE ${allOf(where)} ${orderBy(order)} ${limit}`;
}

function toRecord([rowid, ...values]: readonly SqlValue[]): StoredRecord {
  return { rowid: typeof rowid === 'bigint' ? rowid : 0n, values };
}

export function selectRecords(
  connection: Connection,
  table: Table,
  selection: Selection,
  page: { skip: number; max: number },
): StoredRecord[] {
  const limit = sql`LIMIT ${bound(BigInt(page.max))} OFFSET ${bound(BigInt(page.skip))}`;
  return run(connection, select(table, `_rowid_, ${columnsOf(table)}`, selection, limit)).map(toRecord);
}

/** The first record's values of the order's own expressions. */
export function firstKey(connection: Connection, table: Table, selection: Selection): readonly SqlValue[] | undefined {
  const keys = selection.order.map(({ expression }) => expression).join(', ');
  return run(connection, select(table, keys, selection, raw('LIMIT 1')))[0];
}

export function selectRowids(connection: Connection, table: Table, selection: Selection): bigint[] {
  return run(connection, select(table, '_rowid_', selection, raw(''))).map((row) => toRecord(row).rowid);
}

export function countRecords(connection: Connection, table: Table, where: readonly Fragment[]): number {
  const [[count = 0n] = []] = run(connection, sql`SELECT count(*) ${from(table)} WHERE ${allOf(where)}`);
  return Number(count);
}

/** How many rowids go into one statement. */
const CHUNK = 500;

/** The records that still exist, in the order of `rowids`. */
export function recordsByRowid(connection: Connection, table: Table, rowids: readonly bigint[]): StoredRecord[] {
  const found = new Map<bigint, StoredRecord>();
  for (let start = 0; start < rowids.length; start += CHUNK) {
    const list = join(rowids.slice(start, start + CHUNK).map(bound), ', ');
    const where = [sql`_rowid_ IN (${list})`];
    for (const record of selectRecords(connection, table, { where, order: [rowidTerm] }, { skip: 0, max: CHUNK })) {
      found.set(record.rowid, record);
    }
  }
  return rowids.flatMap((rowid) => found.get(rowid) ?? []);
}

/** Gives a function that writes one record and returns it with its place in the table. */
export function recordInserter(connection: Connection, table: Table): (values: readonly SqlValue[]) => StoredRecord {
  const marks = table.fields.map(() => '?').join(', ');
  const text = `INSERT INTO "${physicalTable(table)}" (${columnsOf(table)}) VALUES (${marks}) RETURNING _rowid_`;
  return (values) => toRecord([connection.all(text, values)[0]?.[0] ?? null, ...values]);
}

export function replaceRecord(connection: Connection, table: Table, record: StoredRecord): void {
  const settings = table.fields.map(({ name }) => `${quoteName(name)} = ?`).join(', ');
  const text = `UPDATE "${physicalTable(table)}" SET ${settings} WHERE _rowid_ = ?`;
  connection.run(text, [...record.values, record.rowid]);
}

export function removeRecord(connection: Connection, table: Table, rowid: bigint): void {
  connection.run(`DELETE FROM "${physicalTable(table)}" WHERE _rowid_ = ?`, [rowid]);
}

export function removeAllRecords(connection: Connection, table: Table): void {
  connection.run(`DELETE FROM "${physicalTable(table)}"`);
}
