import { dirname } from 'node:path/posix';
import type { Database } from '../storage/database.ts';
import type { Table, TableIndex } from '../storage/table.ts';
import type { JsonObject } from '../wire/exact-json.ts';

export function describeIndex(database: Database, { ownerName, tableName }: Table, index: TableIndex): JsonObject {
  return { databaseName: database.databaseName, ownerName, tableName, ...index };
}

/** Where the vendor would keep the table: `<owner>_<table>.dat` beside the database's dictionary (§A7). */
export function tablePath(
  database: Database,
  { ownerName, tableName, settings }: Pick<Table, 'ownerName' | 'tableName' | 'settings'>,
): string {
  const folder = settings.folder ? `/${settings.folder}` : '';
  return `${dirname(database.path)}${folder}/${ownerName}_${tableName}${settings.tableFileExtension ?? '.dat'}`;
}

/** File and growth settings of a table that names none (faircom-netography-api.md §A7). */
const firstTableSettings = {
  folder: '',
  createRecByteIndex: false,
  fieldDelimiterValue: 0,
  growthExtent: 67_108_864,
  indexFileExtension: '.idx',
  padValue: 0,
  smallFile: false,
  tableFileExtension: '.dat',
  transactionModel: 'logTransactions',
};

export const tableSettingNames = Object.keys(firstTableSettings);

/** A row of describeTables. */
export function describeTable(database: Database, table: Table): JsonObject {
  const { uid, ownerName, tableName, changeIdField, primaryKeyFields, fields, indexes, settings } = table;
  return {
    databaseName: database.databaseName,
    ownerName,
    tableName,
    path: tablePath(database, table),
    uid,
    totalRecordCount: -1,
    changeIdField,
    primaryKeyFields,
    fields,
    indexes: indexes.map((index) => describeIndex(database, table, index)),
    ...firstTableSettings,
    ...settings,
  };
}
