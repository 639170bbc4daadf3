import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newFolder, type Row, shipmentFields, signIn, startSimulator, withShipments } from './harness.ts';

const fields = [{ name: 'a', type: 'Integer' }];

/** A list inside the first described table. */
const rowsOf = (data: readonly Row[], name: string) => (data[0]?.[name] ?? []) as Row[];

describe('databases', () => {
  it('are listed by name, by prefix and by page', async () => {
    const { ok } = await signIn(await startSimulator());
    const all = await ok('listDatabases', undefined);
    expect(all.data).toEqual([
      { databaseName: 'ctreeSQL', path: './ctreeSQL.dbs/SQL_SYS', uid: '999' },
      { databaseName: 'faircom', path: './faircom.dbs/SQL_SYS', uid: '1001' },
    ]);
    expect(all.fields.map(({ name, type }) => [name, type])).toEqual([
      ['databaseName', 'varchar'],
      ['path', 'varchar'],
      ['uid', 'bigint'],
    ]);
    expect((await ok('listDatabases', { partialDatabaseName: 'FA' })).data).toHaveLength(1);
    expect((await ok('listDatabases', { skipRecords: 1, maxRecords: 5 })).data).toMatchObject([{ uid: '1001' }]);
  });

  it('are created with uids from 1007 on; a taken name and a bad path differ only in their codes', async () => {
    const { ok, call } = await signIn(await startSimulator());
    expect((await ok('createDatabase', { databaseName: 'media' })).data).toMatchObject([{ uid: '1007' }]);
    const taken = await call('createDatabase', { databaseName: 'MEDIA' });
    const bad = await call('createDatabase', { databaseName: 'other', path: '/../etc' });
    expect([taken.errorCode, bad.errorCode]).toEqual([4021, 19]);
    expect(taken.errorMessage).toBe(bad.errorMessage);
    expect((await ok('createDatabase', { databaseName: 'other' })).data).toMatchObject([{ uid: '1008' }]);
  });

  it('are deleted with their tables, but not under an open transaction', async () => {
    const dataFolder = newFolder();
    const { ok, code } = await signIn(await startSimulator({ dataFolder }));
    await ok('createDatabase', { databaseName: 'media' });
    await ok('createTable', { databaseName: 'media', tableName: 't', fields });
    const { transactionId } = await ok('createTransaction', {});
    await ok('insertRecords', { databaseName: 'media', tableName: 't', transactionId, sourceData: [{ a: 1 }] });
    expect(await code('deleteDatabase', { databaseName: 'media' })).not.toBe(0);
    await ok('rollbackTransaction', { transactionId });
    await ok('deleteDatabase', { databaseName: 'media' });
    expect(await code('listTables', { databaseName: 'media' })).toBe(12);
    expect(readdirSync(dataFolder).filter((name) => name.includes('1007'))).toEqual([]);
  });
});

describe('createTable', () => {
  it('adds id, changeId and an index on the primary key', async () => {
    const { client } = await withShipments();
    const { data } = await client.ok('describeTables', { tableNames: ['SHIPMENT'] });
    const [table] = data as [Row];
    expect(table).toMatchObject({
      databaseName: 'ctreeSQL',
      ownerName: 'admin',
      tableName: 'shipment',
      path: './ctreeSQL.dbs/admin_shipment.dat',
      primaryKeyFields: ['id'],
      changeIdField: 'changeId',
      indexFileExtension: '.idx',
    });
    expect((table.fields as Row[]).slice(0, 3)).toEqual([
      field('id', 'bigint', { nullable: false, primaryKey: 1, autoValue: 'incrementOnInsert' }),
      field('changeId', 'bigint', { autoValue: 'changeId' }),
      field('code', 'varchar', { length: 40, nullable: false }),
    ]);
    expect((table.indexes as Row[])[0]).toEqual({
      databaseName: 'ctreeSQL',
      ownerName: 'admin',
      tableName: 'shipment',
      indexName: 'id_pk',
      indexNumber: 0,
      unique: true,
      fields: [{ name: 'id', caseInsensitive: false, reverseCompare: false, sortDescending: false }],
      conditionalExpression: null,
      immutableKeys: false,
      deferIndexing: false,
      collectStats: false,
      compression: 'off',
      filename: 'admin_shipment.idx',
    });
  });

  const field = (name: string, type: string, other: Row): Row => ({
    name,
    type,
    length: null,
    scale: null,
    defaultValue: null,
    nullable: true,
    primaryKey: 0,
    autoValue: 'none',
    ...other,
  });

  it('uses the given primary key and change id instead', async () => {
    const { ok } = await signIn(await startSimulator());
    const named = [
      { name: 'x', type: 'char', length: 4 },
      { name: 'y', type: 'integer' },
    ];
    const version = { name: 'version', type: 'bigint', autoValue: 'changeId' };
    const two = await ok('createTable', {
      tableName: 'two',
      fields: [...named, version],
      primaryKeyFields: ['x', 'y'],
      changeIdField: 'version',
    });
    expect(two.data[0]).toMatchObject({ primaryKeyFields: ['x', 'y'], changeIdField: 'version' });
    expect(rowsOf(two.data, 'indexes')[0]).toMatchObject({ indexName: 'pk', unique: true });
    expect(rowsOf(two.data, 'fields').map(({ name, nullable }) => [name, nullable])).toEqual([
      ['x', false],
      ['y', false],
      ['version', true],
    ]);
    const one = await ok('createTable', { tableName: 'one', fields: [{ ...named[0], primaryKey: 1 }] });
    expect(rowsOf(one.data, 'indexes')[0]).toMatchObject({ indexName: 'x_pk' });
  });

  it('refuses definitions that make no sense, and leaves nothing behind', async () => {
    const { ok, code } = await signIn(await startSimulator());
    const bad: Row[] = [
      { fields: [] },
      { fields: [{ name: 'a', type: 'text' }] },
      { fields: [{ name: 'a', type: 'number', length: 33 }] },
      { fields: [{ name: 'a', type: 'number', length: 4, scale: 5 }] },
      { fields: [{ name: 'a', type: 'varchar', length: 65_501 }] },
      { fields: [{ name: 'a', type: 'varchar', autoValue: 'changeId' }] },
      { fields: [{ name: 'a"b', type: 'integer' }] },
      { fields: [{ name: 'a', type: 'integer', size: 4 }] },
      { fields: [...fields, { name: 'A', type: 'integer' }] },
      { fields: [{ name: 'a', type: 'integer', defaultValue: 'x' }] },
      { fields, primaryKeyFields: ['b'] },
      { fields, changeIdField: 'a' },
    ];
    for (const params of bad) expect(await code('createTable', { tableName: 't', ...params })).not.toBe(0);
    expect((await ok('listTables', {})).data).toEqual([]);
    await ok('createTable', { tableName: 't', fields });
    expect(await code('createTable', { tableName: 'T', fields })).not.toBe(0);
  });

  it('keeps tables of different owners and databases apart', async () => {
    const { ok } = await signIn(await startSimulator());
    for (const place of [{}, { ownerName: 'other' }, { databaseName: 'faircom' }]) {
      await ok('createTable', { ...place, tableName: 't', fields });
      await ok('insertRecords', { ...place, tableName: 't', sourceData: [{ a: 1 }] });
      expect((await ok('getRecordsByTable', { ...place, tableName: 't' })).data).toHaveLength(1);
    }
    expect((await ok('listTables', { ownerName: 'OTHER' })).data).toMatchObject([
      { ownerName: 'other', tableName: 't' },
    ]);
  });
});

describe('tables', () => {
  it('are listed with -1 records, by prefix, by name, by page and with the system table', async () => {
    const { ok } = await signIn(await startSimulator());
    for (const tableName of ['b_two', 'a', 'b_one']) await ok('createTable', { tableName, fields });
    const names = async (params: Row) => (await ok('listTables', params)).data.map(({ tableName }) => tableName);
    expect(await names({})).toEqual(['a', 'b_one', 'b_two']);
    expect(await names({ partialTableName: 'B_' })).toEqual(['b_one', 'b_two']);
    expect(await names({ tableNames: ['a', 'b_two'] })).toEqual(['a', 'b_two']);
    expect(await names({ skipRecords: 1, maxRecords: 1 })).toEqual(['b_one']);
    expect(await names({ includeSystemTables: true })).toContain('systables');
    expect((await ok('listTables', {})).data[0]).toMatchObject({ totalRecordCount: '-1', ownerName: 'admin' });
  });

  it('that do not exist are error 12', async () => {
    const { code } = await signIn(await startSimulator());
    expect(await code('describeTables', { tableNames: ['none'] })).toBe(12);
    expect(await code('getRecordsByTable', { tableName: 'none' })).toBe(12);
    expect(await code('listTables', { databaseName: 'none' })).toBe(12);
  });

  it('are altered with their records: fields added, changed, renamed and deleted, the table renamed', async () => {
    const { client, insert } = await withShipments();
    await insert({ code: 'A', bytes: '9007199254740993', rate: '1.5', meta: { a: 1 } });
    const altered = await client.ok('alterTable', {
      tableName: 'shipment',
      addFields: [{ name: 'note', type: 'varchar', length: 20, defaultValue: 'new' }],
      alterFields: [
        { name: 'bytes', newName: 'size', type: 'varchar', length: 30 },
        { name: 'code', newName: 'label' },
        { name: 'rate', scale: 2 },
      ],
      deleteFields: ['meta', 'digest'],
      newTableName: 'cargo',
    });
    expect(altered.data[0]).toMatchObject({ tableName: 'cargo' });
    const read = await client.ok('getRecordsByIndex', { tableName: 'cargo', indexName: 'by_code' });
    expect(read.data).toEqual([
      {
        id: '1',
        changeId: expect.any(String),
        label: 'A',
        size: '9007199254740993',
        rate: '1.5',
        sent: null,
        ok: null,
        note: 'new',
      },
    ]);
    expect(await client.code('describeTables', { tableNames: ['shipment'] })).toBe(12);
  });

  it('stay as they were when a record does not fit the change', async () => {
    const { client, insert, codes } = await withShipments();
    await insert({ code: 'A', bytes: 300 });
    const narrow = { tableName: 'shipment', alterFields: [{ name: 'bytes', type: 'tinyint' }] };
    expect(await client.code('alterTable', narrow)).not.toBe(0);
    expect(await client.code('alterTable', { tableName: 'shipment', deleteFields: ['code'] })).not.toBe(0);
    expect(await client.code('alterTable', { tableName: 'shipment', deleteFields: ['changeId'] })).not.toBe(0);
    expect(await client.code('alterTable', { tableName: 'shipment', alterFields: [{ name: 'none' }] })).not.toBe(0);
    expect(await codes()).toEqual(['A']);
  });

  it('are deleted all or none', async () => {
    const { ok, code } = await signIn(await startSimulator());
    await ok('createTable', { tableName: 'a', fields });
    await ok('createTable', { tableName: 'b', fields });
    expect(await code('deleteTables', { tableNames: ['a', 'none'] })).toBe(12);
    expect((await ok('listTables', {})).data).toHaveLength(2);
    await ok('rebuildTables', { tableNames: ['a', 'b'] });
    await ok('deleteTables', { tableNames: ['a', 'b'] });
    expect((await ok('listTables', {})).data).toEqual([]);
  });

  it('outlive the server', async () => {
    const dataFolder = newFolder();
    const first = await startSimulator({ dataFolder });
    const { ok } = await signIn(first);
    await ok('createTable', { tableName: 'kept', fields });
    await ok('insertRecords', { tableName: 'kept', sourceData: [{ a: 1 }, { a: 2 }] });
    await ok('deleteRecords', { tableName: 'kept', ids: [2] });
    await first.close();
    const again = await signIn(await startSimulator({ dataFolder }));
    const { data } = await again.ok('insertRecords', { tableName: 'kept', sourceData: [{ a: 3 }] });
    expect(data).toMatchObject([{ id: '3' }]);
  });
});

describe('indexes', () => {
  it('are created, listed, rebuilt and deleted', async () => {
    const { client } = await withShipments();
    const created = await client.ok('createIndex', {
      tableName: 'shipment',
      indexName: 'newest',
      fields: [
        { name: 'SENT', sortDescending: true },
        { name: 'code', caseInsensitive: true },
      ],
      unique: true,
      conditionalExpression: 'OK == 1',
      waitToBeLoaded: true,
    });
    expect(created.data[0]).toMatchObject({ indexName: 'newest', indexNumber: 3, conditionalExpression: 'OK == 1' });
    const names = async (params: Row) =>
      (await client.ok('listIndexes', { tableName: 'shipment', ...params })).data.map(({ indexName }) => indexName);
    expect(await names({})).toEqual(['id_pk', 'by_code', 'by_rate', 'newest']);
    expect(await names({ partialIndexName: 'by_', skipRecords: 1 })).toEqual(['by_rate']);
    await client.ok('rebuildIndexes', { tableName: 'shipment', indexNames: ['newest'] });
    await client.ok('deleteIndexes', { tableName: 'shipment', indexNames: ['NEWEST'] });
    expect(await names({})).not.toContain('newest');
    const gone = { tableName: 'shipment', indexName: 'newest' };
    expect(await client.code('getRecordsByIndex', gone)).not.toBe(0);
  });

  it('are refused for unknown fields, bad conditions, taken names and, when unique, for equal keys', async () => {
    const { client, insert } = await withShipments();
    await insert({ code: 'A' }, { code: 'A' });
    const create = (params: Row) =>
      client.code('createIndex', { tableName: 'shipment', indexName: 'i', fields: [{ name: 'code' }], ...params });
    expect(await create({ fields: [{ name: 'none' }] })).not.toBe(0);
    expect(await create({ fields: [] })).not.toBe(0);
    expect(await create({ conditionalExpression: 'ok ==' })).not.toBe(0);
    expect(await create({ indexName: 'by_code' })).not.toBe(0);
    expect(await create({ unique: true })).toBe(2);
    expect(await create({})).toBe(0);
  });

  it('hold unique keys apart only among the records of their condition', async () => {
    const { client, insert } = await withShipments();
    await client.ok('createIndex', {
      tableName: 'shipment',
      indexName: 'one_live',
      fields: [{ name: 'code' }],
      unique: true,
      conditionalExpression: 'ok == 1',
    });
    await insert({ code: 'A', ok: false }, { code: 'A', ok: false }, { code: 'A', ok: true });
    const again = { tableName: 'shipment', sourceData: [{ code: 'A', ok: true }] };
    expect(await client.code('insertRecords', again)).toBe(2);
    const { data } = await client.ok('getRecordsByIndex', { tableName: 'shipment', indexName: 'one_live' });
    expect(data.map(({ id }) => id)).toEqual(['3']);
  });
});

it('fields of every type are accepted whatever the case of their type', async () => {
  const { ok } = await signIn(await startSimulator());
  const { data } = await ok('createTable', {
    tableName: 't',
    fields: shipmentFields.map((f) => ({ ...f, type: f.type.toUpperCase() })),
  });
  expect(rowsOf(data, 'fields').map(({ type }) => type)).toContain('varbinary');
});
