import { describe, expect, it } from 'vitest';
import { type Row, signIn, withShipments } from './harness.ts';

describe('insertRecords', () => {
  it('returns the rows as stored, with their ids, change ids and counts', async () => {
    const { client } = await withShipments();
    const sourceData = [{ code: 'A', OK: true }, { code: 'B' }];
    const result = await client.ok('insertRecords', { tableName: 'shipment', dataFormat: 'objects', sourceData });
    expect(result).toMatchObject({
      primaryKeyFields: ['id'],
      changeIdField: 'changeId',
      requestedRecordCount: 2,
      returnedRecordCount: 2,
      totalRecordCount: 2,
    });
    expect(result.data).toMatchObject([
      { id: '1', code: 'A', ok: true, bytes: null },
      { id: '2', code: 'B', ok: null },
    ]);
  });

  it('takes arrays with the names of their fields', async () => {
    const { client } = await withShipments();
    const arrays = { tableName: 'shipment', dataFormat: 'arrays', sourceData: [['A', 7]] };
    expect(await client.code('insertRecords', arrays)).toBe(12025);
    expect(await client.code('insertRecords', { ...arrays, fieldNames: ['code'] })).not.toBe(0);
    const { data } = await client.ok('insertRecords', { ...arrays, fieldNames: ['CODE', 'bytes'] });
    expect(data).toMatchObject([{ code: 'A', bytes: '7' }]);
  });

  it('does not mind field names with objects, as the vendor’s loader sends them', async () => {
    const { client } = await withShipments();
    const params = { tableName: 'shipment', dataFormat: 'objects', fieldNames: ['code'], sourceData: [{ code: 'A' }] };
    expect(await client.code('insertRecords', { ...params, databaseName: null, ownerName: null })).toBe(0);
  });

  it('writes all rows or none', async () => {
    const { client, codes } = await withShipments();
    const insert = (...sourceData: Row[]) => client.code('insertRecords', { tableName: 'shipment', sourceData });
    expect(await insert({ code: 'A' }, { code: null })).not.toBe(0);
    expect(await insert({ code: 'A' }, {})).not.toBe(0);
    expect(await insert({ code: 'A' }, { code: 'B', wrong: 1 })).not.toBe(0);
    expect(await codes()).toEqual([]);
  });

  it('refuses keys that a unique index holds with code 2', async () => {
    const { client, codes } = await withShipments();
    const index = {
      tableName: 'shipment',
      indexName: 'u',
      unique: true,
      fields: [{ name: 'code', caseInsensitive: true }],
    };
    await client.ok('createIndex', index);
    const insert = (...sourceData: Row[]) => client.code('insertRecords', { tableName: 'shipment', sourceData });
    expect(await insert({ code: 'A' })).toBe(0);
    expect(await insert({ code: 'B' }, { code: 'a' })).toBe(2);
    expect(await codes()).toEqual(['A']);
  });

  it('takes 5,000 rows at once', async () => {
    const { client } = await withShipments();
    const sourceData = Array.from({ length: 5_000 }, (_, index) => ({ code: `S-${index}`, bytes: index }));
    const result = await client.ok('insertRecords', { tableName: 'shipment', sourceData });
    expect(result.totalRecordCount).toBe(5_000);
  });
});

describe('updateRecords', () => {
  it('changes only the named fields and gives the record a larger change id', async () => {
    const { client, insert } = await withShipments();
    const [before = {}] = await insert({ code: 'A', bytes: 1 });
    const sourceData = [{ id: '1', changeId: before.changeId, bytes: 2 }];
    const { data } = await client.ok('updateRecords', { tableName: 'shipment', sourceData });
    expect(data).toMatchObject([{ id: '1', code: 'A', bytes: '2' }]);
    expect(Number(data[0]?.changeId)).toBeGreaterThan(Number(before.changeId));
  });

  it('refuses an old change id and a missing one, and then writes nothing at all', async () => {
    const { client, insert, codes } = await withShipments();
    const [first = {}, second = {}] = await insert({ code: 'A' }, { code: 'B' });
    const update = (...sourceData: Row[]) => client.call('updateRecords', { tableName: 'shipment', sourceData });
    const old = await update({ ...first, code: 'A2' }, { ...second, changeId: '5', code: 'B2' });
    const missing = await update({ ...first, code: 'A2' }, { id: second.id, code: 'B2' });
    const absent = await update({ ...first, code: 'A2' }, { id: 99, changeId: '5', code: 'B2' });
    const codesOfErrors = [old, missing, absent].map(({ errorCode }) => errorCode);
    expect(new Set(codesOfErrors).size).toBe(3);
    expect(codesOfErrors).not.toContain(0);
    expect(await codes()).toEqual(['A', 'B']);
  });

  it('ignores change ids when told to', async () => {
    const { client, insert, codes } = await withShipments();
    await insert({ code: 'A' });
    const params = { tableName: 'shipment', ignoreChangeIdProtection: true, sourceData: [{ id: 1, code: 'B' }] };
    await client.ok('updateRecords', params);
    expect(await codes()).toEqual(['B']);
  });

  it('lets only the first of two writers win', async () => {
    const { simulator, client, insert } = await withShipments();
    const other = await signIn(simulator);
    const [read = {}] = await insert({ code: 'A' });
    const params = { tableName: 'shipment', sourceData: [{ id: read.id, changeId: read.changeId, ok: true }] };
    const answers = await Promise.all([client.code('updateRecords', params), other.code('updateRecords', params)]);
    expect(answers.filter((code) => code === 0)).toHaveLength(1);
  });

  it('looks records up by all the fields of the primary key', async () => {
    const { client } = await withShipments();
    const fields = [
      { name: 'x', type: 'char', length: 4 },
      { name: 'y', type: 'number', length: 20, scale: 2 },
      { name: 'z', type: 'integer' },
    ];
    await client.ok('createTable', { tableName: 'two', fields, primaryKeyFields: ['x', 'y'] });
    const sourceData = [{ x: 'a', y: '1.10', z: 1 }];
    const [row = {}] = (await client.ok('insertRecords', { tableName: 'two', sourceData })).data;
    const update = (changes: Row) =>
      client.code('updateRecords', { tableName: 'two', sourceData: [{ changeId: row.changeId, ...changes }] });
    expect(await update({ x: 'a', z: 2 })).toBe(12025);
    expect(await update({ x: 'a', y: '1.11', z: 2 })).not.toBe(0);
    expect(await update({ x: 'a', y: 1.1, z: 2 })).toBe(0);
    expect((await client.ok('getRecordsByTable', { tableName: 'two' })).data).toMatchObject([{ x: 'a   ', z: '2' }]);
  });
});

describe('deleteRecords', () => {
  it('returns what it deleted and does not mind ids that do not exist', async () => {
    const { client, insert, codes } = await withShipments();
    await insert({ code: 'A' }, { code: 'B' }, { code: 'C' });
    const result = await client.ok('deleteRecords', { tableName: 'shipment', ids: ['3', 1, 99, 1] });
    expect(result.data).toMatchObject([{ code: 'C' }, { code: 'A' }]);
    expect(result.totalRecordCount).toBe(2);
    expect(await codes()).toEqual(['B']);
  });

  it('takes primary keys instead of ids, but not both and not neither', async () => {
    const { client, insert, codes } = await withShipments();
    await insert({ code: 'A' }, { code: 'B' });
    const primaryKeys = [[{ fieldName: 'id', value: '2' }]];
    const remove = (params: Row) => client.code('deleteRecords', { tableName: 'shipment', ...params });
    expect(await remove({ primaryKeys, ids: [1] })).not.toBe(0);
    expect(await remove({})).not.toBe(0);
    expect(await remove({ primaryKeys: [[{ fieldName: 'code', value: 'A' }]] })).not.toBe(0);
    expect(await remove({ primaryKeys })).toBe(0);
    expect(await codes()).toEqual(['A']);
  });
});

describe('truncateRecords', () => {
  it('empties a table that nobody has open, outside of any transaction', async () => {
    const { client, insert, codes } = await withShipments();
    await insert({ code: 'A' });
    const table = { tableName: 'shipment' };
    const { cursorId } = await client.ok('getRecordsByTable', { ...table, returnCursor: true });
    expect(await client.code('truncateRecords', table)).toBe(12);
    await client.ok('closeCursor', { cursorId });
    const { transactionId } = await client.ok('createTransaction', {});
    expect(await client.code('truncateRecords', { ...table, transactionId })).toBe(14702);
    await client.ok('deleteRecords', { ...table, transactionId, ids: [1] });
    expect(await client.code('truncateRecords', table)).toBe(12);
    await client.ok('rollbackTransaction', { transactionId });
    await client.ok('truncateRecords', table);
    expect(await codes()).toEqual([]);
  });
});
