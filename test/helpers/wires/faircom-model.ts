import { z } from 'zod';
import type {
  FairComField,
  FairComRecord,
  FairComTable,
  RecordValue,
  RecordValues,
} from '../../../src/sources/faircom/types.ts';

/** What reading a row of FairCom has to do, said with a schema. */

const row = z.record(z.string(), z.custom<RecordValue>());

/** What is wrong with a row, in the words that follow "sent ". */
export class BadRow extends Error {}

interface Columns {
  readonly table: FairComTable;
  readonly fields: readonly FairComField[];
  readonly readValue: (field: FairComField, raw: RecordValue) => RecordValue | undefined;
}

const sameName = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

function valueNamed(values: RecordValues, name: string): RecordValue | undefined {
  const found = Object.keys(values).find((candidate) => sameName(candidate, name));
  return found === undefined ? undefined : values[found];
}

function valuesAtModel({ fields, readValue }: Columns, value: unknown): RecordValues {
  const cells = row.safeParse(value);
  if (!cells.success) throw new BadRow('a record that is not an object');
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const values = Object.entries(cells.data).flatMap(([name, raw]) => {
    const field = byName.get(name.toLowerCase());
    if (!field) return [];
    const read = readValue(field, raw);
    if (read !== undefined) return [[field.name, read] as const];
    throw new BadRow(`a record whose "${field.name}" is not a valid ${field.vendorType}`);
  });
  return Object.fromEntries(values);
}

const textOrUndefined = (value: unknown) => (value === null || value === undefined ? undefined : String(value));

/** @throws BadRow */
export function recordAtModel(columns: Columns, value: unknown): FairComRecord {
  const { primaryKeyFields, changeIdField } = columns.table;
  const values = valuesAtModel(columns, value);
  const entries = primaryKeyFields.map((name) => {
    const found = valueNamed(values, name);
    if (found !== undefined) return [name, found] as const;
    throw new BadRow(`a record without its key "${name}"`);
  });
  const key: RecordValues = Object.fromEntries(entries);
  const [only, ...others] = primaryKeyFields;
  const hasIdKey = only !== undefined && others.length === 0 && sameName(only, 'id');
  return {
    id: hasIdKey ? textOrUndefined(key[only]) : undefined,
    changeId: changeIdField === undefined ? undefined : textOrUndefined(valueNamed(values, changeIdField)),
    key,
    values,
  };
}
