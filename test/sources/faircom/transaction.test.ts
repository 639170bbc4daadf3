import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FairComTable } from '../../../src/sources/faircom/types.ts';
import { configOf, openSource, startOddFairCom, tableOf } from './odd-faircom.ts';
import { operationOf, startWarehouse, type Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await startWarehouse();
});
afterAll(() => warehouse.close());

let number = 0;
let table: FairComTable;
let source: ReturnType<Warehouse['open']>;
beforeEach(async () => {
  number += 1;
  const tableName = `ledger${number}`;
  await warehouse.createTable({ tableName, fields: [{ name: 'code', type: 'varchar', length: 10 }] });
  source = warehouse.open();
  table = await operationOf(source).loaders.table.load({ tableName });
});

const count = () => operationOf(source).client.countRecords(table);
const expire = () => warehouse.simulator.switches.expireSessions?.({});
const lost = { code: 'CONFLICT', message: expect.stringContaining('the transaction was lost') };

describe('a transaction', () => {
  test('stores everything at its end, and shows it to itself before', async () => {
    const { client } = operationOf(source);
    const seen = await client.inTransaction(async (inside) => {
      await inside.insertRecords(table, [{ code: 'A' }]);
      await inside.insertRecords(table, [{ code: 'B' }]);
      return [await inside.countRecords(table), await count()];
    });
    expect(seen).toEqual([2, 0]);
    expect(await count()).toBe(2);
  });

  test('stores nothing when its work fails, and says why', async () => {
    const { client } = operationOf(source);
    const failing = client.inTransaction(async (inside) => {
      await inside.insertRecords(table, [{ code: 'A' }]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await count()).toBe(0);
    await client.insertRecords(table, [{ code: 'free again' }]);
  });

  test('is rolled back although its caller has gone', async () => {
    const caller = new AbortController();
    const client = source.open({ identity: source.identify(undefined), signal: caller.signal });
    const leaving = client.inTransaction(async (inside) => {
      await inside.insertRecords(table, [{ code: 'A' }]);
      caller.abort();
      await inside.countRecords(table);
    });
    await expect(leaving).rejects.toBeDefined();
    expect(await count()).toBe(0);
    await operationOf(source).client.insertRecords(table, [{ code: 'no lock' }]);
  });

  test('is a conflict when the session ends within it: nothing is repeated in another session', async () => {
    const { client } = operationOf(source);
    const losing = client.inTransaction(async (inside) => {
      await inside.insertRecords(table, [{ code: 'A' }]);
      await expire();
      await inside.insertRecords(table, [{ code: 'B' }]);
    });
    await expect(losing).rejects.toMatchObject(lost);
    expect(await count()).toBe(0);
  });

  test('is a conflict when the session ends before its commit', async () => {
    const { client } = operationOf(source);
    const losing = client.inTransaction(async (inside) => {
      await inside.insertRecords(table, [{ code: 'A' }]);
      await expire();
    });
    await expect(losing).rejects.toMatchObject(lost);
    expect(await count()).toBe(0);
  });

  test('is a conflict when another call has renewed the session meanwhile', async () => {
    const { client } = operationOf(source);
    let requests = 0;
    const losing = client.inTransaction(async (inside) => {
      await inside.insertRecords(table, [{ code: 'A' }]);
      await expire();
      await count();
      requests = warehouse.simulator.requests.count('POST');
      await inside.insertRecords(table, [{ code: 'B' }]);
    });
    await expect(losing).rejects.toMatchObject(lost);
    expect(warehouse.simulator.requests.count('POST')).toBe(requests);
    expect(await count()).toBe(0);
  });

  test('may begin in a session that has just expired', async () => {
    const { client } = operationOf(source);
    await expire();
    await client.inTransaction((inside) => inside.insertRecords(table, [{ code: 'A' }]));
    expect(await count()).toBe(1);
  });

  test('that holds a lock makes others wait, and then fail with a conflict that may pass', async () => {
    await warehouse.simulator.switches.setLockTimeout?.({ milliseconds: 20 });
    const { client } = operationOf(source);
    await client.inTransaction(async (inside) => {
      await inside.insertRecords(table, [{ code: 'A' }]);
      const other = operationOf(source).client.insertRecords(table, [{ code: 'B' }]);
      await expect(other).rejects.toMatchObject({ code: 'CONFLICT', retryable: true, vendorCode: '42' });
    });
    expect(await count()).toBe(1);
  });

  test('is rolled back when its commit is refused', async () => {
    const server = await startOddFairCom(({ action }) => {
      if (action === 'createTransaction') return { result: { transactionId: 't-1' } };
      return action === 'commitTransaction' ? { errorCode: 799, errorMessage: 'blocked' } : undefined;
    });
    const odd = openSource(configOf(server.url));
    const { client } = operationOf(odd);
    await expect(client.inTransaction(async () => 'done')).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(server.actions.slice(-2)).toMatchObject([
      { action: 'commitTransaction', params: { transactionId: 't-1' } },
      { action: 'rollbackTransaction', params: { transactionId: 't-1' } },
    ]);
  });

  test('marks every one of its calls, and no call outside of it', async () => {
    const server = await startOddFairCom(({ action }) => {
      if (action === 'createTransaction') return { result: { transactionId: 't-1' } };
      return action.startsWith('get') || action === 'deleteRecords' ? { result: { data: [] } } : undefined;
    });
    const { client } = operationOf(openSource(configOf(server.url)));
    await client.inTransaction(async (inside) => {
      await inside.deleteRecords(tableOf({}), ['1']);
      await client.getRecordsByTable(tableOf({}), 5);
      await inside.recordsPage({ table: tableOf({}), first: 5 });
    });
    const marks = server.actions.map(({ action, params = {} }) => [action, params.transactionId]);
    expect(marks).toEqual([
      ['createSession', undefined],
      ['createTransaction', undefined],
      ['deleteRecords', 't-1'],
      ['getRecordsByTable', undefined],
      ['getRecordsByIndex', 't-1'],
      ['commitTransaction', 't-1'],
    ]);
  });
});
