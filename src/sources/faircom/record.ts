import { badAnswer } from './errors.ts';
import { toField } from './field.ts';
import { readValue, sameName, valueNamed } from './field-values.ts';
import type { RecordsAnswer } from './records-answer.ts';
import type { FairComField, FairComRecord, FairComTable, RecordValue, RecordValues } from './types.ts';

/** How the rows of one answer are read: its own fields where it lists them, else those of the description. */
export interface RowReader {
  readonly source: string;
  readonly table: FairComTable;
  /** The field of a cell; undefined for what no field has. */
  fieldOf(name: string): FairComField | undefined;
  /** The field `id` where that alone is the primary key. */
  readonly idField: string | undefined;
}

/** A record as an object: whatever JSON holds, checked by the type of each field. */
const isWireRow = (row: unknown): row is Readonly<Record<string, RecordValue>> =>
  typeof row === 'object' && row !== null && !Array.isArray(row);

/** Names have no case (§A8), but the rows of one answer spell them alike: each spelling is looked at once. */
function createFieldFinder(fields: readonly FairComField[]): RowReader['fieldOf'] {
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const bySpelling = new Map<string, FairComField | undefined>();
  return (name) => {
    const known = bySpelling.get(name);
    if (known || bySpelling.has(name)) return known;
    const field = byName.get(name.toLowerCase());
    bySpelling.set(name, field);
    return field;
  };
}

export function createRowReader(source: string, table: FairComTable, { fields = [] }: RecordsAnswer): RowReader {
  const [only, ...others] = table.primaryKeyFields;
  return {
    source,
    table,
    fieldOf: createFieldFinder(fields.length > 0 ? fields.map(toField) : table.fields),
    idField: only !== undefined && others.length === 0 && sameName(only, 'id') ? only : undefined,
  };
}

type Values = Record<string, RecordValue>;

/** Sets a member whatever its name is: assigned, `__proto__` would be none. */
function put(values: Values, name: string, value: RecordValue): void {
  if (name !== '__proto__') values[name] = value;
  else Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The values of a row by the fields' own names; what no field has (`_bookmark_`) is left out. */
export function readValues({ source, fieldOf }: RowReader, row: unknown): RecordValues {
  if (!isWireRow(row)) throw badAnswer(source, 'a record that is not an object');
  const values: Values = {};
  for (const name of Object.keys(row)) {
    const field = fieldOf(name);
    if (!field) continue;
    const value = readValue(field, row[name] ?? null);
    if (value === undefined) {
      throw badAnswer(source, `a record whose "${field.name}" is not a valid ${field.vendorType}`);
    }
    put(values, field.name, value);
  }
  return values;
}

const textOrUndefined = (value: unknown) => (value === null || value === undefined ? undefined : String(value));

/** The primary key's values of a record. */
export function keyOf({ source, table }: RowReader, values: RecordValues): RecordValues {
  const key: Values = {};
  for (const name of table.primaryKeyFields) {
    const value = valueNamed(values, name);
    if (value === undefined) throw badAnswer(source, `a record without its key "${name}"`);
    put(key, name, value);
  }
  return key;
}

export function toRecord(reader: RowReader, row: unknown): FairComRecord {
  const values = readValues(reader, row);
  const key = keyOf(reader, values);
  const { changeIdField } = reader.table;
  return {
    id: reader.idField === undefined ? undefined : textOrUndefined(key[reader.idField]),
    changeId: changeIdField === undefined ? undefined : textOrUndefined(valueNamed(values, changeIdField)),
    key,
    values,
  };
}
