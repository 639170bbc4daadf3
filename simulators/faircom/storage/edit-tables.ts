import { FairComError } from '../errors.ts';
import { findTable, forgetTable, saveTable } from './catalogue.ts';
import type { Connection } from './connection.ts';
import { createPhysicalIndex, createPhysicalTable, dropPhysicalIndex, dropPhysicalTable } from './physical-table.ts';
import { withVendorErrors } from './sqlite-error.ts';
import { checkName, requireIndex, sameName, type Table, type TableIndex } from './table.ts';

function checkFree(connection: Connection, ownerName: string, tableName: string): void {
  if (findTable(connection, ownerName, tableName)) {
    throw new FairComError('nameTaken', `Owner "${ownerName}" already has a table "${tableName}".`);
  }
}

export function addTable(connection: Connection, table: Table): void {
  checkFree(connection, table.ownerName, table.tableName);
  withVendorErrors(() => createPhysicalTable(connection, table), 'definitionRefused');
  saveTable(connection, table);
}

export function dropTable(connection: Connection, table: Table): void {
  dropPhysicalTable(connection, table);
  forgetTable(connection, table);
}

export function renameTable(connection: Connection, table: Table, tableName: string): Table {
  checkName(tableName, 'table');
  if (!sameName(tableName, table.tableName)) checkFree(connection, table.ownerName, tableName);
  return { ...table, tableName };
}

/** A unique index over keys that are not is refused with code 2. */
export function addIndex(connection: Connection, table: Table, index: TableIndex): void {
  withVendorErrors(() => createPhysicalIndex(connection, table, index), 'definitionRefused');
  saveTable(connection, { ...table, indexes: [...table.indexes, index] });
}

export function dropIndexes(connection: Connection, table: Table, indexNames: readonly string[]): void {
  const dropped = indexNames.map((name) => requireIndex(table, name));
  for (const { indexName } of dropped) dropPhysicalIndex(connection, table, indexName);
  saveTable(connection, { ...table, indexes: table.indexes.filter((index) => !dropped.includes(index)) });
}
