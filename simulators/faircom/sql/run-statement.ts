import { FairComError } from '../errors.ts';
import type { Server } from '../server.ts';
import { findTable, isOwner, listTables, SYSTABLES_VIEW } from '../storage/catalogue.ts';
import type { Connection } from '../storage/connection.ts';
import { plainIndex } from '../storage/define-index.ts';
import { defineTable } from '../storage/define-table.ts';
import { addIndex, addTable, dropIndexes, dropTable } from '../storage/edit-tables.ts';
import { plainIndexField } from '../storage/index-key.ts';
import { sqlError } from '../storage/sqlite-error.ts';
import { physicalTable, requireField, sameName, type Table } from '../storage/table.ts';
import type { SqlValue } from '../values/field.ts';
import { type DefinitionStatement, type IndexStatement, readDefinition } from './sql-definitions.ts';
import { runQuery, type SqlRows } from './sql-result.ts';
import { readSqlTokens } from './sql-tokens.ts';
import { sqlTableUnknown, translateSql, verbOf } from './translate-sql.ts';

/** Where a statement runs: names without an owner belong to `ownerName`. */
export interface SqlPlace {
  readonly server: Server;
  readonly connection: Connection;
  readonly ownerName: string;
}

export interface StatementResult {
  readonly affectedRows: number;
  readonly rows?: SqlRows;
}

function requireSqlTable({ connection, ownerName }: SqlPlace, owner: string | undefined, name: string): Table {
  const table = findTable(connection, owner ?? ownerName, name);
  if (!table) throw sqlTableUnknown(name);
  return table;
}

function resolveTable(place: SqlPlace, owner: string | undefined, name: string): string {
  const isCatalogue = sameName(name, 'systables');
  const isKnownOwner = owner === undefined || sameName(owner, place.ownerName) || isOwner(place.connection, owner);
  return isCatalogue && isKnownOwner ? SYSTABLES_VIEW : physicalTable(requireSqlTable(place, owner, name));
}

/** Turns SQLite's errors into the vendor's SQL errors. */
function withSqlErrors<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw sqlError(error);
  }
}

/** Runs a SELECT; anything else is refused (faircom-netography-api.md §A10: getRecordsUsingSQL). */
export function runSelect(place: SqlPlace, text: string, values: readonly SqlValue[], limit: number): SqlRows {
  const { verb, sql } = translateSql(text, (owner, name) => resolveTable(place, owner, name));
  if (verb !== 'SELECT') throw new FairComError('sqlRefused', 'Only SELECT is allowed here.');
  return withSqlErrors(() => runQuery(place.connection, sql, values, limit));
}

function createIndex(place: SqlPlace, statement: IndexStatement): void {
  const table = requireSqlTable(place, statement.table.ownerName, statement.table.name);
  const fields = statement.fields.map(({ name, sortDescending }) => ({
    ...plainIndexField(requireField(table, name).name),
    sortDescending,
  }));
  addIndex(place.connection, table, { ...plainIndex(table, statement.indexName, fields), unique: statement.isUnique });
}

function dropIndex({ connection, ownerName }: SqlPlace, indexName: string): void {
  const table = listTables(connection, ownerName).find(({ indexes }) =>
    indexes.some((index) => sameName(index.indexName, indexName)),
  );
  if (!table) throw new FairComError('indexUnknown', `Index ${indexName} not found`);
  dropIndexes(connection, table, [indexName]);
}

function runDefinition(place: SqlPlace, statement: DefinitionStatement): void {
  switch (statement.kind) {
    case 'createTable': {
      const { ownerName = place.ownerName, name: tableName, fields, primaryKeyFields } = statement;
      const created = { ownerName, tableName, fields, primaryKeyFields, changeIdField: undefined, settings: {} };
      addTable(place.connection, defineTable(place.server.store.counters, { ...created, addsAutomaticFields: false }));
      break;
    }
    case 'createIndex':
      createIndex(place, statement);
      break;
    case 'dropTable':
      dropTable(place.connection, requireSqlTable(place, statement.ownerName, statement.name));
      break;
    default:
      dropIndex(place, statement.indexName);
  }
}

const changes = new Set(['INSERT', 'UPDATE', 'DELETE']);

/** Runs one statement of runSqlStatements. */
export function runStatement(place: SqlPlace, text: string): StatementResult {
  const verb = verbOf(readSqlTokens(text));
  if (verb === 'SELECT') return { affectedRows: 0, rows: runSelect(place, text, [], Number.POSITIVE_INFINITY) };
  if (changes.has(verb)) {
    const { sql } = translateSql(text, (owner, name) => resolveTable(place, owner, name));
    return { affectedRows: withSqlErrors(() => place.connection.run(sql)) };
  }
  runDefinition(place, readDefinition(readSqlTokens(text)));
  return { affectedRows: 0 };
}
