import { FairComError } from '../errors.ts';
import { encodeValue } from '../values/encode-value.ts';
import type { Field, SqlValue } from '../values/field.ts';
import { renderValue } from '../values/render-value.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import { requireText } from '../wire/parameters.ts';
import type { Connection } from './connection.ts';
import { readField } from './define-field.ts';
import { checkFields } from './define-table.ts';
import { createPhysicalTable, dropPhysicalTable } from './physical-table.ts';
import { rowidTerm, selectRecords } from './records.ts';
import { physicalTable, quoteName, requireField, sameName, type Table } from './table.ts';

/** A field of the altered table and the one it was before; a new field was none. */
interface AlteredField {
  readonly field: Field;
  readonly before: Field | undefined;
}

export interface FieldChanges {
  readonly addFields: readonly JsonObject[];
  /** Each names a field; `newName` and the other properties are what changes. */
  readonly alterFields: readonly JsonObject[];
  readonly deleteFields: readonly string[];
}

function checkDeletion(table: Table, name: string): void {
  const { name: fieldName } = requireField(table, name);
  const isIndexed = table.indexes.some(({ fields }) => fields.some((field) => sameName(field.name, fieldName)));
  if (isIndexed || fieldName === table.changeIdField) {
    throw new FairComError('definitionRefused', `Field "${fieldName}" is in use by an index or as the change id.`);
  }
}

function alterField(before: Field, change: JsonObject | undefined): AlteredField {
  if (!change) return { field: before, before };
  const { newName, name: _name, ...properties } = change;
  const kept = { ...before, ...('type' in properties ? { length: null, scale: null } : {}) };
  const name = newName === undefined || newName === null ? before.name : requireText(change, 'newName');
  return { field: readField({ ...kept, ...properties, name, primaryKey: before.primaryKey }), before };
}

function alteredFields(table: Table, { addFields, alterFields, deleteFields }: FieldChanges): AlteredField[] {
  for (const name of deleteFields) checkDeletion(table, name);
  for (const change of alterFields) requireField(table, requireText(change, 'name'));
  const remaining = table.fields.filter(({ name }) => !deleteFields.some((deleted) => sameName(deleted, name)));
  const altered = remaining.map((field) =>
    alterField(
      field,
      alterFields.find((change) => sameName(requireText(change, 'name'), field.name)),
    ),
  );
  return [...altered, ...addFields.map((definition) => ({ field: readField(definition), before: undefined }))];
}

function rename(altered: readonly AlteredField[], name: string): string {
  return altered.find(({ before }) => before?.name === name)?.field.name ?? name;
}

/** The table with its changes; nothing is stored yet. */
function alteredTable(table: Table, altered: readonly AlteredField[]): Table {
  const fields = altered.map(({ field }) => field);
  checkFields(fields);
  return {
    ...table,
    fields,
    primaryKeyFields: table.primaryKeyFields.map((name) => rename(altered, name)),
    changeIdField: table.changeIdField === null ? null : rename(altered, table.changeIdField),
    indexes: table.indexes.map((index) => ({
      ...index,
      fields: index.fields.map((field) => ({ ...field, name: rename(altered, field.name) })),
    })),
  };
}

const exact = { numberFormat: 'string', binaryFormat: 'hex' } as const;

function convert({ field, before }: AlteredField, stored: SqlValue): SqlValue {
  if (!before) return encodeValue(field, field.defaultValue, 'hex');
  return encodeValue(field, renderValue(before, stored, exact), 'hex');
}

/** Makes the table anew with every record converted; a value that does not fit undoes the whole action. */
export function alterFields(connection: Connection, table: Table, changes: FieldChanges): Table {
  const altered = alteredFields(table, changes);
  const after = alteredTable(table, altered);
  const places = altered.map(({ before }) => (before ? table.fields.indexOf(before) : -1));
  const everything = { where: [], order: [rowidTerm] };
  const records = selectRecords(connection, table, everything, { skip: 0, max: Number.MAX_SAFE_INTEGER });
  dropPhysicalTable(connection, table);
  createPhysicalTable(connection, after);
  const columns = ['_rowid_', ...after.fields.map(({ name }) => quoteName(name))];
  const marks = columns.map(() => '?').join(', ');
  const insert = `INSERT INTO "${physicalTable(after)}" (${columns.join(', ')}) VALUES (${marks})`;
  for (const { rowid, values } of records) {
    const converted = altered.map((field, index) => convert(field, values[places[index] ?? -1] ?? null));
    connection.run(insert, [rowid, ...converted]);
  }
  return after;
}
