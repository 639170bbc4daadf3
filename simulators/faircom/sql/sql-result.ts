import { findTableByUid } from '../storage/catalogue.ts';
import type { Connection, ResultColumn } from '../storage/connection.ts';
import { physicalTable, requireField } from '../storage/table.ts';
import { decimalOf, storeDecimal } from '../values/encode-value.ts';
import { type Field, type FieldType, plainField, type SqlValue } from '../values/field.ts';
import { isExactNumber, isJsonObject } from '../wire/exact-json.ts';

export interface SqlRows {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly SqlValue[])[];
}

function typeOfValue(value: SqlValue | undefined): FieldType {
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value === 'number') return 'float';
  return value instanceof Uint8Array ? 'varbinary' : 'varchar';
}

function fieldOfColumn(connection: Connection, { table, column }: ResultColumn): Field | undefined {
  const uid = Number(/^t(\d+)$/.exec(table ?? '')?.[1] ?? Number.NaN);
  const found = Number.isNaN(uid) ? undefined : findTableByUid(connection, uid);
  return found && column !== null && physicalTable(found) === table ? requireField(found, column) : undefined;
}

/** SQL shows names in lower case and says nothing of keys and automatic values (faircom-netography-api.md §A8). */
function describeColumn(
  connection: Connection,
  column: ResultColumn,
  values: readonly (SqlValue | undefined)[],
): Field {
  const name = column.name.toLowerCase();
  const source = fieldOfColumn(connection, column);
  if (source) return { ...source, name, defaultValue: null, primaryKey: 0, autoValue: 'none' };
  const value = values.find((candidate) => candidate !== null && candidate !== undefined);
  return { ...plainField(name, typeOfValue(value)), nullable: true };
}

/** Runs a query, reading no more than `limit` rows. */
export function runQuery(connection: Connection, sql: string, values: readonly SqlValue[], limit: number): SqlRows {
  const { columns, rows: source } = connection.query(sql, values);
  const rows: (readonly SqlValue[])[] = [];
  for (const row of source) {
    if (rows.length >= limit) break;
    rows.push(row);
  }
  const fields = columns.map((column, place) =>
    describeColumn(
      connection,
      column,
      rows.map((row) => row[place]),
    ),
  );
  return { fields, rows };
}

/** A positional parameter as a stored value; `{name, value}` is the form of one published client (§A10). */
export function toSqlValue(parameter: unknown): SqlValue {
  if (parameter === null || parameter === undefined) return null;
  if (typeof parameter === 'boolean') return parameter ? 1n : 0n;
  if (typeof parameter === 'string') return parameter;
  if (isJsonObject(parameter) && 'value' in parameter) return toSqlValue(parameter.value);
  if (typeof parameter === 'number' || isExactNumber(parameter)) {
    const decimal = decimalOf(parameter);
    if (decimal) return storeDecimal(decimal);
  }
  return JSON.stringify(parameter);
}
