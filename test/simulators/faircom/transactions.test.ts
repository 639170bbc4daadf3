import { describe, expect, it, vi } from 'vitest';
import { createClock } from '../../../simulators/kit/clock.ts';
import { type Row, signIn, withShipments } from './harness.ts';

async function withTransaction() {
  const shipments = await withShipments();
  const { client, simulator } = shipments;
  const { transactionId } = await client.ok('createTransaction', undefined);
  const other = await signIn(simulator);
  const insert = (...codes: string[]) =>
    client.ok('insertRecords', { tableName: 'shipment', transactionId, sourceData: codes.map((code) => ({ code })) });
  const end = (action: string, params: Row = {}) => client.call(action, { transactionId, ...params });
  const inside = () => shipments.codes({ transactionId });
  return { ...shipments, transactionId, other, insert, end, inside };
}

describe('a transaction', () => {
  it('shows its changes to itself alone until it is committed', async () => {
    const { insert, codes, inside, end } = await withTransaction();
    await insert('A', 'B');
    expect(await inside()).toEqual(['A', 'B']);
    expect(await codes()).toEqual([]);
    expect((await end('commitTransaction')).errorCode).toBe(0);
    expect(await codes()).toEqual(['A', 'B']);
  });

  it('leaves nothing behind when it is rolled back, also of tables', async () => {
    const { client, insert, codes, end, transactionId } = await withTransaction();
    await insert('A');
    await client.ok('createTable', { tableName: 'brief', transactionId, fields: [{ name: 'a', type: 'bit' }] });
    await end('rollbackTransaction');
    expect(await codes()).toEqual([]);
    expect(await client.code('describeTables', { tableNames: ['brief'] })).toBe(12);
  });

  it('cannot be used after it closed, nor by another session', async () => {
    const { client, other, end, transactionId } = await withTransaction();
    expect(await other.code('commitTransaction', { transactionId })).not.toBe(0);
    expect(await other.code('listDatabases', { transactionId })).not.toBe(0);
    await end('commitTransaction');
    for (const action of ['commitTransaction', 'rollbackTransaction', 'createTransactionSavepoint']) {
      expect(await client.code(action, { transactionId })).not.toBe(0);
    }
    const params = { tableName: 'shipment', transactionId, sourceData: [{ code: 'A' }] };
    expect(await client.code('insertRecords', params)).not.toBe(0);
  });

  it('undoes only the failed action, all of it', async () => {
    const { client, insert, inside, transactionId } = await withTransaction();
    await insert('A');
    const params = { tableName: 'shipment', transactionId, sourceData: [{ code: 'B' }, { code: null }] };
    expect(await client.code('insertRecords', params)).not.toBe(0);
    expect(await inside()).toEqual(['A']);
  });

  it('reads what others committed as long as it has not written itself', async () => {
    const { other, inside } = await withTransaction();
    expect(await inside()).toEqual([]);
    await other.ok('insertRecords', { tableName: 'shipment', sourceData: [{ code: 'X' }] });
    expect(await inside()).toEqual(['X']);
  });

  it('spans databases', async () => {
    const { client, insert, codes, end, transactionId } = await withTransaction();
    const place = { databaseName: 'faircom', tableName: 'there' };
    await client.ok('createTable', { ...place, fields: [{ name: 'a', type: 'integer' }] });
    await insert('A');
    await client.ok('insertRecords', { ...place, transactionId, sourceData: [{ a: 1 }] });
    await end('rollbackTransaction');
    expect(await codes()).toEqual([]);
    expect((await client.ok('getRecordsByTable', place)).data).toEqual([]);
  });

  it('ends with its session, and with the idle time of it', async () => {
    const clock = createClock();
    const { simulator, client, codes } = await withShipments({ clock });
    for (const end of ['delete', 'idle']) {
      const owner = await signIn(simulator, { idleConnectionTimeoutSeconds: 60 });
      const { transactionId } = await owner.ok('createTransaction', {});
      await owner.ok('insertRecords', { tableName: 'shipment', transactionId, sourceData: [{ code: end }] });
      if (end === 'delete') await owner.ok('deleteSession', undefined, { api: 'admin' });
      else clock.advance(61_000);
      expect(await codes()).toEqual([]);
      expect((await client.ok('listTransactions', {})).data).toEqual([]);
      await client.ok('truncateRecords', { tableName: 'shipment' });
    }
  });

  it('is listed with its session', async () => {
    const { other, client, transactionId } = await withTransaction();
    const listed = { authToken: client.authToken, username: 'gateway', transactionId };
    expect((await other.ok('listTransactions', {})).data).toEqual([listed]);
    expect((await other.ok('listTransactions', { username: 'nobody' })).data).toEqual([]);
  });
});

describe('savepoints', () => {
  it('undo what came after them and stay; later ones are gone', async () => {
    const { client, insert, inside, end, transactionId, codes } = await withTransaction();
    const save = async () => (await end('createTransactionSavepoint')).result.transactionSavepointId;
    const revert = (action: string, id: unknown) => client.call(action, { transactionId, transactionSavepointId: id });
    const empty = await save();
    await insert('A');
    const first = await save();
    await insert('B');
    const second = await save();
    await insert('C');
    expect(await revert('revertTransactionToSavepoint', first)).not.toHaveProperty('result');
    expect(await inside()).toEqual(['A']);
    expect((await revert('revertTransactionToSavepoint', second)).errorCode).not.toBe(0);
    await insert('D');
    expect((await revert('revertToTransactionSavepoint', first)).errorCode).toBe(0);
    expect(await inside()).toEqual(['A']);
    expect((await revert('revertTransactionToSavePoint', empty)).errorCode).toBe(0);
    expect(await inside()).toEqual([]);
    await insert('E');
    await end('commitTransaction');
    expect(await codes()).toEqual(['E']);
  });

  it('can be where a commit ends', async () => {
    const { insert, end, codes } = await withTransaction();
    await insert('A');
    const { transactionSavepointId } = (await end('createTransactionSavepoint')).result;
    await insert('B');
    expect((await end('commitTransaction', { transactionSavepointId })).errorCode).toBe(0);
    expect(await codes()).toEqual(['A']);
  });

  it('are void after SQL in the transaction', async () => {
    const { client, insert, end, transactionId } = await withTransaction();
    await insert('A');
    const { transactionSavepointId } = (await end('createTransactionSavepoint')).result;
    await client.ok('getRecordsUsingSQL', { sql: 'SELECT * FROM shipment', transactionId });
    expect((await end('revertTransactionToSavepoint', { transactionSavepointId })).errorCode).not.toBe(0);
  });
});

describe('writers', () => {
  it('wait in line for the transaction that wrote first', async () => {
    const { insert, end, other, codes } = await withTransaction();
    await insert('A');
    const order: string[] = [];
    const waiting = other
      .code('insertRecords', { tableName: 'shipment', sourceData: [{ code: 'B' }] })
      .then((code) => order.push(`insert ${code}`));
    expect((await other.ok('getRecordsByTable', { tableName: 'shipment' })).data).toEqual([]);
    order.push('commit');
    await end('commitTransaction');
    await waiting;
    expect(order).toEqual(['commit', 'insert 0']);
    expect(await codes()).toEqual(['A', 'B']);
  });

  it('give up with code 42 when that takes too long, and lose nothing but the wait', async () => {
    const { simulator, insert, other, end, codes } = await withTransaction();
    await simulator.switches.setLockTimeout?.({ milliseconds: 20 });
    await insert('A');
    const params = { tableName: 'shipment', sourceData: [{ code: 'B' }] };
    const { transactionId } = await other.ok('createTransaction', {});
    expect(await other.code('insertRecords', params)).toBe(42);
    expect(await other.code('insertRecords', { ...params, transactionId })).toBe(42);
    await end('rollbackTransaction');
    expect(await other.code('insertRecords', { ...params, transactionId })).toBe(0);
    await other.ok('commitTransaction', { transactionId });
    expect(await codes()).toEqual(['B']);
  });

  it('that wait when the server restarts get no lock afterwards', async () => {
    const { simulator, insert, other } = await withTransaction();
    await insert('A');
    const waiting = other.code('insertRecords', { tableName: 'shipment', sourceData: [{ code: 'B' }] });
    const lost = expect(waiting).rejects.toThrow();
    await vi.waitFor(() => expect(simulator.requests.all().at(-1)).toMatchObject({ status: undefined }));
    await simulator.restart();
    await lost;
    const again = await signIn(simulator);
    expect((await again.ok('getRecordsByTable', { tableName: 'shipment' })).data).toEqual([]);
  });

  it('of one transaction may come at the same time', async () => {
    const { insert, inside, end, codes } = await withTransaction();
    await Promise.all([insert('A'), insert('B'), insert('C')]);
    expect((await inside()).toSorted()).toEqual(['A', 'B', 'C']);
    await end('rollbackTransaction');
    expect(await codes()).toEqual([]);
  });
});
