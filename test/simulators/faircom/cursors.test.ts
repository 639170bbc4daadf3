import { describe, expect, it } from 'vitest';
import type { FairComSimulatorOptions } from '../../../simulators/faircom/faircom-simulator.ts';
import { createClock } from '../../../simulators/kit/clock.ts';
import { type Row, signIn, withShipments } from './harness.ts';

async function withCursor(params: Row = {}, options: Partial<FairComSimulatorOptions> = {}) {
  const shipments = await withShipments(options);
  await shipments.insert(...'abcdefg'.split('').map((code) => ({ code, ok: code !== 'c' })));
  const { client } = shipments;
  const opened = await client.ok('getRecordsByIndex', {
    tableName: 'shipment',
    indexName: 'by_code',
    returnCursor: true,
    ...params,
  });
  const { cursorId } = opened;
  const fetchRaw = (fetch: Row, rest?: Row) => client.call('getRecordsFromCursor', { cursorId, ...fetch }, rest);
  const fetch = async (position: Row) => (await fetchRaw(position)).result.data.map(({ code }) => code).join('');
  return { ...shipments, opened, cursorId, fetch, fetchRaw };
}

describe('a cursor', () => {
  it('is returned instead of rows, counted only when forced', async () => {
    const { opened, client } = await withCursor();
    expect(opened).toEqual({ cursorId: expect.stringMatching(/^[A-Za-z0-9]{64}$/), totalRecordCount: -1 });
    const counted = { tableName: 'shipment', indexName: 'by_code', returnCursor: true, forceRecordCount: true };
    expect(await client.ok('getRecordsByIndex', counted)).toMatchObject({ totalRecordCount: 7 });
  });

  it('remembers its position and moves forwards and backwards', async () => {
    const { fetch } = await withCursor();
    expect(await fetch({ fetchRecords: 2 })).toBe('ab');
    expect(await fetch({ startFrom: 'currentPosition', fetchRecords: 2 })).toBe('cd');
    expect(await fetch({ fetchRecords: -3 })).toBe('dcb');
    expect(await fetch({ skipRecords: 2, fetchRecords: 1 })).toBe('d');
    expect(await fetch({ startFrom: 'afterLastRecord', fetchRecords: -2 })).toBe('gf');
    expect(await fetch({ startFrom: 'afterLastRecord', skipRecords: -3, fetchRecords: 5 })).toBe('efg');
    expect(await fetch({ startFrom: 'beforeFirstRecord', fetchRecords: 20 })).toBe('abcdefg');
    expect(await fetch({ fetchRecords: 1 })).toBe('');
  });

  it('positions on an id or a bookmark', async () => {
    const { client, fetch } = await withCursor();
    expect(await fetch({ id: '3', fetchRecords: 2 })).toBe('cd');
    const responseOptions = { includeBookmarks: true };
    const { data } = await client.ok('getRecordsByIds', { tableName: 'shipment', ids: [6] }, { responseOptions });
    expect(await fetch({ bookmark: data[0]?._bookmark_, fetchRecords: 1 })).toBe('f');
  });

  it('says that there are more records after a full page, even at the end', async () => {
    const { fetchRaw } = await withCursor();
    expect((await fetchRaw({ fetchRecords: 7 })).result).toMatchObject({ moreRecords: true, returnedRecordCount: 7 });
    expect((await fetchRaw({ fetchRecords: 7 })).result).toMatchObject({ moreRecords: false, data: [] });
  });

  it('applies filter and order of its read, and the formats of the fetch over those of the read', async () => {
    const { client, insert } = await withShipments();
    await insert({ code: 'a', ok: true }, { code: 'b' }, { code: 'c', ok: true });
    const params = { tableName: 'shipment', indexName: 'by_code', tableFilter: 'ok == 1', reverseOrder: true };
    const responseOptions = { dataFormat: 'arrays', numberFormat: 'string', includeFields: ['id', 'code'] };
    const { cursorId } = await client.ok('getRecordsByIndex', { ...params, returnCursor: true }, { responseOptions });
    const fetch = (rest: Row) => client.ok('getRecordsFromCursor', { cursorId, startFrom: 'beforeFirstRecord' }, rest);
    expect((await fetch({ responseOptions: {} })).data).toEqual([
      ['3', 'c'],
      ['1', 'a'],
    ]);
    const objects = await fetch({ responseOptions: { dataFormat: 'objects', numberFormat: 'number' } });
    expect(objects.data).toEqual([
      { id: 3, code: 'c' },
      { id: 1, code: 'a' },
    ]);
  });

  it('skips records that were deleted since it was opened', async () => {
    const { client, fetch } = await withCursor();
    await client.ok('deleteRecords', { tableName: 'shipment', ids: [2] });
    expect(await fetch({ fetchRecords: 3 })).toBe('ac');
  });

  it('over a table of variable length in table order only goes forward', async () => {
    const { client } = await withCursor();
    const { cursorId } = await client.ok('getRecordsByTable', { tableName: 'shipment', returnCursor: true });
    const fetch = (params: Row) => client.code('getRecordsFromCursor', { cursorId, ...params });
    expect(await fetch({ startFrom: 'beforeFirstRecord', fetchRecords: 2 })).toBe(0);
    expect(await fetch({ fetchRecords: -1 })).not.toBe(0);
    expect(await fetch({ skipRecords: -1, fetchRecords: 1 })).not.toBe(0);
    expect(await fetch({ fetchRecords: 2 })).toBe(0);
  });

  it('belongs to its session and ends with it, with closeCursor, and with its table', async () => {
    const { simulator, client, cursorId } = await withCursor();
    const other = await signIn(simulator);
    expect(await other.code('getRecordsFromCursor', { cursorId })).not.toBe(0);
    expect(await client.code('closeCursor', { cursorId })).toBe(0);
    expect(await client.code('closeCursor', { cursorId })).not.toBe(0);
    expect(await client.code('closeCursor', { cursorId: null })).toBe(12025);
    const { cursorId: onTable } = await client.ok('getRecordsByTable', { tableName: 'shipment', returnCursor: true });
    await client.ok('deleteTables', { tableNames: ['shipment'] });
    expect(await client.code('getRecordsFromCursor', { cursorId: onTable })).not.toBe(0);
  });

  it('closes after its idle time, which every fetch begins anew', async () => {
    const clock = createClock();
    const { fetchRaw } = await withCursor({}, { clock });
    clock.advance(400_000);
    expect((await fetchRaw({ fetchRecords: 1 })).errorCode).toBe(0);
    clock.advance(400_000);
    expect((await fetchRaw({ fetchRecords: 1 })).errorCode).toBe(0);
    clock.advance(601_000);
    expect((await fetchRaw({ fetchRecords: 1 })).errorCode).not.toBe(0);
  });
});
