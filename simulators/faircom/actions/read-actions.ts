import { FairComError } from '../errors.ts';
import { keyParts } from '../storage/index-key.ts';
import { firstKey, indexOrder, reverseTerms, rowidTerm, type SortTerm } from '../storage/records.ts';
import { isFixedLength, requireIndex, type Table } from '../storage/table.ts';
import type { SqlValue } from '../values/field.ts';
import { optionalBoolean, requireText } from '../wire/parameters.ts';
import {
  type Call,
  dbAction,
  findTable,
  inputFormat,
  type Outcome,
  placeParameters,
  readingPlace,
  type SessionAction,
} from './action.ts';
import { findNamedRecords } from './find-records.ts';
import {
  type IndexFilter,
  keyRangeConditions,
  type Operator,
  partialKeyCondition,
  readIndexFilter,
  readOperator,
  startingKey,
} from './index-filter.ts';
import { isAtKey, isAtOrBeside, isBeside, type KeyPoint } from './key-walk.ts';
import { answerRead, evaluate, indexCondition, readParameters } from './read-selection.ts';
import { recordsResult } from './record-result.ts';

const tableOf = (call: Call): Table => findTable(call, readingPlace(call).connection);

function getRecordsByIds(call: Call): Outcome {
  const { connection } = readingPlace(call);
  const table = findTable(call, connection);
  const { records, requestedCount } = findNamedRecords(connection, table, call.parameters, inputFormat(call));
  const counts = { moreRecords: false, requestedRecordCount: requestedCount, totalRecordCount: records.length };
  return { result: recordsResult(call.format, table, records, counts) };
}

/** Table order; only tables of fixed-length fields can be walked backwards (faircom-netography-api.md §A8). */
function getRecordsByTable(call: Call): Outcome {
  const table = tableOf(call);
  const isForwardOnly = !isFixedLength(table);
  if (isForwardOnly && optionalBoolean(call.parameters, 'reverseOrder')) {
    throw new FairComError('notWalkableBackwards', `Table "${table.tableName}" has fields of variable length.`);
  }
  return answerRead(call, { table, selection: { where: [], order: [rowidTerm] }, isForwardOnly });
}

function getRecordsByIndex(call: Call): Outcome {
  const table = tableOf(call);
  const index = requireIndex(table, requireText(call.parameters, 'indexName'));
  const order = indexOrder(keyParts(table, index));
  return answerRead(call, { table, selection: { where: indexCondition(table, index), order } });
}

function getRecordsInKeyRange(call: Call): Outcome {
  const table = tableOf(call);
  const filter = readIndexFilter(table, call.parameters, ['indexFieldFilters']);
  const where = [...indexCondition(table, filter.index), ...keyRangeConditions(filter, inputFormat(call))];
  return answerRead(call, { table, selection: { where, order: indexOrder(filter.parts) } });
}

function getRecordsByPartialKeyRange(call: Call): Outcome {
  const table = tableOf(call);
  const filter = readIndexFilter(table, call.parameters, ['partialKey']);
  const where = [...indexCondition(table, filter.index), partialKeyCondition(filter)];
  return answerRead(call, { table, selection: { where, order: indexOrder(filter.parts) } });
}

const pointsOf = (order: readonly SortTerm[], values: readonly SqlValue[]): KeyPoint[] =>
  order.slice(0, values.length).map((term, place) => ({ term, value: values[place] ?? null }));

/** How each operator finds its record: from which end of the index it looks, and for what. */
const seeks: Readonly<
  Record<Operator, { isFromEnd: boolean; matches: (points: readonly KeyPoint[]) => ReturnType<typeof isAtKey> }>
> = {
  '=': { isFromEnd: false, matches: isAtKey },
  '>': { isFromEnd: false, matches: (points) => isBeside('after', points) },
  '>=': { isFromEnd: false, matches: (points) => isAtOrBeside('after', points) },
  '<': { isFromEnd: true, matches: (points) => isBeside('before', points) },
  '<=': { isFromEnd: true, matches: (points) => isAtOrBeside('before', points) },
};

/** The whole index key, with its place in the table, of the record that the filter positions on. */
function findStart(call: Call, table: Table, filter: IndexFilter): readonly SqlValue[] {
  const order = indexOrder(filter.parts);
  const { isFromEnd, matches } = seeks[readOperator(filter.filter)];
  const points = pointsOf(order, startingKey(filter, inputFormat(call)));
  const where = [...indexCondition(table, filter.index), matches(points)];
  const selection = { where, order: isFromEnd ? reverseTerms(order) : order };
  const start = evaluate(() => firstKey(readingPlace(call).connection, table, selection));
  if (!start) throw new FairComError('keyNotFound', 'No key matches the index filter.');
  return start;
}

/** Positions on the record that the operator finds, then walks from it in index order, or back with `reverseOrder`. */
function getRecordsStartingAtKey(call: Call): Outcome {
  const table = tableOf(call);
  const filter = readIndexFilter(table, call.parameters, ['operator', 'indexFields']);
  const order = indexOrder(filter.parts);
  const points = pointsOf(order, findStart(call, table, filter));
  const isReversed = optionalBoolean(call.parameters, 'reverseOrder') ?? false;
  const where = [...indexCondition(table, filter.index), isAtOrBeside(isReversed ? 'before' : 'after', points)];
  const selection = { where, order: isReversed ? reverseTerms(order) : order };
  return answerRead(call, { table, selection, isDirected: true, isUncountable: true });
}

const filtered = { required: ['tableName', 'indexFilter'], optional: readParameters };

/** Reading records (faircom-netography-api.md §A10). */
export const readActions: readonly SessionAction[] = [
  dbAction(
    'getRecordsByIds',
    { required: ['tableName'], optional: [...placeParameters, 'ids', 'primaryKeys'] },
    getRecordsByIds,
  ),
  dbAction('getRecordsByTable', { required: ['tableName'], optional: readParameters }, getRecordsByTable),
  dbAction('getRecordsByIndex', { required: ['tableName', 'indexName'], optional: readParameters }, getRecordsByIndex),
  dbAction('getRecordsInKeyRange', filtered, getRecordsInKeyRange),
  dbAction('getRecordsByPartialKeyRange', filtered, getRecordsByPartialKeyRange),
  dbAction('getRecordsStartingAtKey', filtered, getRecordsStartingAtKey),
];
