import { FairComError } from '../errors.ts';
import { compileFilter } from '../filter/compile-filter.ts';
import type { Connection } from '../storage/connection.ts';
import type { Fragment } from '../storage/fragment.ts';
import { countRecords, reverseTerms, type Selection, selectRecords, selectRowids } from '../storage/records.ts';
import { withVendorErrors } from '../storage/sqlite-error.ts';
import type { Table, TableIndex } from '../storage/table.ts';
import { optionalBoolean, optionalInteger, optionalText } from '../wire/parameters.ts';
import { type Call, type Outcome, readingPlace } from './action.ts';
import { recordsResult } from './record-result.ts';

/** Parameters that every reading action but getRecordsByIds takes (faircom-netography-api.md §A10). */
export const readParameters = [
  'databaseName',
  'ownerName',
  'transactionId',
  'tableFilter',
  'skipRecords',
  'maxRecords',
  'reverseOrder',
  'returnCursor',
  'forceRecordCount',
];

/** How many records a read returns that names no number (§A10). */
export const DEFAULT_MAX_RECORDS = 20;

/** What one kind of read selects, before `tableFilter` and `reverseOrder`. */
export interface ReadPlan {
  readonly table: Table;
  readonly selection: Selection;
  /** Whether `reverseOrder` was already taken into account. */
  readonly isDirected?: boolean;
  /** Whether cursors cannot go back. */
  readonly isForwardOnly?: boolean;
  /** Whether the number of records cannot be counted. */
  readonly isUncountable?: boolean;
}

/** Runs a read whose conditions a client wrote: what SQLite cannot work out is 598. */
export const evaluate = <Result>(run: () => Result): Result => withVendorErrors(run, 'filterFailed');

/** An index holds only the records that its condition accepts (§A7). */
export function indexCondition(table: Table, { conditionalExpression }: TableIndex): Fragment[] {
  const condition = conditionalExpression ? compileFilter(table, conditionalExpression) : undefined;
  return condition ? [condition] : [];
}

function applyParameters({ parameters }: Call, { table, selection, isDirected }: ReadPlan): Selection {
  const filter = compileFilter(table, optionalText(parameters, 'tableFilter') ?? '');
  const isReversed = !isDirected && (optionalBoolean(parameters, 'reverseOrder') ?? false);
  return {
    where: filter ? [...selection.where, filter] : selection.where,
    order: isReversed ? reverseTerms(selection.order) : selection.order,
  };
}

function openCursor(call: Call, plan: ReadPlan, selection: Selection, totalRecordCount: number): Outcome {
  const { server, session, format } = call;
  const { database, transaction, connection } = readingPlace(call);
  const rowids = selectRowids(connection, plan.table, selection);
  const { cursorId } = server.cursors.open({
    session,
    format,
    source: { database, transaction, tableUid: plan.table.uid, rowids },
    length: rowids.length,
    isForwardOnly: plan.isForwardOnly ?? false,
  });
  return { result: { cursorId, totalRecordCount } };
}

function countIfForced(
  { parameters }: Call,
  { table, isUncountable }: ReadPlan,
  connection: Connection,
  where: readonly Fragment[],
) {
  const isForced = optionalBoolean(parameters, 'forceRecordCount') ?? false;
  if (isForced && isUncountable) {
    throw new FairComError('propertyUnknown', 'The property "forceRecordCount" is not accepted.');
  }
  return isForced ? countRecords(connection, table, where) : -1;
}

/** Answers a read with rows, or with a cursor over them; never with both (§A10). */
export function answerRead(call: Call, plan: ReadPlan): Outcome {
  const { parameters, format } = call;
  const { connection } = readingPlace(call);
  const selection = applyParameters(call, plan);
  const skip = optionalInteger(parameters, 'skipRecords') ?? 0;
  const max = optionalInteger(parameters, 'maxRecords') ?? DEFAULT_MAX_RECORDS;
  return evaluate(() => {
    const totalRecordCount = countIfForced(call, plan, connection, selection.where);
    if (optionalBoolean(parameters, 'returnCursor')) return openCursor(call, plan, selection, totalRecordCount);
    const records = selectRecords(connection, plan.table, selection, { skip, max });
    // The vendor does not look further than it was asked to: a full page may be the last one (§A10, "moreRecords").
    const counts = { moreRecords: records.length === max, requestedRecordCount: max, totalRecordCount };
    return { result: recordsResult(format, plan.table, records, counts) };
  });
}
