import { FairComError } from '../errors.ts';
import type { Connection } from '../storage/connection.ts';
import { bound, type Fragment, raw, sql } from '../storage/fragment.ts';
import { keyPart, plainIndexField } from '../storage/index-key.ts';
import { rowidTerm, selectRecords } from '../storage/records.ts';
import { requireField, type StoredRecord, sameName, type Table } from '../storage/table.ts';
import type { BinaryFormat } from '../values/binary.ts';
import { isJsonObject, type JsonObject } from '../wire/exact-json.ts';
import { optionalList, requireText, wrongParameter } from '../wire/parameters.ts';

export interface FieldValue {
  readonly fieldName: string;
  readonly value: unknown;
}

/** The condition that a record has exactly these values. */
export function fieldConditions(table: Table, values: readonly FieldValue[], format: BinaryFormat): Fragment[] {
  return values.map(({ fieldName, value }) => {
    const field = requireField(table, fieldName);
    const { expression, encode } = keyPart(field, plainIndexField(field.name));
    return sql`${raw(expression)} IS ${bound(encode(value, format))}`;
  });
}

export function findRecord(
  connection: Connection,
  table: Table,
  values: readonly FieldValue[],
  format: BinaryFormat,
): StoredRecord | undefined {
  const where = fieldConditions(table, values, format);
  return selectRecords(connection, table, { where, order: [rowidTerm] }, { skip: 0, max: 1 })[0];
}

function readFieldValue(entry: unknown): FieldValue {
  if (!isJsonObject(entry)) throw wrongParameter('primaryKeys', 'an array of arrays of {fieldName, value}');
  return { fieldName: requireText(entry, 'fieldName'), value: entry.value };
}

function readPrimaryKey(table: Table, entry: unknown): FieldValue[] {
  if (!Array.isArray(entry)) throw wrongParameter('primaryKeys', 'an array of arrays of {fieldName, value}');
  const values = entry.map(readFieldValue);
  const isComplete =
    values.length === table.primaryKeyFields.length &&
    table.primaryKeyFields.every((name) => values.some(({ fieldName }) => sameName(fieldName, name)));
  if (!isComplete) throw wrongParameter('primaryKeys', 'the values of every primary key field');
  return values;
}

function keyOfId(table: Table, id: unknown): FieldValue[] {
  const [fieldName, ...others] = table.primaryKeyFields;
  if (fieldName === undefined || others.length > 0) {
    throw wrongParameter('ids', 'left out for a table without a primary key of one field');
  }
  return [{ fieldName, value: id }];
}

/** The keys that `ids` or `primaryKeys` name, exactly one of which must be there (faircom-netography-api.md §A9). */
function readKeys(table: Table, parameters: JsonObject): FieldValue[][] {
  const ids = optionalList(parameters, 'ids');
  const primaryKeys = optionalList(parameters, 'primaryKeys');
  if (Boolean(ids) === Boolean(primaryKeys)) {
    throw new FairComError('parameterMissing', 'Exactly one of "ids" and "primaryKeys" is required.');
  }
  return ids
    ? ids.map((id) => keyOfId(table, id))
    : (primaryKeys ?? []).map((primaryKey) => readPrimaryKey(table, primaryKey));
}

/** The records that `ids` or `primaryKeys` name, in that order; what does not exist is left out, and no error. */
export function findNamedRecords(
  connection: Connection,
  table: Table,
  parameters: JsonObject,
  format: BinaryFormat,
): { records: StoredRecord[]; requestedCount: number } {
  const keys = readKeys(table, parameters);
  const records = keys.flatMap((key) => findRecord(connection, table, key, format) ?? []);
  return { records, requestedCount: keys.length };
}
