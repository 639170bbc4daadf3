import { describe, expect, it } from 'vitest';
import { type Row, signIn, startSimulator, withShipments } from './harness.ts';

/** Five shipments whose rates need exact decimals to be told apart. */
async function withFive() {
  const shipments = await withShipments();
  await shipments.insert(
    { code: 'B', rate: '10.5' },
    { code: 'A', rate: '9.25' },
    { code: 'C', rate: null },
    { code: 'B', rate: '-3' },
    { code: 'ab', rate: '10.4999' },
  );
  const { client } = shipments;
  const ids = async (action: string, params: Row) =>
    (await client.ok(action, { tableName: 'shipment', ...params })).data.map(({ id }) => Number(id));
  return { ...shipments, ids };
}

describe('getRecordsByIds', () => {
  it('returns the records in the order of the ids and leaves out what does not exist', async () => {
    const { client, ids } = await withFive();
    expect(await ids('getRecordsByIds', { ids: ['3', 1, '99'] })).toEqual([3, 1]);
    expect(await ids('getRecordsByIds', { primaryKeys: [[{ fieldName: 'ID', value: 2 }]] })).toEqual([2]);
    expect(await client.code('getRecordsByIds', { tableName: 'shipment', ids: ['x'] })).not.toBe(0);
    expect(await client.code('getRecordsByIds', { tableName: 'shipment' })).not.toBe(0);
  });
});

describe('getRecordsByTable', () => {
  it('walks in table order, backwards only when every field has a fixed length', async () => {
    const { client, ids } = await withFive();
    expect(await ids('getRecordsByTable', {})).toEqual([1, 2, 3, 4, 5]);
    expect(await client.code('getRecordsByTable', { tableName: 'shipment', reverseOrder: true })).not.toBe(0);
    await client.ok('createTable', { tableName: 'fixed', fields: [{ name: 'c', type: 'char', length: 2 }] });
    await client.ok('insertRecords', { tableName: 'fixed', sourceData: [{ c: 'a' }, { c: 'b' }] });
    const { data } = await client.ok('getRecordsByTable', { tableName: 'fixed', reverseOrder: true });
    expect(data.map(({ c }) => c)).toEqual(['b ', 'a ']);
  });

  it('pages with skipRecords and maxRecords, 20 when not told', async () => {
    const { client, ids } = await withFive();
    const sourceData = Array.from({ length: 30 }, (_, index) => ({ code: `X${index}` }));
    await client.ok('insertRecords', { tableName: 'shipment', sourceData });
    expect(await ids('getRecordsByTable', {})).toHaveLength(20);
    expect(await ids('getRecordsByTable', { skipRecords: 33, maxRecords: 5 })).toEqual([34, 35]);
    expect(await client.code('getRecordsByTable', { tableName: 'shipment', maxRecords: -1 })).not.toBe(0);
  });

  it('counts only when forced and calls a full page unfinished even when it is the last', async () => {
    const { client } = await withFive();
    const read = (params: Row) => client.ok('getRecordsByTable', { tableName: 'shipment', ...params });
    expect(await read({ maxRecords: 5 })).toMatchObject({
      moreRecords: true,
      totalRecordCount: -1,
      returnedRecordCount: 5,
    });
    expect(await read({ maxRecords: 6 })).toMatchObject({ moreRecords: false, requestedRecordCount: 6 });
    expect(await read({ skipRecords: 5, maxRecords: 5 })).toMatchObject({ moreRecords: false, data: [] });
    expect(await read({ maxRecords: 1, forceRecordCount: true })).toMatchObject({ totalRecordCount: 5 });
    expect(await read({ tableFilter: 'rate > 10', forceRecordCount: true })).toMatchObject({ totalRecordCount: 2 });
  });
});

describe('getRecordsByIndex', () => {
  it('walks in the order of the index, nulls first, decimals as numbers, and back', async () => {
    const { ids } = await withFive();
    expect(await ids('getRecordsByIndex', { indexName: 'by_code' })).toEqual([2, 1, 4, 3, 5]);
    expect(await ids('getRecordsByIndex', { indexName: 'BY_RATE' })).toEqual([3, 4, 2, 5, 1]);
    expect(await ids('getRecordsByIndex', { indexName: 'by_rate', reverseOrder: true })).toEqual([1, 5, 2, 4, 3]);
  });

  it('follows descending, case-insensitive and reversed fields', async () => {
    const { client, ids } = await withFive();
    const create = (indexName: string, ...fields: Row[]) =>
      client.ok('createIndex', { tableName: 'shipment', indexName, fields });
    await create('folded', { name: 'code', caseInsensitive: true }, { name: 'rate', sortDescending: true });
    expect(await ids('getRecordsByIndex', { indexName: 'folded' })).toEqual([2, 5, 1, 4, 3]);
    await create('backwards', { name: 'code', reverseCompare: true });
    expect(await ids('getRecordsByIndex', { indexName: 'backwards' })).toEqual([2, 1, 4, 3, 5]);
  });

  it('applies the table filter to what the index gives', async () => {
    const { ids } = await withFive();
    expect(await ids('getRecordsByIndex', { indexName: 'by_rate', tableFilter: 'code == "B"' })).toEqual([4, 1]);
  });
});

describe('getRecordsInKeyRange', () => {
  const range = (indexName: string, ...indexFieldFilters: Row[]) => ({ indexFilter: { indexName, indexFieldFilters } });

  it('takes one bound, two bounds or equality, with values as strings or numbers', async () => {
    const { ids } = await withFive();
    const rate = (operator: string, value: unknown) => ({ fieldName: 'rate', operator, value });
    const read = (...filters: Row[]) => ids('getRecordsInKeyRange', range('by_rate', ...filters));
    expect(await read(rate('>=', '9.25'))).toEqual([2, 5, 1]);
    expect(await read(rate('>', 9.25), rate('<', '10.5'))).toEqual([5]);
    expect(await read(rate('=', '10.50'))).toEqual([1]);
    expect(await read(rate('<=', '10.4999000000000000001'))).toEqual([4, 2, 5]);
    expect(await read(rate('=', null))).toEqual([3]);
    expect(await read()).toEqual([3, 4, 2, 5, 1]);
  });

  it('bounds several fields of an index', async () => {
    const { client, ids } = await withFive();
    const fields = [{ name: 'code' }, { name: 'rate' }];
    await client.ok('createIndex', { tableName: 'shipment', indexName: 'both', fields });
    const code = { fieldName: 'code', operator: '=', value: 'B' };
    const rate = { fieldName: 'rate', operator: '<', value: 0 };
    expect(await ids('getRecordsInKeyRange', range('both', code))).toEqual([4, 1]);
    expect(await ids('getRecordsInKeyRange', range('both', code, rate))).toEqual([4]);
  });

  it('refuses fields that the index has not, unknown operators and unknown properties', async () => {
    const { client } = await withFive();
    const code = (filter: Row) => client.code('getRecordsInKeyRange', { tableName: 'shipment', ...filter });
    expect(await code(range('by_rate', { fieldName: 'code', operator: '=', value: 'A' }))).not.toBe(0);
    expect(await code(range('by_rate', { fieldName: 'rate', operator: '!=', value: 1 }))).not.toBe(0);
    expect(await code(range('by_rate', { fieldName: 'rate', operator: '=', value: 1, extra: 1 }))).toBe(14702);
    expect(await code({})).toBe(12025);
  });
});

describe('getRecordsStartingAtKey', () => {
  const start = (operator: string, value: unknown, indexName = 'by_rate', fieldName = 'rate') => ({
    indexFilter: { indexName, operator, indexFields: [{ fieldName, value }] },
  });

  it('positions by its operator and walks on, or back', async () => {
    const { ids } = await withFive();
    const read = (filter: Row, params: Row = {}) => ids('getRecordsStartingAtKey', { ...filter, ...params });
    expect(await read(start('=', '9.25'))).toEqual([2, 5, 1]);
    expect(await read(start('>', '9.25'))).toEqual([5, 1]);
    expect(await read(start('>=', '9.3'))).toEqual([5, 1]);
    expect(await read(start('<', '9.25'))).toEqual([4, 2, 5, 1]);
    expect(await read(start('<=', '9.25'))).toEqual([2, 5, 1]);
    expect(await read(start('=', '9.25'), { reverseOrder: true })).toEqual([2, 4, 3]);
    expect(await read(start('<', '9.25'), { reverseOrder: true, maxRecords: 1 })).toEqual([4]);
    expect(await read(start('>=', '9.25'), { skipRecords: 1, maxRecords: 1 })).toEqual([5]);
  });

  it('starts at the first of equal keys going up, and at the last going down', async () => {
    const { ids } = await withFive();
    const read = (operator: string) => ids('getRecordsStartingAtKey', start(operator, 'B', 'by_code', 'code'));
    expect(await read('=')).toEqual([1, 4, 3, 5]);
    expect(await read('<=')).toEqual([4, 3, 5]);
  });

  it('takes the first fields of an index of several', async () => {
    const { client, ids } = await withFive();
    const fields = [{ name: 'code' }, { name: 'rate', sortDescending: true }];
    await client.ok('createIndex', { tableName: 'shipment', indexName: 'both', fields });
    const from = (operator: string, ...indexFields: Row[]) => ({
      indexFilter: { indexName: 'both', operator, indexFields },
    });
    const [code, rate] = [
      { fieldName: 'code', value: 'B' },
      { fieldName: 'rate', value: 0 },
    ];
    expect(await ids('getRecordsStartingAtKey', from('>=', code))).toEqual([1, 4, 3, 5]);
    expect(await ids('getRecordsStartingAtKey', from('>', code, rate))).toEqual([4, 3, 5]);
    expect(await client.code('getRecordsStartingAtKey', { tableName: 'shipment', ...from('>', rate) })).not.toBe(0);
  });

  it('is error 4046 when no key matches, and cannot count', async () => {
    const { client } = await withFive();
    const code = (filter: Row) => client.code('getRecordsStartingAtKey', { tableName: 'shipment', ...filter });
    expect(await code(start('=', '9.26'))).toBe(4046);
    expect(await code(start('>', '10.5'))).toBe(4046);
    expect(await code(start('<', 'A', 'by_code', 'code'))).toBe(4046);
    expect(await code({ ...start('=', '9.25'), forceRecordCount: true })).toBe(14702);
  });
});

describe('getRecordsByPartialKeyRange', () => {
  it('finds texts by their beginning', async () => {
    const { client, insert, ids } = await withShipments().then(async (shipments) => ({
      ...shipments,
      ids: async (indexFilter: Row) =>
        (await shipments.client.ok('getRecordsByPartialKeyRange', { tableName: 'shipment', indexFilter })).data.map(
          ({ id }) => Number(id),
        ),
    }));
    await insert({ code: 'München' }, { code: 'Münster' }, { code: 'münch' }, { code: 'Mainz' });
    expect(await ids({ indexName: 'by_code', partialKey: 'Mün' })).toEqual([1, 2]);
    const fields = [{ name: 'code', caseInsensitive: true }];
    await client.ok('createIndex', { tableName: 'shipment', indexName: 'folded', fields });
    expect(await ids({ indexName: 'folded', partialKey: 'MüNC' })).toEqual([3, 1]);
  });

  it('finds bytes by the base64 of their beginning, and refuses other keys', async () => {
    const { client, insert } = await withShipments();
    await insert({ code: 'A', digest: '00ff11' }, { code: 'B', digest: '00fe' });
    await client.ok('createIndex', { tableName: 'shipment', indexName: 'bytes', fields: [{ name: 'digest' }] });
    const read = (indexName: string, partialKey: string) =>
      client.call('getRecordsByPartialKeyRange', { tableName: 'shipment', indexFilter: { indexName, partialKey } });
    expect((await read('bytes', 'AP8=')).result.data).toMatchObject([{ code: 'A' }]);
    expect((await read('by_rate', '1')).errorCode).not.toBe(0);
  });
});

it('reads see nothing of tables with the same name that belong to another owner', async () => {
  const { ok, code } = await signIn(await startSimulator());
  const fields = [{ name: 'a', type: 'integer' }];
  await ok('createTable', { tableName: 't', ownerName: 'other', fields });
  expect(await code('getRecordsByTable', { tableName: 't' })).toBe(12);
});
