import { compileFilter } from '../filter/compile-filter.ts';
import { encodeValue } from '../values/encode-value.ts';
import { type Field, type FieldKind, fieldTypes, kindOf } from '../values/field.ts';
import type { Connection } from './connection.ts';
import { inline, literal } from './fragment.ts';
import { keyParts } from './index-key.ts';
import { physicalIndex, physicalTable, quoteName, type Table, type TableIndex } from './table.ts';

/** Keep values that SQL statements write in the form that the API writes (§A8). */
const checks: Readonly<Record<FieldKind, (column: string, field: Field) => string>> = {
  bit: (column) => `${column} IN (0, 1)`,
  integer: (column, field) => {
    const [low, high] = fieldTypes[field.type].range ?? [0n, 0n];
    // -2^63 cannot be written as a literal, and no integer is below it.
    const inRange = field.type === 'bigint' ? '' : ` AND ${column} BETWEEN ${low} AND ${high}`;
    return `typeof(${column}) = 'integer'${inRange}`;
  },
  float: (column) => `typeof(${column}) = 'real'`,
  decimal: (column) =>
    `typeof(${column}) IN ('integer', 'real') OR (typeof(${column}) = 'text' AND decimal_key(${column}) <> ${column})`,
  date: (column) => `length(${column}) = 10`,
  time: (column) => `length(${column}) = 12`,
  timestamp: (column) => `length(${column}) = 23`,
  text: (column, field) => `length(CAST(${column} AS BLOB)) <= ${field.length}`,
  binary: (column, field) => `typeof(${column}) = 'blob' AND length(${column}) <= ${field.length}`,
  json: (column) => `json_valid(${column})`,
};

function defaultOf(table: Table, field: Field): string {
  switch (field.autoValue) {
    case 'incrementOnInsert':
      return `next_record_id(${table.uid})`;
    case 'changeId':
      return 'next_change_id(0)';
    case 'timestampOnInsert':
    case 'timestampOnUpdate':
    case 'timestampOnUpdateAndInsert':
      return 'server_time(0)';
    default:
      return literal(encodeValue({ ...field, nullable: true }, field.defaultValue, 'hex'));
  }
}

function columnDefinition(table: Table, field: Field): string {
  const column = quoteName(field.name);
  const type = fieldTypes[field.type].column;
  const nullability = field.nullable ? '' : 'NOT NULL';
  const check = `CHECK (${column} IS NULL OR ${checks[kindOf(field)](column, field)})`;
  return [column, type, nullability, `DEFAULT (${defaultOf(table, field)})`, check].filter(Boolean).join(' ');
}

/** Gives records that SQL updates a new change id, as the engine below the vendor's APIs does. */
function createUpdateTrigger(connection: Connection, table: Table): void {
  if (table.changeIdField === null) return;
  const name = physicalTable(table);
  const changeId = quoteName(table.changeIdField);
  const times = table.fields.filter(({ autoValue }) => autoValue.startsWith('timestampOnUpdate'));
  const settings = [
    `${changeId} = next_change_id(0)`,
    ...times.map((field) => `${quoteName(field.name)} = server_time(0)`),
  ];
  connection.run(`CREATE TRIGGER "${name}_updated" AFTER UPDATE ON "${name}"
    WHEN NEW.${changeId} IS OLD.${changeId}
    BEGIN UPDATE "${name}" SET ${settings.join(', ')} WHERE _rowid_ = NEW._rowid_; END`);
}

export function createPhysicalIndex(connection: Connection, table: Table, index: TableIndex): void {
  const keys = keyParts(table, index).map(({ expression, isDescending }) =>
    isDescending ? `${expression} DESC` : expression,
  );
  const condition = index.conditionalExpression && compileFilter(table, index.conditionalExpression);
  const where = condition ? ` WHERE ${inline(condition)}` : '';
  const name = quoteName(physicalIndex(table, index.indexName));
  const kind = index.unique ? 'UNIQUE INDEX' : 'INDEX';
  connection.run(`CREATE ${kind} ${name} ON "${physicalTable(table)}" (${keys.join(', ')})${where}`);
}

export function dropPhysicalIndex(connection: Connection, table: Table, indexName: string): void {
  connection.run(`DROP INDEX ${quoteName(physicalIndex(table, indexName))}`);
}

export function createPhysicalTable(connection: Connection, table: Table): void {
  const columns = table.fields.map((field) => columnDefinition(table, field));
  connection.run(`CREATE TABLE "${physicalTable(table)}" (${columns.join(', ')})`);
  createUpdateTrigger(connection, table);
  for (const index of table.indexes) createPhysicalIndex(connection, table, index);
}

export function dropPhysicalTable(connection: Connection, table: Table): void {
  connection.run(`DROP TABLE "${physicalTable(table)}"`);
}

export function rebuildPhysicalTable(connection: Connection, table: Table): void {
  connection.run(`REINDEX "${physicalTable(table)}"`);
}

export function rebuildPhysicalIndex(connection: Connection, table: Table, indexName: string): void {
  connection.run(`REINDEX ${quoteName(physicalIndex(table, indexName))}`);
}
