import { FairComError } from '../errors.ts';
import { type Field, fieldTypes, type SqlValue } from '../values/field.ts';

/** A field of an index (faircom-netography-api.md §A7). */
export interface IndexField {
  readonly name: string;
  readonly caseInsensitive: boolean;
  readonly reverseCompare: boolean;
  readonly sortDescending: boolean;
}

export interface TableIndex {
  readonly indexName: string;
  readonly indexNumber: number;
  readonly unique: boolean;
  readonly fields: readonly IndexField[];
  /** A table filter; records that do not match it are not in the index. */
  readonly conditionalExpression: string | null;
  readonly immutableKeys: boolean;
  readonly deferIndexing: boolean;
  readonly collectStats: boolean;
  readonly compression: string;
  readonly filename: string;
}

/** A table as the catalogue of its database keeps it. */
export interface Table {
  readonly uid: number;
  readonly ownerName: string;
  readonly tableName: string;
  readonly fields: readonly Field[];
  readonly indexes: readonly TableIndex[];
  readonly primaryKeyFields: readonly string[];
  readonly changeIdField: string | null;
  /** File and growth settings of createTable, which only descriptions show. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A record as SQLite holds it: `rowid` is its place in the table, `values` are in the order of the table's fields. */
export interface StoredRecord {
  readonly rowid: bigint;
  readonly values: readonly SqlValue[];
}

/** Vendor names are matched whatever their case (faircom-netography-api.md §A8). */
export const sameName = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

export const quoteName = (name: string) => `"${name}"`;

/** The table in the SQLite file: it keeps its name when the vendor's table is renamed. */
export const physicalTable = (table: Pick<Table, 'uid'>) => `t${table.uid}`;

export const physicalIndex = (table: Pick<Table, 'uid'>, indexName: string) =>
  `i${table.uid}_${Buffer.from(indexName.toLowerCase()).toString('hex')}`;

export const fieldIndex = (table: Pick<Table, 'fields'>, name: string) =>
  table.fields.findIndex((field) => sameName(field.name, name));

export function requireField(table: Pick<Table, 'fields' | 'tableName'>, name: string): Field {
  const field = table.fields[fieldIndex(table, name)];
  if (!field) throw new FairComError('fieldUnknown', `Table "${table.tableName}" has no field "${name}".`);
  return field;
}

export function requireIndex(table: Table, indexName: string): TableIndex {
  const index = table.indexes.find((candidate) => sameName(candidate.indexName, indexName));
  if (!index) throw new FairComError('indexUnknown', `Table "${table.tableName}" has no index "${indexName}".`);
  return index;
}

/** Only tables of fixed-length fields can be walked backwards in table order (§A8). */
export const isFixedLength = (table: Table) => table.fields.every((field) => fieldTypes[field.type].isFixed);

const NAME = /^[\p{L}_][\p{L}\p{N}_ $-]{0,63}$/u;
/** Names that SQLite or answers use for themselves. */
const takenNames = new Set(['_rowid_', '_bookmark_']);

/** Refuses a name for a new database, table, field or index. */
export function checkName(name: string, what: string): void {
  if (!NAME.test(name) || takenNames.has(name.toLowerCase())) {
    throw new FairComError('definitionRefused', `"${name}" is not a valid ${what} name.`);
  }
}
