import { readIndex } from '../storage/define-index.ts';
import { addIndex, dropIndexes } from '../storage/edit-tables.ts';
import { rebuildPhysicalIndex } from '../storage/physical-table.ts';
import { requireIndex } from '../storage/table.ts';
import { optionalBoolean, optionalText, textList } from '../wire/parameters.ts';
import {
  type Call,
  dbAction,
  findDatabase,
  findTable,
  type Outcome,
  placeParameters,
  readingPlace,
  type SessionAction,
  write,
} from './action.ts';
import { pageOf, startsWith } from './database-actions.ts';
import { describeIndex } from './describe-table.ts';

function listIndexes(call: Call): Outcome {
  const { database, connection } = readingPlace(call);
  const table = findTable(call, connection);
  const prefix = optionalText(call.parameters, 'partialIndexName');
  const found = pageOf(
    call,
    table.indexes.filter(({ indexName }) => startsWith(indexName, prefix)),
  );
  const data = found.map((index) => describeIndex(database, table, index));
  return { result: { dataFormat: call.format.dataFormat, data } };
}

async function createIndex(call: Call): Promise<Outcome> {
  // The index is loaded before the answer in any case; the flag is only checked.
  optionalBoolean(call.parameters, 'waitToBeLoaded');
  const described = await write(call, (connection) => {
    const table = findTable(call, connection);
    const index = readIndex(table, call.parameters);
    addIndex(connection, table, index);
    return describeIndex(findDatabase(call), table, index);
  });
  return { result: { dataFormat: call.format.dataFormat, data: [described] } };
}

async function deleteIndexes(call: Call): Promise<Outcome> {
  const names = textList(call.parameters, 'indexNames');
  await write(call, (connection) => dropIndexes(connection, findTable(call, connection), names));
  return { result: {} };
}

async function rebuildIndexes(call: Call): Promise<Outcome> {
  const names = textList(call.parameters, 'indexNames');
  await write(call, (connection) => {
    const table = findTable(call, connection);
    const rebuilt = names.length > 0 ? names.map((name) => requireIndex(table, name)) : table.indexes;
    for (const { indexName } of rebuilt) rebuildPhysicalIndex(connection, table, indexName);
  });
  return { result: {} };
}

const createOptions = [
  'unique',
  'conditionalExpression',
  'immutableKeys',
  'deferIndexing',
  'compression',
  'collectStats',
  'filename',
  'waitToBeLoaded',
];

/** Indexes (faircom-netography-api.md §A7). */
export const indexActions: readonly SessionAction[] = [
  dbAction(
    'listIndexes',
    { required: ['tableName'], optional: [...placeParameters, 'partialIndexName', 'skipRecords', 'maxRecords'] },
    listIndexes,
  ),
  dbAction(
    'createIndex',
    { required: ['tableName', 'indexName', 'fields'], optional: [...placeParameters, ...createOptions] },
    createIndex,
  ),
  dbAction('deleteIndexes', { required: ['tableName', 'indexNames'], optional: placeParameters }, deleteIndexes),
  dbAction('rebuildIndexes', { required: ['tableName'], optional: [...placeParameters, 'indexNames'] }, rebuildIndexes),
];
