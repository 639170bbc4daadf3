import { FairComError } from '../errors.ts';
import { alterFields } from '../storage/alter-table.ts';
import { requireTable, saveTable, listTables as tablesOf } from '../storage/catalogue.ts';
import { readField } from '../storage/define-field.ts';
import { defineTable } from '../storage/define-table.ts';
import { addTable, dropTable, renameTable } from '../storage/edit-tables.ts';
import { rebuildPhysicalTable } from '../storage/physical-table.ts';
import { withVendorErrors } from '../storage/sqlite-error.ts';
import { sameName, type Table } from '../storage/table.ts';
import { plainField } from '../values/field.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import { objectList, optionalBoolean, optionalText, requireText, textList } from '../wire/parameters.ts';
import {
  type Call,
  dbAction,
  findDatabase,
  findTable,
  type Outcome,
  ownerName,
  placeParameters,
  readingPlace,
  type SessionAction,
  write,
} from './action.ts';
import { pageOf, startsWith } from './database-actions.ts';
import { describeTable, tablePath, tableSettingNames } from './describe-table.ts';
import { rowsResult } from './record-result.ts';

/** faircom-netography-api.md §A7: the row of listTables. */
const listedFields = [
  plainField('databaseName', 'varchar', 8192),
  plainField('ownerName', 'varchar', 8192),
  plainField('tableName', 'varchar', 8192),
  plainField('path', 'varchar', 8192),
  plainField('uid', 'bigint'),
  plainField('totalRecordCount', 'bigint'),
];

/** The one system table that this server shows: the vendor's SQL catalogue of tables (§A10). */
const systemTable = { uid: 1, tableName: 'systables', settings: {} };

function wantedTables(call: Call, all: readonly Pick<Table, 'uid' | 'ownerName' | 'tableName' | 'settings'>[]) {
  const prefix = optionalText(call.parameters, 'partialTableName');
  const names = textList(call.parameters, 'tableNames');
  const isNamed = (tableName: string) => names.length === 0 || names.some((name) => sameName(name, tableName));
  return all.filter(({ tableName }) => startsWith(tableName, prefix) && isNamed(tableName));
}

function listTables(call: Call): Outcome {
  const { database, connection } = readingPlace(call);
  const owner = ownerName(call);
  const system = optionalBoolean(call.parameters, 'includeSystemTables') ? [{ ...systemTable, ownerName: owner }] : [];
  const found = wantedTables(call, [...tablesOf(connection, owner), ...system]);
  const rows = pageOf(call, found).map((table) => {
    // The number of records is never counted here (§A7).
    const { ownerName: shownOwner, tableName, uid } = table;
    return {
      values: [database.databaseName, shownOwner, tableName, tablePath(database, table), BigInt(uid), -1n],
    };
  });
  const counts = { requestedRecordCount: rows.length, totalRecordCount: found.length };
  return { result: rowsResult(call.format, listedFields, rows, counts) };
}

const describedResult = (call: Call, data: readonly JsonObject[]): Outcome => ({
  result: { dataFormat: call.format.dataFormat, data },
});

function describeTables(call: Call): Outcome {
  const { database, connection } = readingPlace(call);
  const names = textList(call.parameters, 'tableNames');
  const tables = names.map((name) => requireTable(connection, ownerName(call), name));
  return describedResult(
    call,
    tables.map((table) => describeTable(database, table)),
  );
}

async function createTable(call: Call): Promise<Outcome> {
  const { parameters, server } = call;
  const settings = Object.fromEntries(
    tableSettingNames.flatMap((name) => (name in parameters ? [[name, parameters[name]]] : [])),
  );
  const table = await write(call, (connection) => {
    const defined = defineTable(server.store.counters, {
      ownerName: ownerName(call),
      tableName: requireText(parameters, 'tableName'),
      fields: objectList(parameters, 'fields').map(readField),
      primaryKeyFields: textList(parameters, 'primaryKeyFields'),
      changeIdField: optionalText(parameters, 'changeIdField'),
      addsAutomaticFields: true,
      settings,
    });
    addTable(connection, defined);
    return defined;
  });
  return describedResult(call, [describeTable(findDatabase(call), table)]);
}

async function alterTable(call: Call): Promise<Outcome> {
  const { parameters } = call;
  const changes = {
    addFields: objectList(parameters, 'addFields'),
    alterFields: objectList(parameters, 'alterFields'),
    deleteFields: textList(parameters, 'deleteFields'),
  };
  const newTableName = optionalText(parameters, 'newTableName');
  const altered = await write(call, (connection) => {
    const before = findTable(call, connection);
    const renamed = newTableName ? renameTable(connection, before, newTableName) : before;
    const after = withVendorErrors(() => alterFields(connection, renamed, changes), 'definitionRefused');
    saveTable(connection, after);
    return after;
  });
  return describedResult(call, [describeTable(findDatabase(call), altered)]);
}

/** All tables go, or none (§A7). */
async function deleteTables(call: Call): Promise<Outcome> {
  const names = textList(call.parameters, 'tableNames');
  await write(call, (connection) => {
    for (const name of names) dropTable(connection, requireTable(connection, ownerName(call), name));
  });
  return { result: {} };
}

async function rebuildTables(call: Call): Promise<Outcome> {
  const names = textList(call.parameters, 'tableNames');
  if (names.length === 0) throw new FairComError('parameterMissing', 'The required parameter "tableNames" is empty.');
  await write(call, (connection) => {
    for (const name of names) rebuildPhysicalTable(connection, requireTable(connection, ownerName(call), name));
  });
  return { result: {} };
}

const listParameters = ['partialTableName', 'tableNames', 'skipRecords', 'maxRecords', 'includeSystemTables'];
const namedTables = { required: ['tableNames'], optional: placeParameters };

/** Tables (faircom-netography-api.md §A7). */
export const tableActions: readonly SessionAction[] = [
  dbAction('listTables', { optional: [...placeParameters, ...listParameters] }, listTables),
  dbAction('describeTables', namedTables, describeTables),
  dbAction(
    'createTable',
    {
      required: ['tableName', 'fields'],
      optional: [...placeParameters, 'primaryKeyFields', 'changeIdField', ...tableSettingNames],
    },
    createTable,
  ),
  dbAction(
    'alterTable',
    {
      required: ['tableName'],
      optional: [...placeParameters, 'addFields', 'alterFields', 'deleteFields', 'newTableName'],
    },
    alterTable,
  ),
  dbAction('deleteTables', namedTables, deleteTables),
  dbAction('rebuildTables', namedTables, rebuildTables),
];
