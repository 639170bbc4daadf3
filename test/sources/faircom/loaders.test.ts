import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configOf, openSource, startOddFairCom } from './odd-faircom.ts';
import { describe as describeTable, operationOf, startWarehouse, type Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
let source: ReturnType<Warehouse['open']>;
beforeAll(async () => {
  warehouse = await startWarehouse();
  source = warehouse.open();
  const fields = [{ name: 'code', type: 'varchar', length: 10, nullable: false }];
  for (const tableName of ['parcel', 'pallet']) {
    await warehouse.createTable({ tableName, fields });
    const codes = Array.from({ length: 30 }, (_, place) => ({ code: `${tableName}-${place + 1}` }));
    await operationOf(source).client.insertRecords(await describeTable(source, tableName), codes);
  }
  await warehouse.createTable({ tableName: 'named', fields, primaryKeyFields: ['code'] });
  await operationOf(source).client.insertRecords(await describeTable(source, 'named'), [{ code: 'A' }, { code: 'a' }]);
});
afterAll(() => warehouse.close());

const parcel = { tableName: 'parcel' };

describe('descriptions', () => {
  test('of many tables are one call, and each table is described once', async () => {
    const { loaders, spent } = operationOf(source);
    const names = ['parcel', 'pallet', 'named', 'PARCEL'];
    const tables = await loaders.table.loadMany(names.map((tableName) => ({ tableName })));
    expect(tables).toMatchObject(['parcel', 'pallet', 'named', 'parcel'].map((tableName) => ({ tableName })));
    await loaders.table.load({ databaseName: 'ctreeSQL', ownerName: 'ADMIN', tableName: 'pallet' });
    expect(spent()).toBe(1);
  });

  test('of a table that is not there fail alone', async () => {
    const { loaders, spent } = operationOf(source);
    const [missing, there] = await loaders.table.loadMany([{ tableName: 'nothing' }, parcel]);
    expect(missing).toMatchObject({ code: 'NOT_FOUND', message: 'warehouse has no table "nothing".' });
    expect(there).toMatchObject({ tableName: 'parcel' });
    expect(spent()).toBe(3);
    await expect(operationOf(source).loaders.table.load({ tableName: 'nothing' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('of two databases are two calls, and the trouble of one is not the other’s', async () => {
    const { loaders, spent } = operationOf(source);
    const [missing, there] = await loaders.table.loadMany([{ databaseName: 'nowhere', tableName: 'parcel' }, parcel]);
    expect(missing).toMatchObject({ code: expect.stringMatching(/NOT_FOUND|BAD_INPUT/) });
    expect(there).toMatchObject({ tableName: 'parcel' });
    expect(spent()).toBeLessThanOrEqual(3);
  });

  test('that cannot be read are no table that is missing', async () => {
    const server = await startOddFairCom(({ action }) =>
      action === 'describeTables' ? { result: { data: [{ tableName: 'parcel' }] } } : undefined,
    );
    const { loaders } = operationOf(openSource(configOf(server.url)));
    await expect(loaders.table.load(parcel)).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  test('are not asked for again when the server is down', async () => {
    const server = await startOddFairCom(({ action }) =>
      action === 'describeTables' ? { errorCode: 12048, errorMessage: 'inactive' } : undefined,
    );
    const { loaders, spent } = operationOf(openSource(configOf(server.url)));
    await expect(loaders.table.load(parcel)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(spent()).toBe(1);
  });
});

describe('records', () => {
  test('of one table are one call beside its description, in the order they were asked for', async () => {
    const { loaders, spent } = operationOf(source);
    const ids = ['7', '3', '30', '1', '7'];
    const records = await loaders.record.loadMany(ids.map((key) => ({ table: parcel, key })));
    expect(records).toMatchObject(ids.map((id) => ({ id, values: { code: `parcel-${id}` } })));
    expect(spent()).toBe(2);
  });

  test('of two tables are two calls beside one for both descriptions', async () => {
    const { loaders, spent } = operationOf(source);
    const refs = ['parcel', 'pallet'].flatMap((tableName) => ['1', '2'].map((key) => ({ table: { tableName }, key })));
    const records = await loaders.record.loadMany(refs);
    expect(records).toMatchObject(
      ['parcel-1', 'parcel-2', 'pallet-1', 'pallet-2'].map((code) => ({ values: { code } })),
    );
    expect(spent()).toBe(3);
  });

  test('are undefined where there are none, and fail alone where the key is none', async () => {
    const { loaders } = operationOf(source);
    const [missing, wrong, there] = await loaders.record.loadMany(
      ['999', 'one', { ID: 2 }].map((key) => ({ table: parcel, key })),
    );
    expect(missing).toBeUndefined();
    expect(wrong).toMatchObject({ code: 'BAD_INPUT' });
    expect(there).toMatchObject({ id: '2' });
  });

  test('are found by every spelling of their key, and told apart by case', async () => {
    const { loaders } = operationOf(source);
    const named = { tableName: 'named' };
    const found = await loaders.record.loadMany([
      { table: parcel, key: '007' },
      { table: parcel, key: { id: '7' } },
      { table: named, key: 'a' },
      { table: named, key: { code: 'A' } },
    ]);
    expect(found).toMatchObject([{ id: '7' }, { id: '7' }, { values: { code: 'a' } }, { values: { code: 'A' } }]);
  });

  test('of a table that is not there fail with that', async () => {
    const { loaders } = operationOf(source);
    const loading = loaders.record.load({ table: { tableName: 'nothing' }, key: '1' });
    await expect(loading).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('are loaded anew by the next operation', async () => {
    const first = operationOf(source);
    await first.loaders.record.load({ table: parcel, key: '5' });
    const second = operationOf(source);
    await second.loaders.record.load({ table: parcel, key: '5' });
    expect([first.spent(), second.spent()]).toEqual([2, 2]);
  });
});

describe('reads of one identity', () => {
  test('share a call that is under way, but never one that began before a write', async () => {
    let answered = 0;
    const server = await startOddFairCom(({ action }) => {
      if (action === 'insertRecords') return { result: { data: [{ id: '1', changeId: '1', code: 'A' }] } };
      if (action !== 'listDatabases') return undefined;
      answered += 1;
      return { result: { data: [] } };
    });
    const { client } = operationOf(openSource(configOf(server.url)));
    await Promise.all([client.listDatabases({ first: 5 }), client.listDatabases({ first: 5 })]);
    expect(answered).toBe(1);
    const table = await describeTable(source, 'parcel');
    await Promise.all([
      client.listDatabases({ first: 5 }),
      client.insertRecords(table, [{ code: 'A' }]),
      client.listDatabases({ first: 5 }),
    ]);
    expect(answered).toBe(3);
  });

  test('of two accounts share neither session nor call', async () => {
    const server = await startOddFairCom(({ action, params }) => {
      if (action === 'createSession') return { result: { authToken: `of-${params.username}` } };
      return action === 'listDatabases' ? { result: { data: [] } } : undefined;
    });
    const accounts = ['ada', 'grace'].map((username) => openSource(configOf(server.url, { username })));
    await Promise.all(accounts.map((account) => operationOf(account).client.listDatabases({ first: 5 })));
    const lists = server.actions.filter(({ action }) => action === 'listDatabases');
    expect(lists.map(({ authToken }) => authToken).toSorted()).toEqual(['of-ada', 'of-grace']);
  });
});
