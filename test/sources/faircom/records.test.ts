import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FairComRecord, type FairComTable, RecordsChangedError } from '../../../src/sources/faircom/types.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { openClient, startOddFairCom, tableOf } from './odd-faircom.ts';
import { describe as describeTable, operationOf, startWarehouse, type Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
let source: ReturnType<Warehouse['open']>;
let number = 0;
let table: FairComTable;
beforeAll(async () => {
  warehouse = await startWarehouse();
  source = warehouse.open();
});
afterAll(() => warehouse.close());
beforeEach(async () => {
  number += 1;
  const fields = [
    { name: 'code', type: 'varchar', length: 40, nullable: false },
    { name: 'bytes', type: 'bigint' },
    { name: 'rate', type: 'number', length: 30, scale: 4 },
    { name: 'sent', type: 'timestamp' },
    { name: 'ok', type: 'bit' },
    { name: 'meta', type: 'json' },
    { name: 'digest', type: 'varbinary', length: 64 },
  ];
  const tableName = `shipment${number}`;
  await warehouse.createTable({ tableName, fields }, [
    { indexName: 'by_code', fields: [{ name: 'code' }], unique: true },
  ]);
  table = await describeTable(source, tableName);
});

const client = () => operationOf(source).client;

async function insert(...codes: string[]): Promise<FairComRecord[]> {
  const stored = await client().insertRecords(
    table,
    codes.map((code) => ({ code })),
  );
  return stored.flatMap((record) => (record instanceof SourceError ? [] : [record]));
}

async function one(code = 'A'): Promise<FairComRecord> {
  const [record] = await insert(code);
  if (!record) throw new Error('nothing was stored');
  return record;
}

const codes = async () =>
  (await client().getRecordsByTable(table, 100)).map((record) => 'values' in record && record.values.code);

describe('inserting', () => {
  test('gives the records as stored, with what the server filled in, and no digit lost', async () => {
    const values = {
      code: 'A "1"',
      bytes: '9223372036854775807',
      rate: '12345678901234567890.1234',
      sent: '2026-01-05T17:35:20.5',
      ok: true,
      meta: { deep: [1, { two: null }] },
      digest: '00FF',
    };
    const [record] = await client().insertRecords(table, [values]);
    const stored = { ...values, id: '1', sent: '2026-01-05T17:35:20.500', digest: '00ff' };
    expect(record).toMatchObject({ id: '1', key: { id: '1' }, values: stored });
    expect(record).toMatchObject({ changeId: expect.stringMatching(/^\d+$/) });
    expect(await client().getRecordsByIds(table, ['1'])).toEqual([record]);
  });

  test('takes field names in any case', async () => {
    const [record] = await client().insertRecords(table, [{ CODE: 'A', Bytes: 5 }]);
    expect(record).toMatchObject({ values: { code: 'A', bytes: '5' } });
  });

  test('stores all or none, and calls a doubled key a conflict', async () => {
    await insert('A');
    const doubled = client().insertRecords(table, [{ code: 'B' }, { code: 'A' }]);
    await expect(doubled).rejects.toMatchObject({ code: 'CONFLICT', vendorCode: '2' });
    expect(await codes()).toEqual(['A']);
  });

  test('is refused for unknown fields, rounded numbers and values that do not fit', async () => {
    const attempts = [{ code: 'A', kode: 'x' }, { code: 'A', bytes: 2 ** 60 }, { code: 'A', bytes: 'many' }, {}];
    for (const values of attempts) {
      await expect(client().insertRecords(table, [values])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    expect(await codes()).toEqual([]);
  });

  test('is never repeated when its answer was lost: it may have been stored', async () => {
    await codes();
    warehouse.simulator.faults.add({ kind: 'dropAfter', times: 1 });
    await expect(insert('A')).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(await codes()).toEqual(['A']);
  });

  test('does not take an answer without the records for a success', async () => {
    const server = await startOddFairCom(({ action }) =>
      action === 'insertRecords' ? { result: { data: [] } } : undefined,
    );
    const inserting = openClient(server.url).insertRecords(tableOf({ code: 'varchar' }), [{ code: 'A' }]);
    await expect(inserting).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });
});

describe('updating', () => {
  test('changes the given fields only, and gives a new change id', async () => {
    const before = await one();
    const [after] = await client().updateRecords(table, [
      { key: '1', changeId: before.changeId, values: { ok: false } },
    ]);
    expect(after).toMatchObject({ id: '1', values: { code: 'A', ok: false } });
    expect((after as FairComRecord).changeId).not.toBe(before.changeId);
  });

  test('is a conflict when somebody changed the record meanwhile, and shows it as it is now', async () => {
    const read = await one();
    const [now] = await client().updateRecords(table, [{ key: '1', changeId: read.changeId, values: { bytes: 1 } }]);
    const late = client().updateRecords(table, [{ key: { id: 1 }, changeId: read.changeId, values: { bytes: 2 } }]);
    const error = await late.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RecordsChangedError);
    expect(error).toMatchObject({ code: 'CONFLICT', retryable: false, current: [now] });
    expect(await client().getRecordsByIds(table, ['1'])).toEqual([now]);
  });

  test('is all or none: the conflict of one record keeps the others as they were', async () => {
    const [first, second] = await insert('A', 'B');
    const change = (record: FairComRecord | undefined, code: string) => ({
      key: record?.id ?? '',
      changeId: record?.changeId,
      values: { code },
    });
    await client().updateRecords(table, [change(second, 'B2')]);
    const late = client().updateRecords(table, [change(first, 'A2'), change(second, 'B3')]);
    await expect(late).rejects.toMatchObject({ current: [{ id: '2', values: { code: 'B2' } }] });
    expect(await codes()).toEqual(['A', 'B2']);
  });

  test('is NOT_FOUND when the record is gone', async () => {
    const read = await one();
    await client().deleteRecords(table, ['1']);
    const late = client().updateRecords(table, [{ key: '1', changeId: read.changeId, values: { code: 'B' } }]);
    await expect(late).rejects.toMatchObject({ code: 'NOT_FOUND', retryable: false });
  });

  test('keeps the server’s own refusal when the record is as it was read', async () => {
    const [first] = await insert('A', 'B');
    const update = (values: object) =>
      client().updateRecords(table, [{ key: '1', changeId: first?.changeId, values: { ...values } }]);
    await expect(update({ bytes: 'many' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      vendorCode: expect.any(String),
    });
    await expect(update({ code: 'B' })).rejects.toMatchObject({ code: 'CONFLICT', vendorCode: '2' });
    await expect(update({ code: 'B' })).rejects.not.toBeInstanceOf(RecordsChangedError);
  });

  test('needs the change id, and changes neither it nor the key', async () => {
    const { changeId } = await one();
    const attempts = [
      { key: '1', values: { code: 'B' } },
      { key: '1', changeId, values: { id: '2' } },
      { key: '1', changeId, values: { CHANGEID: '2' } },
      { key: 'one', changeId, values: { code: 'B' } },
      { key: {}, changeId, values: { code: 'B' } },
    ];
    for (const change of attempts) {
      await expect(client().updateRecords(table, [change])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    expect(await codes()).toEqual(['A']);
  });

  test('reads the records again when the answer does not hold them whole', async () => {
    const row = { id: '1', changeId: '8', code: 'B' };
    const server = await startOddFairCom(({ action }) => {
      if (action === 'updateRecords') return { result: { data: [{ id: '1', code: 'B' }] } };
      return action === 'getRecordsByIds' ? { result: { data: [row] } } : undefined;
    });
    const change = { key: '1', changeId: '7', values: { code: 'B' } };
    const updated = await openClient(server.url).updateRecords(tableOf({ code: 'varchar' }), [change]);
    expect(updated).toMatchObject([{ changeId: '8', values: row }]);
  });

  test('works without a change id on a table that has none', async () => {
    const server = await startOddFairCom(({ action }) =>
      action === 'updateRecords' ? { result: { data: [{ id: '1', code: 'B' }] } } : undefined,
    );
    const { fields, ...rest } = tableOf({ code: 'varchar' });
    const plain = { ...rest, changeIdField: undefined, fields: fields.filter(({ name }) => name !== 'changeId') };
    await openClient(server.url).updateRecords(plain, [{ key: '1', values: { code: 'B' } }]);
    expect(server.actions.at(-1)?.params).toMatchObject({
      ignoreChangeIdProtection: true,
      sourceData: [{ id: '1', code: 'B' }],
    });
    const given = openClient(server.url).updateRecords(plain, [{ key: '1', changeId: '5', values: { code: 'B' } }]);
    await expect(given).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('deleting', () => {
  test('gives the records as they were; keys that are not there are no error', async () => {
    await insert('A', 'B', 'C');
    const { count, records } = await client().deleteRecords(table, ['1', '77', { id: 3 }]);
    expect(count).toBe(2);
    expect(records).toMatchObject([
      { id: '1', values: { code: 'A' } },
      { id: '3', values: { code: 'C' } },
    ]);
    expect(await codes()).toEqual(['B']);
  });
});

describe('records with a key of several fields', () => {
  let lines: FairComTable;
  beforeEach(async () => {
    const tableName = `line${number}`;
    const fields = [
      { name: 'order', type: 'varchar', length: 9, nullable: false },
      { name: 'place', type: 'smallint', nullable: false },
      { name: 'text', type: 'varchar', length: 20 },
    ];
    await warehouse.createTable({ tableName, fields, primaryKeyFields: ['order', 'place'] });
    lines = await describeTable(source, tableName);
    const rows = [
      ['A', 1],
      ['A', 2],
      ['B', 1],
    ] as const;
    await client().insertRecords(
      lines,
      rows.map(([order, place]) => ({ order, place, text: `${order}${place}` })),
    );
  });

  test('are read, changed and deleted by it', async () => {
    const keys = [
      { order: 'B', place: 1 },
      { PLACE: '2', order: 'A' },
    ];
    const [b1, a2] = await client().getRecordsByIds(lines, keys);
    expect([b1, a2]).toMatchObject([
      { id: undefined, key: { order: 'B', place: 1 }, values: { text: 'B1' } },
      { key: { order: 'A', place: 2 }, values: { text: 'A2' } },
    ]);
    const { changeId } = b1 as FairComRecord;
    await client().updateRecords(lines, [{ key: { order: 'B', place: 1 }, changeId, values: { text: 'new' } }]);
    expect(await client().getRecordsByIds(lines, keys)).toMatchObject([{ values: { text: 'new' } }, {}]);
    expect(await client().deleteRecords(lines, keys)).toMatchObject({ count: 2 });
    expect(await client().countRecords(lines)).toBe(1);
  });

  test('cannot be named by a part of it', async () => {
    for (const key of ['A', { order: 'A' }, { order: 'A', place: 'x' }]) {
      await expect(client().getRecordsByIds(lines, [key])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
  });
});

describe('counting', () => {
  test('counts what meets the filter', async () => {
    await insert('A', 'B', 'C');
    expect(await client().countRecords(table)).toBe(3);
    expect(await client().countRecords(table, { field: 'code', operator: 'GE', value: 'B' })).toBe(2);
  });

  test('says nothing when the server does not count', async () => {
    const server = await startOddFairCom(({ action }) =>
      action === 'getRecordsByTable' ? { result: { data: [], totalRecordCount: -1 } } : undefined,
    );
    expect(await openClient(server.url).countRecords(tableOf({}))).toBeUndefined();
  });
});
