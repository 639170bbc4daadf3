import { expect } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import type { FairComWorld } from './faircom-world.ts';

/** What one action answered when it was told something sensible. */
export interface Step {
  readonly action: string;
  readonly result: Json;
}

export interface Journey {
  readonly steps: readonly Step[];
}

type Act = (action: string, params?: Json, api?: string) => Promise<Json>;

const fields = [
  { name: 'code', type: 'varchar', length: 40, nullable: false },
  { name: 'bytes', type: 'bigint' },
  { name: 'ok', type: 'bit' },
];
const row = (number: number): Json => ({
  code: `S-${number}`,
  bytes: String(9_007_199_254_740_993n + BigInt(number)),
  ok: true,
});

async function walkTables(act: Act): Promise<void> {
  await act('createTable', { tableName: 'shipment', fields });
  await act('createTable', { tableName: 'second', fields: [{ name: 'word', type: 'varchar', length: 9 }] });
  await act('alterTable', {
    tableName: 'second',
    addFields: [{ name: 'more', type: 'integer' }],
    newTableName: 'other',
  });
  await act('listTables', { partialTableName: 'ship' });
  await act('describeTables', { tableNames: ['shipment'] });
  await act('createIndex', { tableName: 'shipment', indexName: 'by_code', fields: [{ name: 'code' }], unique: true });
  await act('listIndexes', { tableName: 'shipment' });
  await act('rebuildIndexes', { tableName: 'shipment', indexNames: ['by_code'] });
  await act('rebuildTables', { tableNames: ['shipment'] });
}

async function walkRecords(act: Act): Promise<void> {
  const inserted = await act('insertRecords', { tableName: 'shipment', sourceData: [1, 2, 3, 4].map(row) });
  const [first, second] = listAt(inserted, 'data');
  await act('updateRecords', {
    tableName: 'shipment',
    sourceData: [{ id: first?.id, changeId: first?.changeId, ok: false }],
  });
  await act('getRecordsByIds', { tableName: 'shipment', ids: [first?.id, second?.id] });
  await act('deleteRecords', { tableName: 'shipment', ids: [second?.id] });
}

/** Reads that answer a page or a cursor, with the parameters that pick what is read. */
export const reads: Readonly<Record<string, Json>> = {
  getRecordsByTable: { tableName: 'shipment' },
  getRecordsByIndex: { tableName: 'shipment', indexName: 'by_code' },
  getRecordsByPartialKeyRange: { tableName: 'shipment', indexFilter: { indexName: 'by_code', partialKey: 'S-' } },
  getRecordsInKeyRange: {
    tableName: 'shipment',
    indexFilter: { indexName: 'by_code', indexFieldFilters: [{ fieldName: 'code', operator: '>=', value: 'S-1' }] },
  },
  getRecordsStartingAtKey: {
    tableName: 'shipment',
    indexFilter: { indexName: 'by_code', operator: '>=', indexFields: [{ fieldName: 'code', value: 'S-1' }] },
  },
};

async function walkReads(act: Act): Promise<void> {
  for (const [action, params] of Object.entries(reads)) {
    const page = await act(action, params);
    expect([action, listAt(page, 'data').length]).toEqual([action, 3]);
  }
  await act('getRecordsUsingSQL', { sql: 'SELECT code FROM shipment WHERE ok = ?', sqlParams: [1] });
  const { cursorId } = await act('getRecordsByTable', { tableName: 'shipment', returnCursor: true });
  await act('getRecordsFromCursor', { cursorId, startFrom: 'beforeFirstRecord', fetchRecords: 2 });
  await act('closeCursor', { cursorId });
  await act('runSqlStatements', { sqlStatements: ["UPDATE shipment SET ok = 1 WHERE code = 'S-1'"] });
}

async function walkTransactions(act: Act): Promise<void> {
  const begin = async () => (await act('createTransaction')).transactionId;
  const first = await begin();
  await act('insertRecords', { tableName: 'shipment', sourceData: [row(5)], transactionId: first });
  const { transactionSavepointId } = await act('createTransactionSavepoint', { transactionId: first });
  expect(Number.isInteger(transactionSavepointId)).toBe(true);
  await act('insertRecords', { tableName: 'shipment', sourceData: [row(6)], transactionId: first });
  await act('revertTransactionToSavepoint', { transactionId: first, transactionSavepointId });
  await act('revertToTransactionSavepoint', { transactionId: first, transactionSavepointId });
  await act('listTransactions');
  await act('commitTransaction', { transactionId: first });
  const second = await begin();
  await act('insertRecords', { tableName: 'shipment', sourceData: [row(7)], transactionId: second });
  await act('rollbackTransaction', { transactionId: second });
  const { data } = await act('getRecordsByIndex', reads.getRecordsByIndex);
  expect(listAt(data).map(({ code }) => code)).toEqual(['S-1', 'S-3', 'S-4', 'S-5']);
}

async function walkRest(act: Act): Promise<void> {
  await act('listDatabases');
  await act('createDatabase', { databaseName: 'archive' });
  await act('deleteDatabase', { databaseName: 'archive' });
  await act('truncateRecords', { tableName: 'shipment' });
  await act('deleteIndexes', { tableName: 'shipment', indexNames: ['by_code'] });
  await act('deleteTables', { tableNames: ['shipment', 'other'] });
  for (const action of [
    'pingSession',
    'listServices',
    'listSessions',
    'describeSessions',
    'alterSession',
    'deleteSession',
  ]) {
    await act(action, {}, 'admin');
  }
}

/** Has every action do its work once, on tables of its own. */
export async function travel({ send, simulator }: FairComWorld): Promise<Journey> {
  const steps: Step[] = [];
  let authToken: unknown;
  const act: Act = async (action, params = {}, api = 'db') => {
    const answer = await send({ api, action, params, ...(authToken === undefined ? {} : { authToken }) });
    expect([action, answer.errorCode, answer.errorMessage]).toEqual([action, 0, '']);
    const result = objectAt(answer.result);
    steps.push({ action, result });
    return result;
  };
  const credentials = { username: simulator.username, password: simulator.password };
  authToken = (await act('createSession', credentials, 'admin')).authToken;
  for (const walk of [walkTables, walkRecords, walkReads, walkTransactions, walkRest]) await walk(act);
  return { steps };
}
