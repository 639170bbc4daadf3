import { describe, expect, it } from 'vitest';
import type { FairComSimulator } from '../../../simulators/faircom/faircom-simulator.ts';
import { type Client, post, type Row, signIn, startSimulator, withShipments } from './harness.ts';

async function flip(simulator: FairComSimulator, name: string, parameters: Row = {}): Promise<number> {
  const url = `${simulator.controlUrl}/switches/${name}`;
  return (await fetch(url, { method: 'POST', body: JSON.stringify(parameters) })).status;
}

const ping = { api: 'admin', action: 'pingSession' };

describe('the switches', () => {
  it('restart loses sessions, cursors and open transactions, and keeps records and ports', async () => {
    const { simulator, client, insert } = await withShipments();
    await insert({ code: 'kept' });
    const { transactionId } = await client.ok('createTransaction', {});
    const lost = { tableName: 'shipment', transactionId, sourceData: [{ code: 'lost' }] };
    await client.ok('insertRecords', lost);
    const urls = [simulator.url, simulator.plainUrl];
    expect(await flip(simulator, 'restart')).toBe(204);
    expect([simulator.url, simulator.plainUrl]).toEqual(urls);
    expect(await client.code('listTables', {})).toBe(12031);
    const again = await signIn(simulator);
    expect((await again.ok('getRecordsByTable', { tableName: 'shipment' })).data).toMatchObject([{ code: 'kept' }]);
    expect((await again.ok('insertRecords', { ...lost, transactionId: null })).data).toHaveLength(1);
  });

  it('expireSessions ends sessions in the middle of their transactions', async () => {
    const { simulator, client, codes } = await withShipments();
    const { transactionId } = await client.ok('createTransaction', {});
    await client.ok('insertRecords', { tableName: 'shipment', transactionId, sourceData: [{ code: 'A' }] });
    expect(await flip(simulator, 'expireSessions')).toBe(200);
    expect(await client.code('commitTransaction', { transactionId })).toBe(12031);
    await expect(codes()).rejects.toThrow('12031');
    const again = await signIn(simulator);
    expect((await again.ok('getRecordsByTable', { tableName: 'shipment' })).data).toEqual([]);
  });

  it('oldExpiryCode answers 60031 for lost sessions', async () => {
    const simulator = await startSimulator();
    await flip(simulator, 'oldExpiryCode', { enabled: true });
    expect((await post(simulator, { ...ping, authToken: 'gone' })).json.errorCode).toBe(60031);
  });

  it('setIdleTimeout and advanceClock let living and new sessions expire', async () => {
    const simulator = await startSimulator();
    const living = await signIn(simulator);
    await flip(simulator, 'setIdleTimeout', { seconds: 5 });
    const fresh = await signIn(simulator);
    await flip(simulator, 'advanceClock', { milliseconds: 6_000 });
    expect(await living.code('listTables', {})).toBe(12031);
    expect(await fresh.code('listTables', {})).toBe(12031);
  });

  it('httpErrors sends application errors with HTTP 400 and the same envelope', async () => {
    const simulator = await startSimulator();
    const bad = { ...ping, requestId: 1, authToken: 'gone' };
    const before = await post(simulator, bad);
    await flip(simulator, 'httpErrors', { enabled: true });
    const after = await post(simulator, bad);
    expect([before.status, after.status]).toEqual([200, 400]);
    expect(after.json).toEqual(before.json);
    expect((await post(simulator, ping)).status).toBe(200);
  });

  it('serviceInactive answers so many requests with 12048, and does not run them', async () => {
    const { simulator, client, insert, codes } = await withShipments();
    await flip(simulator, 'serviceInactive', { times: 2 });
    await expect(insert({ code: 'A' })).rejects.toThrow('12048');
    expect(await client.code('listTables', {})).toBe(12048);
    expect(await codes()).toEqual([]);
  });

  it('refuse parameters that make no sense', async () => {
    const simulator = await startSimulator();
    expect(await flip(simulator, 'advanceClock', { milliseconds: 'soon' })).toBe(400);
    expect(await flip(simulator, 'httpErrors', { enabled: 1 })).toBe(400);
    expect(await flip(simulator, 'unknown')).toBe(404);
  });

  it('come beside the fault rules and the request log of every simulator', async () => {
    const { simulator, client } = await withShipments();
    simulator.faults.add({ kind: 'truncate', times: 1 });
    await expect(client.call('listTables', {})).rejects.toThrow();
    simulator.requests.clear();
    await client.ok('listTables', {});
    expect(simulator.requests.all()).toEqual([{ method: 'POST', path: '/api', url: '/api', status: 200 }]);
  });
});

describe('the seed', () => {
  const count = async (client: Client, tableName: string) =>
    (await client.ok('getRecordsByTable', { tableName, maxRecords: 0, forceRecordCount: true })).totalRecordCount;

  it('makes three tables of admin with 10,000 records, some of them beyond JavaScript’s numbers', async () => {
    const client = await signIn(await startSimulator({ seed: true }));
    const { data } = await client.ok('listTables', {});
    const names = data.map(({ tableName }) => String(tableName));
    expect(names).toEqual(['asset', 'delivery_receipt', 'shipment']);
    const counts = await Promise.all(names.map((name) => count(client, name)));
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(10_000);
    const tableFilter = 'bytes > 9007199254740992';
    const large = await client.ok('getRecordsByTable', { tableName: 'shipment', tableFilter, forceRecordCount: true });
    expect(large.totalRecordCount).toBe(600);
    const receipts = await client.ok('getRecordsByIndex', { tableName: 'delivery_receipt', indexName: 'receipt_open' });
    expect(receipts.data.every(({ confirmed }) => confirmed === false)).toBe(true);
  });

  it('is the same at every start, and stays as it is in a folder that has it', async () => {
    const simulator = await startSimulator({ seed: true });
    const read = async (client: Client) =>
      (await client.ok('getRecordsByIndex', { tableName: 'asset', indexName: 'asset_name', skipRecords: 900 })).data;
    const first = await signIn(simulator);
    const before = await read(first);
    await first.ok('deleteRecords', { tableName: 'shipment', ids: [1] });
    await simulator.restart();
    const second = await signIn(simulator);
    expect(await read(second)).toEqual(before);
    expect(await count(second, 'shipment')).toBe(5_999);
    const third = await signIn(await startSimulator({ seed: true }));
    expect(await read(third)).toEqual(before);
  });
});
