import { FairComError } from '../errors.ts';
import type { Cursor, TableRecords } from '../session/cursors.ts';
import { findTableByUid } from '../storage/catalogue.ts';
import { recordsByRowid } from '../storage/records.ts';
import type { Table } from '../storage/table.ts';
import { readAnswerFormat } from '../wire/answer-format.ts';
import { optionalInteger, optionalText, optionalWord, requireText } from '../wire/parameters.ts';
import { type Call, dbAction, type Outcome, readingConnection, type SessionAction } from './action.ts';
import { findRecord } from './find-records.ts';
import { DEFAULT_MAX_RECORDS } from './read-selection.ts';
import { recordsResult, rowidOfBookmark, rowsResult } from './record-result.ts';

const starts = ['beforeFirstRecord', 'afterLastRecord', 'currentPosition'] as const;

function openTable({ server }: Call, { database, transaction, tableUid }: TableRecords) {
  const isThere = server.store.databases().includes(database);
  const connection = readingConnection(database, transaction);
  const table = isThere ? findTableByUid(connection, tableUid) : undefined;
  if (!table) throw new FairComError('cannotOpen', 'The table of this cursor is gone.');
  return { connection, table };
}

/** The place of the record that `id` or `bookmark` names, which newer servers can position on (§A10). */
function namedPosition(call: Call, cursor: Cursor): number | undefined {
  const { parameters } = call;
  const bookmark = optionalText(parameters, 'bookmark');
  const isNamed = bookmark !== undefined || (parameters.id !== undefined && parameters.id !== null);
  if (!isNamed || !('rowids' in cursor.source)) return undefined;
  const { connection, table } = openTable(call, cursor.source);
  const rowid = bookmark === undefined ? rowidOfId(call, table, connection) : rowidOfBookmark(table, bookmark);
  const position = rowid === undefined ? -1 : cursor.source.rowids.indexOf(rowid);
  if (position < 0) throw new FairComError('keyNotFound', 'The cursor holds no such record.');
  return position;
}

function rowidOfId({ parameters }: Call, table: Table, connection: ReturnType<typeof openTable>['connection']) {
  const [fieldName] = table.primaryKeyFields;
  if (fieldName === undefined) return undefined;
  return findRecord(connection, table, [{ fieldName, value: parameters.id }], 'hex')?.rowid;
}

const clamp = (position: number, cursor: Cursor) => Math.min(Math.max(position, 0), cursor.length);

function startPosition(call: Call, cursor: Cursor): number {
  const startFrom = optionalWord(call.parameters, 'startFrom', starts) ?? 'currentPosition';
  const skip = optionalInteger(call.parameters, 'skipRecords', Number.MIN_SAFE_INTEGER) ?? 0;
  const current = namedPosition(call, cursor) ?? cursor.position;
  const from = { beforeFirstRecord: 0, afterLastRecord: cursor.length, currentPosition: current }[startFrom];
  return clamp(from + skip, cursor);
}

/** The places that a fetch covers; a negative number fetches backwards. */
function fetchedPlaces(cursor: Cursor, start: number, count: number): number[] {
  const end = clamp(start + count, cursor);
  return count >= 0
    ? Array.from({ length: end - start }, (_, index) => start + index)
    : Array.from({ length: start - end }, (_, index) => start - 1 - index);
}

function rowsAt(call: Call, cursor: Cursor, places: readonly number[], requested: number): Outcome {
  // The options of the fetch count, over those of the read that opened the cursor.
  const format = readAnswerFormat(call.responseOptions, cursor.format);
  // A full page says that there are more, even at the very end: clients must cope with an empty last page (§A10).
  const moreRecords = places.length === requested && requested > 0;
  const counts = { moreRecords, requestedRecordCount: requested, totalRecordCount: -1 };
  const { source } = cursor;
  if (!('rowids' in source)) {
    const rows = places.map((place) => ({ values: source.rows[place] ?? [] }));
    return { result: rowsResult(format, source.fields, rows, counts) };
  }
  const { connection, table } = openTable(call, source);
  const rowids = places.flatMap((place) => source.rowids[place] ?? []);
  return { result: recordsResult(format, table, recordsByRowid(connection, table, rowids), counts) };
}

function getRecordsFromCursor(call: Call): Outcome {
  const { server, session, parameters } = call;
  const cursor = server.cursors.require(session, requireText(parameters, 'cursorId'));
  const fetchRecords = optionalInteger(parameters, 'fetchRecords', Number.MIN_SAFE_INTEGER) ?? DEFAULT_MAX_RECORDS;
  const start = startPosition(call, cursor);
  if (cursor.isForwardOnly && (fetchRecords < 0 || start < cursor.position)) {
    throw new FairComError('notWalkableBackwards', 'This cursor only goes forward.');
  }
  const outcome = rowsAt(call, cursor, fetchedPlaces(cursor, start, fetchRecords), Math.abs(fetchRecords));
  cursor.position = clamp(start + fetchRecords, cursor);
  return outcome;
}

function closeCursor({ server, session, parameters }: Call): Outcome {
  server.cursors.close(server.cursors.require(session, requireText(parameters, 'cursorId')));
  return { result: {} };
}

/** Cursors (faircom-netography-api.md §A10). */
export const cursorActions: readonly SessionAction[] = [
  dbAction(
    'getRecordsFromCursor',
    { required: ['cursorId'], optional: ['startFrom', 'skipRecords', 'fetchRecords', 'id', 'bookmark'] },
    getRecordsFromCursor,
  ),
  dbAction('closeCursor', { required: ['cursorId'] }, closeCursor),
];
