import { FairComError } from '../errors.ts';
import type { Connection } from '../storage/connection.ts';
import { recordsByRowid, replaceRecord } from '../storage/records.ts';
import { withVendorErrors } from '../storage/sqlite-error.ts';
import { fieldIndex, requireField, type StoredRecord, type Table } from '../storage/table.ts';
import type { BinaryFormat } from '../values/binary.ts';
import { encodeValue } from '../values/encode-value.ts';
import type { Field, SqlValue } from '../values/field.ts';
import { timestampOf } from '../values/temporal.ts';
import { optionalBoolean } from '../wire/parameters.ts';
import { type Call, findTable, inputFormat, type Outcome, write } from './action.ts';
import { findRecord } from './find-records.ts';
import { recordsResult, rowidOfBookmark } from './record-result.ts';
import { readSourceData, type SourceRow } from './source-data.ts';

interface Update {
  readonly connection: Connection;
  readonly table: Table;
  readonly format: BinaryFormat;
  readonly isProtected: boolean;
  /** The new values of the automatic fields. */
  readonly changeId: bigint;
  readonly now: string;
}

/** The record that a row is about: every primary key field is the look-up, or a bookmark is (§A9). */
function lookUp({ connection, table, format }: Update, { given, bookmark }: SourceRow): StoredRecord {
  const rowid = rowidOfBookmark(table, bookmark);
  const values = table.primaryKeyFields.map((fieldName) => {
    const place = fieldIndex(table, fieldName);
    if (rowid === undefined && !given.has(place)) {
      throw new FairComError('parameterMissing', `A row lacks the primary key field "${fieldName}".`);
    }
    return { fieldName, value: given.get(place) };
  });
  if (rowid === undefined && values.length === 0) {
    throw new FairComError('parameterMissing', `Table "${table.tableName}" has no primary key to look records up by.`);
  }
  const record =
    rowid === undefined ? findRecord(connection, table, values, format) : recordsByRowid(connection, table, [rowid])[0];
  if (!record) throw new FairComError('recordMissing', 'A record to update does not exist.');
  return record;
}

/** Refuses a row that was not read from the record as it is now (faircom-netography-api.md §A9). */
function checkChangeId({ table, isProtected }: Update, { given }: SourceRow, record: StoredRecord): void {
  if (table.changeIdField === null || !isProtected) return;
  const place = fieldIndex(table, table.changeIdField);
  const value = given.get(place) ?? null;
  if (value === null) {
    throw new FairComError('changeIdMissing', `A row lacks the change id field "${table.changeIdField}".`);
  }
  const changeId = encodeValue(requireField(table, table.changeIdField), value, 'hex');
  if (changeId !== record.values[place]) {
    throw new FairComError('changeIdOutdated', 'The record was changed by someone else since it was read.');
  }
}

function newValue(update: Update, field: Field, { given }: SourceRow, place: number, stored: SqlValue): SqlValue {
  if (field.autoValue === 'changeId') return update.changeId;
  if (field.autoValue.startsWith('timestampOnUpdate')) return update.now;
  const isKept = !given.has(place) || field.autoValue !== 'none' || field.primaryKey > 0;
  return isKept ? stored : encodeValue(field, given.get(place), update.format);
}

function updateRow(update: Update, row: SourceRow): StoredRecord {
  const before = lookUp(update, row);
  checkChangeId(update, row, before);
  const values = update.table.fields.map((field, place) =>
    newValue(update, field, row, place, before.values[place] ?? null),
  );
  const record = { rowid: before.rowid, values };
  withVendorErrors(() => replaceRecord(update.connection, update.table, record), 'valueRefused');
  return record;
}

/** Changes records, all or none; each row must carry the change id that was read last (§A9). */
export async function updateRecords(call: Call): Promise<Outcome> {
  const { server, parameters } = call;
  const isProtected = !(optionalBoolean(parameters, 'ignoreChangeIdProtection') ?? false);
  const { table, records } = await write(call, (connection) => {
    const found = findTable(call, connection);
    const rows = readSourceData(found, parameters);
    const shared = { connection, table: found, format: inputFormat(call), isProtected };
    const now = timestampOf(server.clock.now());
    const updated = rows.map((row) =>
      updateRow({ ...shared, changeId: server.store.counters.nextChangeId(), now }, row),
    );
    return { table: found, records: updated };
  });
  const counts = { requestedRecordCount: records.length, totalRecordCount: records.length };
  return { result: recordsResult(call.format, table, records, counts) };
}
