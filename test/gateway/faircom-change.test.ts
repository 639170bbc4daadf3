import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTable, elsewhere, shipments } from '../helpers/faircom-tables.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const example = readExample('faircom-change-records');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const { faircom } = stack.simulators;
  await createTable(faircom, shipments);
  await createTable(faircom, {
    tableName: 'receipt',
    primaryKeyFields: ['number'],
    fields: [
      { name: 'number', type: 'varchar', length: 16, nullable: false },
      { name: 'cost', type: 'money', length: 12, scale: 2 },
    ],
  });
});
afterAll(() => stack?.stop());

interface Changed {
  readonly message?: string;
  readonly code?: string;
  readonly deletedCount?: number;
  readonly records?: readonly StoredRecord[];
  readonly current?: readonly StoredRecord[];
}
interface StoredRecord {
  readonly recordId: string;
  readonly changeId: string;
  readonly values: Record<string, unknown>;
}

async function run(operation: string, variables: object): Promise<Changed> {
  const data = await stack.everything.data<Record<string, Changed>>(
    example,
    { tableName: 'shipment', ...variables },
    operation,
  );
  return Object.values(data)[0] ?? {};
}

let numbers = 0;
async function insertOne(values: object = {}): Promise<StoredRecord> {
  numbers += 1;
  const { records } = await run('InsertRecords', { records: [{ code: `N-${numbers}`, state: 'queued', ...values }] });
  if (!records?.[0]) throw new Error('nothing was stored');
  return records[0];
}

const rows = (field: string, value: string, tableName = 'shipment') =>
  elsewhere(stack.simulators.faircom, 'getRecordsByTable', {
    tableName,
    tableFilter: `strcmp(${field}, "${value}") == 0`,
  });

/** A mutation that names its input, with everything that can come back. */
const mutate = async (name: string, input: object): Promise<Changed & { readonly __typename: string }> => {
  const pascal = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const query = `mutation ($input: ${pascal}Input!) { result: ${name}(input: $input) { __typename
    ... on ${pascal}Success { records { recordId changeId key values } }
    ... on Error { message code source retryable }
  } }`;
  return (await stack.everything.data<{ result: Changed & { __typename: string } }>(query, { input })).result;
};

describe('insertRecords', () => {
  it('stores all records and gives what the server has filled in', async () => {
    const { records } = await run('InsertRecords', {
      records: [
        {
          code: 'I-1',
          state: 'queued',
          bytes: '9223372036854775807',
          rate: '0.1234',
          sent: '2026-01-05T10:00:00',
          ok: true,
          meta: { a: [1, null] },
        },
        { code: 'I-2 "quoted" \\ 東京', state: 'queued', bytes: 12, meta: 'text' },
      ],
    });
    expect(records?.map(({ values }) => values)).toMatchObject([
      {
        code: 'I-1',
        bytes: '9223372036854775807',
        rate: '0.1234',
        sent: '2026-01-05T10:00:00.000',
        ok: true,
        meta: { a: [1, null] },
      },
      { code: 'I-2 "quoted" \\ 東京', bytes: '12', meta: 'text', title: null },
    ]);
    expect(records?.every(({ recordId, changeId }) => /^\d+$/.test(recordId) && /^\d+$/.test(changeId))).toBe(true);
    const again = await stack.everything.data(
      'query ($id: String!) { faircom { record(tableName: "shipment", recordId: $id) { value(field: "bytes") } } }',
      { id: records?.[0]?.recordId },
    );
    expect(again).toEqual({ faircom: { record: { value: '9223372036854775807' } } });
  });

  it('stores none of them when one has a key that is there already', async () => {
    await mutate('insertRecords', { tableName: 'receipt', records: [{ number: 'R-1', cost: '12.50' }] });
    const records = [{ number: 'R-2' }, { number: 'R-1' }];
    const result = await mutate('insertRecords', { tableName: 'receipt', records });
    expect(result).toMatchObject({ __typename: 'ConflictError', code: 'CONFLICT', source: 'records' });
    expect(await rows('number', 'R-2', 'receipt')).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    ['a table that is not there', { tableName: 'nothing', records: [{}] }, 'NotFoundError', 'no table "nothing"'],
    [
      'a field that is not there',
      { records: [{ code: 'x', state: 'y', weight: 1 }] },
      'InvalidInputError',
      'no field "weight"',
    ],
    [
      'a number that has been rounded',
      { records: [{ code: 'x', state: 'y', bytes: 2 ** 60 }] },
      'InvalidInputError',
      '"bytes" needs its value as text',
    ],
    ['a missing value', { records: [{ code: 'x' }] }, 'InvalidInputError', 'state'],
    ['no records', { records: [] }, 'InvalidInputError', 'at least one record'],
    ['a record that is none', { records: ['S-1'] }, 'InvalidInputError', 'must be an object'],
    [
      'a source that is not there',
      { source: 'attic', records: [{}] },
      'InvalidInputError',
      'no faircom source named "attic"',
    ],
  ])('refuses %s', async (_what, input, type, reason) => {
    const result = await mutate('insertRecords', { tableName: 'shipment', ...input });
    expect(result).toMatchObject({ __typename: type, message: expect.stringContaining(reason) });
  });
});

describe('updateRecords', () => {
  it('changes the named fields and gives a new change id', async () => {
    const { recordId, changeId } = await insertOne({ title: 'Harbour', bytes: '7' });
    const values = { state: 'sending', bytes: '9007199254740993', sent: null };
    const { records } = await run('UpdateRecord', { recordId, changeId, values });
    expect(records).toMatchObject([{ values: { ...values, title: 'Harbour' } }]);
    expect(BigInt(records?.[0]?.changeId ?? 0)).toBeGreaterThan(BigInt(changeId));
  });

  it('stores nothing when somebody was faster, and hands over the record as it is now', async () => {
    const { recordId, changeId } = await insertOne();
    const theirs = [{ id: recordId, changeId, state: 'theirs' }];
    await elsewhere(stack.simulators.faircom, 'updateRecords', { tableName: 'shipment', sourceData: theirs });
    const { message, current } = await run('UpdateRecord', { recordId, changeId, values: { state: 'mine' } });
    expect(message).toBe('The record was changed in records since it was read. Nothing was stored.');
    expect(current).toMatchObject([{ values: { id: recordId, state: 'theirs' } }]);
    const retried = await run('UpdateRecord', {
      recordId,
      changeId: current?.[0]?.changeId,
      values: { state: 'mine' },
    });
    expect(retried.records).toMatchObject([{ values: { state: 'mine' } }]);
  });

  it('stores nothing at all when one of several was changed', async () => {
    const [one, two] = [await insertOne({ title: 'one' }), await insertOne({ title: 'two' })];
    await run('UpdateRecord', { recordId: two.recordId, changeId: two.changeId, values: { title: 'newer' } });
    const items = [one, two].map(({ recordId, changeId }) => ({
      key: { id: recordId },
      changeId,
      values: { title: 'mine' },
    }));
    const query = `mutation ($input: UpdateRecordsInput!) { updateRecords(input: $input) {
      ... on RecordConflictError { code source retryable current { recordId value(field: "title") } }
    } }`;
    const data = await stack.everything.data(query, { input: { tableName: 'shipment', items } });
    const current = [{ recordId: two.recordId, value: 'newer' }];
    expect(data).toEqual({ updateRecords: { code: 'CONFLICT', source: 'records', retryable: false, current } });
    expect(await rows('title', 'mine')).toEqual([]);
  });

  it('lets exactly one of many win who change a record at once', async () => {
    const { recordId, changeId } = await insertOne();
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, number) =>
        run('UpdateRecord', { recordId, changeId, values: { title: `w${number}` } }),
      ),
    );
    const winner = results.filter(({ records }) => records);
    expect(winner).toHaveLength(1);
    const title = winner[0]?.records?.[0]?.values.title;
    const losers = results.flatMap(({ current = [] }) => current.map(({ values }) => values.title));
    expect(losers).toEqual(Array.from({ length: 7 }, () => title));
  });

  it('shows what was read in the same operation as it is after the change', async () => {
    const { recordId, changeId } = await insertOne({ title: 'before' });
    const titles = `records { table { record(recordId: "${recordId}") { value(field: "title") } } }`;
    const query = `mutation ($first: UpdateRecordsInput!, $values: JSON!) {
      first: updateRecords(input: $first) { ... on UpdateRecordsSuccess { ${titles} } }
      second: deleteRecords(input: { tableName: "shipment", recordIds: ["${recordId}"] }) { ... on DeleteRecordsSuccess { deletedCount ${titles} } }
      third: insertRecords(input: { tableName: "shipment", records: [$values] }) { __typename }
    }`;
    const first = { tableName: 'shipment', items: [{ recordId, changeId, values: { title: 'after' } }] };
    const data = await stack.everything.data(query, { first, values: { code: `again-${recordId}`, state: 'queued' } });
    expect(data).toEqual({
      first: { records: [{ table: { record: { value: 'after' } } }] },
      second: { deletedCount: 1, records: [{ table: { record: null } }] },
      third: { __typename: 'InsertRecordsSuccess' },
    });
  });

  it.each<[string, object, string, string]>([
    ['a record that is not there', { recordId: '4711', changeId: '1', values: {} }, 'NotFoundError', 'no longer there'],
    [
      'a change without its change id',
      { recordId: '1', values: { title: 'x' } },
      'InvalidInputError',
      'needs the change id',
    ],
    ['a new key', { recordId: '1', changeId: '1', values: { ID: 2 } }, 'InvalidInputError', '"id" cannot be changed'],
    ['two ways to name a record', { recordId: '1', key: 1, changeId: '1', values: {} }, 'InvalidInputError', 'either'],
    ['no record', { changeId: '1', values: {} }, 'InvalidInputError', 'either `recordId` or `key`'],
    ['values that are none', { recordId: '1', changeId: '1', values: [] }, 'InvalidInputError', 'must be an object'],
  ])('refuses %s', async (_what, item, type, reason) => {
    const result = await mutate('updateRecords', { tableName: 'shipment', items: [item] });
    expect(result).toMatchObject({ __typename: type, message: expect.stringContaining(reason) });
  });

  it('finds records of tables with other keys', async () => {
    const inserted = await mutate('insertRecords', {
      tableName: 'receipt',
      records: [{ number: 'R-9', cost: '1.25' }],
    });
    const changeId = inserted.records?.[0]?.changeId;
    const items = [{ key: 'R-9', changeId, values: { cost: '2.50' } }];
    const updated = await mutate('updateRecords', { tableName: 'receipt', items });
    expect(updated.records).toMatchObject([{ recordId: null, key: { number: 'R-9' }, values: { cost: '2.5' } }]);
  });
});

describe('deleteRecords', () => {
  it('says how many have gone, and what they were', async () => {
    const [one, two] = [await insertOne({ title: 'one' }), await insertOne({ title: 'two' })];
    const input = { tableName: 'shipment', recordIds: [one.recordId, '4711'], keys: [{ id: two.recordId }] };
    const query = `mutation ($input: DeleteRecordsInput!) { deleteRecords(input: $input) {
      ... on DeleteRecordsSuccess { deletedCount records { recordId title: value(field: "title") } }
    } }`;
    const expected = [
      { recordId: one.recordId, title: 'one' },
      { recordId: two.recordId, title: 'two' },
    ];
    expect(await stack.everything.data(query, { input })).toEqual({
      deleteRecords: { deletedCount: 2, records: expected },
    });
    expect((await run('DeleteRecords', { recordIds: [one.recordId] })).deletedCount).toBe(0);
  });

  it('deletes what somebody has changed since: the server has no protection there', async () => {
    const { recordId, changeId } = await insertOne();
    await run('UpdateRecord', { recordId, changeId, values: { title: 'newer' } });
    expect((await run('DeleteRecords', { recordIds: [recordId] })).deletedCount).toBe(1);
  });

  it.each<[string, object, string]>([
    ['no record', {}, 'at least one record'],
    ['a key that is none', { keys: [['R-1']] }, 'value of the key’s field'],
    ['an id that is none', { recordIds: ['first'] }, 'needs a valid value of "id"'],
  ])('refuses %s', async (_what, input, reason) => {
    const result = await mutate('deleteRecords', { tableName: 'shipment', ...input });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', message: expect.stringContaining(reason) });
  });
});
