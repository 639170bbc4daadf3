import { FairComError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { checkName } from '../storage/table.ts';
import { plainField } from '../values/field.ts';
import { optionalInteger, optionalText, requireText } from '../wire/parameters.ts';
import { type Call, dbAction, findTransaction, type Outcome, type SessionAction } from './action.ts';
import { rowsResult } from './record-result.ts';

/** faircom-netography-api.md §A6: these lengths and types are documented. */
const databaseFields = [
  plainField('databaseName', 'varchar', 8192),
  plainField('path', 'varchar', 8192),
  plainField('uid', 'bigint'),
];

function databasesResult(call: Call, databases: readonly Database[], total: number): Outcome {
  const rows = databases.map(({ databaseName, path, uid }) => ({ values: [databaseName, path, BigInt(uid)] }));
  const counts = { requestedRecordCount: rows.length, totalRecordCount: total };
  return { result: rowsResult(call.format, databaseFields, rows, counts) };
}

/** Cuts the page that `skipRecords` and `maxRecords` ask for; all the rest when there is no `maxRecords`. */
export function pageOf<Entry>(call: Call, entries: readonly Entry[]): readonly Entry[] {
  const skip = optionalInteger(call.parameters, 'skipRecords') ?? 0;
  const max = optionalInteger(call.parameters, 'maxRecords') ?? entries.length;
  return entries.slice(skip, skip + max);
}

export const startsWith = (name: string, prefix: string | undefined) =>
  name.toLowerCase().startsWith((prefix ?? '').toLowerCase());

function listDatabases(call: Call): Outcome {
  findTransaction(call);
  const prefix = optionalText(call.parameters, 'partialDatabaseName');
  const found = call.server.store.databases().filter(({ databaseName }) => startsWith(databaseName, prefix));
  return databasesResult(call, pageOf(call, found), found.length);
}

/** A place inside the server's own folder; files are never made where a client says. */
const isCreatable = (path: string) => /^(\.[/\\])?[\w$-]+([/\\.]+[\w$-]+)*[/\\]?$/.test(path) && !path.includes('..');

function createDatabase(call: Call): Outcome {
  const databaseName = requireText(call.parameters, 'databaseName');
  checkName(databaseName, 'database');
  const path = optionalText(call.parameters, 'path') || `./${databaseName}.dbs/SQL_SYS`;
  if (!isCreatable(path)) throw new FairComError('cannotCreateDatabase', "Can't create database");
  return databasesResult(call, [call.server.store.createDatabase(databaseName, path)], 1);
}

function deleteDatabase({ server, parameters }: Call): Outcome {
  const database = server.store.database(requireText(parameters, 'databaseName'));
  if (server.transactions.all().some(({ entries }) => entries.has(database))) {
    throw new FairComError('cannotOpen', `Database "${database.databaseName}" is in use.`);
  }
  server.store.deleteDatabase(database.databaseName);
  return { result: {} };
}

/** Databases (faircom-netography-api.md §A6). */
export const databaseActions: readonly SessionAction[] = [
  dbAction(
    'listDatabases',
    { optional: ['partialDatabaseName', 'skipRecords', 'maxRecords', 'transactionId'] },
    listDatabases,
  ),
  dbAction('createDatabase', { required: ['databaseName'], optional: ['path'] }, createDatabase),
  dbAction('deleteDatabase', { required: ['databaseName'] }, deleteDatabase),
];
