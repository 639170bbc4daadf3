import { FairComError } from '../errors.ts';
import { nested, savepointed } from '../session/transactions.ts';
import { runSelect, runStatement, type SqlPlace } from '../sql/run-statement.ts';
import { type SqlRows, toSqlValue } from '../sql/sql-result.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import {
  optionalBoolean,
  optionalInteger,
  optionalList,
  optionalWord,
  requireText,
  textList,
} from '../wire/parameters.ts';
import { type Call, dbAction, type Outcome, ownerName, readingPlace, type SessionAction, write } from './action.ts';
import { DEFAULT_MAX_RECORDS } from './read-selection.ts';
import { rowsResult } from './record-result.ts';

function openCursor({ server, session, format, parameters }: Call, { fields, rows }: SqlRows): string {
  const isForwardOnly = optionalBoolean(parameters, 'sqlForwardOnly') ?? false;
  const source = { fields, rows };
  return server.cursors.open({ session, format, source, length: rows.length, isForwardOnly }).cursorId;
}

/** faircom-netography-api.md §A10: SELECT only, positional parameters, result names in lower case. */
function getRecordsUsingSql(call: Call): Outcome {
  const { parameters, format, server } = call;
  const { connection, transaction } = readingPlace(call);
  // A SQL query in a transaction invalidates the savepoints before it (§A11).
  if (transaction) transaction.savepoints = [];
  const skip = optionalInteger(parameters, 'skipRecords') ?? 0;
  const max = optionalInteger(parameters, 'maxRecords') ?? DEFAULT_MAX_RECORDS;
  const isCursor = optionalBoolean(parameters, 'returnCursor') ?? false;
  const isCounted = optionalBoolean(parameters, 'forceRecordCount') ?? false;
  const values = (optionalList(parameters, 'sqlParams') ?? []).map(toSqlValue);
  const limit = isCursor || isCounted ? Number.POSITIVE_INFINITY : skip + max;
  const place = { server, connection, ownerName: ownerName(call) };
  const found = runSelect(place, requireText(parameters, 'sql'), values, limit);
  const totalRecordCount = isCounted ? found.rows.length : -1;
  if (isCursor) return { result: { cursorId: openCursor(call, found), totalRecordCount } };
  const rows = found.rows.slice(skip, skip + max).map((row) => ({ values: row }));
  const counts = { moreRecords: rows.length === max, requestedRecordCount: max, totalRecordCount };
  return { result: rowsResult(format, found.fields, rows, counts) };
}

interface Reaction extends JsonObject {
  readonly errorCode: number;
}

function react(call: Call, place: SqlPlace, sql: string): Reaction {
  try {
    const { affectedRows, rows } = nested(place.connection, () => runStatement(place, sql));
    if (!rows) return { sql, affectedRows, errorCode: 0, errorMessage: '' };
    const counts = { requestedRecordCount: rows.rows.length, totalRecordCount: rows.rows.length };
    const shown = rowsResult(
      call.format,
      rows.fields,
      rows.rows.map((row) => ({ values: row })),
      counts,
    );
    return { sql, affectedRows, fields: shown.fields, rows: shown.data, errorCode: 0, errorMessage: '' };
  } catch (error) {
    if (!(error instanceof FairComError)) throw error;
    return { sql, affectedRows: 0, errorCode: error.errorCode, errorMessage: error.message };
  }
}

/**
 * A transaction of its own. The envelope's code is 0 even when statements failed: each has its own (§A10). The list is
 * there under both of the names that the vendor's material gives it.
 */
async function runSqlStatements(call: Call): Promise<Outcome> {
  const statements = textList(call.parameters, 'sqlStatements');
  const onError = optionalWord(call.parameters, 'onError', ['continue', 'stop', 'rollback'] as const) ?? 'stop';
  const reactions: Reaction[] = [];
  await write(call, (connection) => {
    const place = { server: call.server, connection, ownerName: ownerName(call) };
    savepointed(connection, () => {
      for (const sql of statements) {
        const reaction = react(call, place, sql);
        reactions.push(reaction);
        if (reaction.errorCode !== 0 && onError !== 'continue') return onError === 'stop';
      }
      return true;
    });
  });
  return { result: { data: reactions, reactions } };
}

const queryOptions = ['sqlParams', 'sqlForwardOnly', 'returnCursor', 'forceRecordCount', 'skipRecords', 'maxRecords'];

/** SQL (faircom-netography-api.md §A10). */
export const sqlActions: readonly SessionAction[] = [
  dbAction(
    'getRecordsUsingSQL',
    { required: ['sql'], optional: ['databaseName', 'transactionId', ...queryOptions] },
    getRecordsUsingSql,
  ),
  dbAction(
    'runSqlStatements',
    { required: ['sqlStatements'], optional: ['databaseName', 'onError'] },
    runSqlStatements,
  ),
];
