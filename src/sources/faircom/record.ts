import { badAnswer } from './errors.ts';
import { toField } from './field.ts';
import { readValue, sameName } from './field-values.ts';
import type { FairComField, FairComRecord, FairComTable, RecordValue, RecordValues } from './types.ts';
import type { WireRecords } from './wire.ts';

/**
 * How the rows of one answer are read: its own fields where it lists them, else those of the description. Rows come by
 * the thousand, so they are read by hand: what is the same for all of them is found out once.
 */
export interface RowReader {
  readonly source: string;
  readonly table: FairComTable;
  /** The field of this name, whatever its case (faircom-netography-api.md §A8); undefined when there is none. */
  readonly fieldOf: (name: string) => FairComField | undefined;
  /** Name of the primary key where it is one field that is called `id`. */
  readonly idName: string | undefined;
}

/** What every object has a member of that is no plain one. */
const PROTOTYPE = '__proto__';

export function createRowReader(source: string, table: FairComTable, { fields = [] }: WireRecords): RowReader {
  const known = (fields.length > 0 ? fields.map(toField) : table.fields).filter(({ name }) => name !== PROTOTYPE);
  const byLowerCase = new Map(known.map((field) => [field.name.toLowerCase(), field]));
  const seen = new Map<string, FairComField | undefined>();
  const fieldOf = (name: string) => {
    const found = seen.get(name);
    if (found || seen.has(name)) return found;
    const field = byLowerCase.get(name.toLowerCase());
    seen.set(name, field);
    return field;
  };
  const [only, ...others] = table.primaryKeyFields;
  const idName = only !== undefined && others.length === 0 && sameName(only, 'id') ? only : undefined;
  return { source, table, fieldOf, idName };
}

/** Any JSON: parsed bytes hold nothing else. */
const isRow = (row: unknown): row is RecordValues => typeof row === 'object' && row !== null && !Array.isArray(row);

/**
 * The values of a row by the fields' own names; what no field has (`_bookmark_`) is left out.
 * @throws SourceError SOURCE_BAD_ANSWER for what is no row, or a value that is none of its field's type
 */
export function readValues({ source, fieldOf }: RowReader, row: unknown): RecordValues {
  if (!isRow(row)) throw badAnswer(source, 'a record that is not an object');
  const values: Record<string, RecordValue> = {};
  for (const name of Object.keys(row)) {
    const field = fieldOf(name);
    if (!field) continue;
    const value = readValue(field, row[name] ?? null);
    if (value === undefined)
      throw badAnswer(source, `a record whose "${field.name}" is not a valid ${field.vendorType}`);
    values[field.name] = value;
  }
  return values;
}

/** The value that a row has for a field, whatever the case of its name. */
export function valueIn({ fieldOf }: RowReader, values: RecordValues, name: string): RecordValue | undefined {
  const field = fieldOf(name);
  return field && Object.hasOwn(values, field.name) ? values[field.name] : undefined;
}

const textOrUndefined = (value: unknown) => (value === null || value === undefined ? undefined : String(value));

/** The primary key's values of a record. */
function keyOf(reader: RowReader, values: RecordValues): RecordValues {
  const key = reader.table.primaryKeyFields.map((name) => {
    const value = valueIn(reader, values, name);
    if (value !== undefined) return [name, value] as const;
    throw badAnswer(reader.source, `a record without its key "${name}"`);
  });
  return Object.fromEntries(key);
}

export function toRecord(reader: RowReader, row: unknown): FairComRecord {
  const values = readValues(reader, row);
  const key = keyOf(reader, values);
  const { changeIdField } = reader.table;
  return {
    id: reader.idName === undefined ? undefined : textOrUndefined(key[reader.idName]),
    changeId: changeIdField === undefined ? undefined : textOrUndefined(valueIn(reader, values, changeIdField)),
    key,
    values,
  };
}
