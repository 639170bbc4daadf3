import { badAnswer } from './errors.ts';
import { toField } from './field.ts';
import { readValue, sameName, valueNamed } from './field-values.ts';
import type { FairComField, FairComRecord, FairComTable, RecordValue, RecordValues } from './types.ts';
import { isWireRow, type WireRecords } from './wire.ts';

/** How the rows of one answer are read: its own fields where it lists them, else those of the description. */
export interface RowReader {
  readonly source: string;
  readonly table: FairComTable;
  readonly fields: ReadonlyMap<string, FairComField>;
}

export function createRowReader(source: string, table: FairComTable, { fields = [] }: WireRecords): RowReader {
  const known = fields.length > 0 ? fields.map(toField) : table.fields;
  return { source, table, fields: new Map(known.map((field) => [field.name.toLowerCase(), field])) };
}

/** The values of a row by the fields' own names; what no field has (`_bookmark_`) is left out. */
export function readValues({ source, fields }: RowReader, row: unknown): RecordValues {
  if (!isWireRow(row)) throw badAnswer(source, 'a record that is not an object');
  const values: (readonly [name: string, value: RecordValue])[] = [];
  for (const [name, raw] of Object.entries(row)) {
    const field = fields.get(name.toLowerCase());
    if (!field) continue;
    const value = readValue(field, raw);
    if (value === undefined) {
      throw badAnswer(source, `a record whose "${field.name}" is not a valid ${field.vendorType}`);
    }
    values.push([field.name, value]);
  }
  return Object.fromEntries(values);
}

const textOrUndefined = (value: unknown) => (value === null || value === undefined ? undefined : String(value));

/** The primary key's values of a record. */
export function keyOf({ source, table }: RowReader, values: RecordValues): RecordValues {
  const key = table.primaryKeyFields.map((name) => {
    const value = valueNamed(values, name);
    if (value !== undefined) return [name, value] as const;
    throw badAnswer(source, `a record without its key "${name}"`);
  });
  return Object.fromEntries(key);
}

export function toRecord(reader: RowReader, row: unknown): FairComRecord {
  const values = readValues(reader, row);
  const key = keyOf(reader, values);
  const { changeIdField, primaryKeyFields } = reader.table;
  const [only, ...others] = primaryKeyFields;
  const hasIdKey = only !== undefined && others.length === 0 && sameName(only, 'id');
  return {
    id: hasIdKey ? textOrUndefined(key[only]) : undefined,
    changeId: changeIdField === undefined ? undefined : textOrUndefined(valueNamed(values, changeIdField)),
    key,
    values,
  };
}
