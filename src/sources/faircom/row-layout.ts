import { badAnswer } from './errors.ts';
import { readerOf, sameName, type ValueReader } from './field-values.ts';
import type { FairComField, FairComTable, RecordValue, RecordValues } from './types.ts';

/** A record as an object: whatever JSON holds, checked by the type of each field. */
export type WireRow = Readonly<Record<string, RecordValue>>;

/** One name of a row, and how its cells are read. */
interface Column {
  readonly name: string;
  /** Undefined for what no field has (`_bookmark_`): it is left out. */
  readonly field: FairComField | undefined;
  readonly read: ValueReader;
}

/**
 * How rows are read that have the same names in the same order. The rows of an answer are alike, so everything that
 * follows from their names is found out once for all of them.
 */
export interface RowLayout {
  readonly columns: readonly Column[];
  /** Whether the names are those of the fields and all have one: then a row that needs no conversion is read already. */
  readonly isPlain: boolean;
  /** Name of the value of a field in records, whatever the case of its name; undefined where records have none. */
  ownName(name: string): string | undefined;
  /** Fields of the primary key with the names of their values in records. */
  readonly key: readonly (readonly [field: string, name: string])[];
  /** The first field of the primary key that records have no value of. */
  readonly missingKey: string | undefined;
  /** Where the field `id` alone is the primary key. */
  readonly idName: string | undefined;
  readonly changeIdName: string | undefined;
}

const leftOut: ValueReader = () => null;

/** The field `id` where that alone is the primary key. */
function idFieldOf({ primaryKeyFields: [only, ...others] }: FairComTable): string | undefined {
  return only !== undefined && others.length === 0 && sameName(only, 'id') ? only : undefined;
}

/** @param fieldOf the field of a cell; undefined for what no field has */
export function layOut(
  table: FairComTable,
  fieldOf: (name: string) => FairComField | undefined,
  names: readonly string[],
): RowLayout {
  const columns = names.map((name): Column => {
    const field = fieldOf(name);
    return { name, field, read: field ? readerOf(field) : leftOut };
  });
  const ownNames = [...new Set(columns.flatMap(({ field }) => (field ? [field.name] : [])))];
  const ownName = (name: string) =>
    ownNames.includes(name) ? name : ownNames.find((candidate) => sameName(candidate, name));
  const { primaryKeyFields, changeIdField } = table;
  const idField = idFieldOf(table);
  return {
    columns,
    // Assigned, `__proto__` would be no member.
    isPlain: columns.every(({ name, field }) => field?.name === name && name !== '__proto__'),
    ownName,
    key: primaryKeyFields.map((field) => [field, ownName(field) ?? field]),
    missingKey: primaryKeyFields.find((field) => ownName(field) === undefined),
    idName: idField === undefined ? undefined : ownName(idField),
    changeIdName: changeIdField === undefined ? undefined : ownName(changeIdField),
  };
}

type Values = Record<string, RecordValue>;

/** Sets a member whatever its name is: assigned, `__proto__` would be none. */
export function put(values: Values, name: string, value: RecordValue): void {
  if (name !== '__proto__') values[name] = value;
  else Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
}

/** @throws SourceError when it is none of its field's type */
function readCell(source: string, { field, read }: Column, raw: RecordValue | undefined): RecordValue {
  if (raw === null || raw === undefined) return null;
  const value = read(raw);
  if (value !== undefined) return value;
  throw badAnswer(source, `a record whose "${field?.name}" is not a valid ${field?.vendorType}`);
}

/**
 * A row whose names are those of the fields is its values already, but for cells that have to be converted; undefined
 * for a row of another layout. A name that comes from `for in` finds its cell without a search.
 */
function readPlain(source: string, columns: readonly Column[], row: WireRow): RecordValues | undefined {
  let place = 0;
  let changed: Values | undefined;
  for (const name in row) {
    const column = columns[place];
    if (column?.name !== name) return undefined;
    place += 1;
    const raw = row[name];
    const value = readCell(source, column, raw);
    if (value === raw) continue;
    changed ??= { ...row };
    changed[name] = value;
  }
  return place === columns.length ? (changed ?? row) : undefined;
}

/**
 * The values of a row of a layout by the fields' own names.
 * @throws SourceError for the first cell that is none of its field's type
 */
export function readByColumns(source: string, { columns }: RowLayout, row: WireRow): RecordValues {
  const values: Values = {};
  for (const column of columns) {
    if (column.field) put(values, column.field.name, readCell(source, column, row[column.name]));
  }
  return values;
}

const hasNames = ({ columns }: RowLayout, row: WireRow): boolean => {
  const names = Object.keys(row);
  return names.length === columns.length && names.every((name, place) => columns[place]?.name === name);
};

/**
 * The same for a row that is most likely of this layout; undefined when it is not. The values may be the very row, which
 * nobody changes.
 */
export function readAlike(source: string, layout: RowLayout, row: WireRow): RecordValues | undefined {
  if (layout.isPlain) return readPlain(source, layout.columns, row);
  return hasNames(layout, row) ? readByColumns(source, layout, row) : undefined;
}
