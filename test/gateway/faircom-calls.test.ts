import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTable, shipments } from '../helpers/faircom-tables.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const records = Array.from({ length: 60 }, (_, place) => ({
  code: `S-${String(place).padStart(3, '0')}`,
  state: ['failed', 'queued', 'sending'][place % 3],
  bytes: place,
}));

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => {
      settings.limits = { aliases: 60 };
    },
  });
  const { faircom } = stack.simulators;
  await createTable(faircom, { ...shipments, records });
  await createTable(faircom, { ...shipments, tableName: 'parcel', records: records.slice(0, 5) });
  // The session is open from here on.
  await stack.everything.data('{ faircom { databases { nodes { uid } } } }');
});
beforeEach(() => stack.simulators.faircom.requests.clear());
afterAll(() => stack?.stop());

const requests = () => stack.simulators.faircom.requests.count('POST', '/api');

const aliased = (count: number, field: (number: number) => string) =>
  Array.from({ length: count }, (_, place) => `r${place}: ${field(place + 1)}`).join('\n');
const globalIds = (count: number) =>
  Array.from({ length: count }, (_, place) => {
    const key = encodeURIComponent(JSON.stringify({ id: String(place + 1) }));
    return Buffer.from(`FairComRecord:records/ctreeSQL/admin/shipment/${key}`).toString('base64');
  });
const page = (args: string, table = 'shipment') =>
  `{ faircom { records(tableName: "${table}", first: 10, ${args}) { nodes { recordId values } } } }`;

describe('with an open session, FairCom is asked', () => {
  it.each<[string, number, string]>([
    ['nothing for its name', 0, '{ faircom { source } }'],
    ['once for a page of databases', 1, '{ faircom { databases { nodes { databaseName path uid } } } }'],
    ['once for a database', 1, '{ faircom { database(name: "ctreeSQL") { path uid } } }'],
    [
      'three times for the tables of a database with their fields and indexes',
      3,
      '{ faircom { database(name: "ctreeSQL") { tables { nodes { tableName fields { name } indexes { indexName } } } } } }',
    ],
    ['once for a table', 1, '{ faircom { table(tableName: "shipment") { fields { name } primaryKeyFields } } }'],
    ['twice for a count: the table, the count', 2, '{ faircom { table(tableName: "shipment") { recordCount } } }'],
    [
      'twice for a record: the table, the record',
      2,
      '{ faircom { record(tableName: "shipment", recordId: "7") { values } } }',
    ],
    [
      'twice for 50 records of a table by their ids',
      2,
      `{ faircom { ${aliased(50, (id) => `record(tableName: "shipment", recordId: "${id}") { values bigIntValue(field: "bytes") }`)} } }`,
    ],
    [
      'twice for 50 records below their table',
      2,
      `{ faircom { table(tableName: "shipment") { ${aliased(50, (id) => `record(key: ${id}) { values table { changeIdField } }`)} } } }`,
    ],
    [
      'twice for 50 records by their global ids',
      2,
      `{ nodes(ids: ${JSON.stringify(globalIds(50))}) { ... on FairComRecord { values } } }`,
    ],
    [
      'three times for records of two tables: both tables, and the records of each',
      3,
      `{ faircom {
        a: record(tableName: "shipment", recordId: "1") { id } b: record(tableName: "parcel", recordId: "1") { id }
        c: record(tableName: "shipment", recordId: "2") { id } d: record(tableName: "parcel", recordId: "2") { id }
      } }`,
    ],
    [
      'twice for a page by the primary key: the table, the page',
      2,
      page('where: { condition: { field: "bytes", operator: GE, value: 3 } }'),
    ],
    [
      'twice for a page by a unique index',
      2,
      page('index: "shipment_code", keyRange: [{ field: "code", operator: GT, value: "S-010" }]'),
    ],
    ['three times for a page that ends between equals: their order is read too', 3, page('index: "shipment_state"')],
    [
      'twice for an insert: the table, the insert',
      2,
      'mutation { insertRecords(input: { tableName: "parcel", records: [{ code: "x", state: "y" }] }) { ... on InsertRecordsSuccess { records { values table { fields { name } } } } } }',
    ],
    [
      'twice for a delete',
      2,
      'mutation { deleteRecords(input: { tableName: "parcel", recordIds: ["5", "6"] }) { ... on DeleteRecordsSuccess { deletedCount } } }',
    ],
  ])('%s', async (_what, count, query) => {
    await stack.everything.data(query);
    expect(requests()).toBe(count);
  });

  it('once for a page behind one that was read a moment ago, however the table is named', async () => {
    const next = (after: string | null) => `after: ${JSON.stringify(after)}`;
    const endOf = async (query: string) => {
      type Data = { readonly faircom: { readonly records: { readonly pageInfo: { readonly endCursor: string } } } };
      const { faircom } = await stack.everything.data<Data>(query.replace('nodes', 'pageInfo { endCursor } nodes'));
      return faircom.records.pageInfo.endCursor;
    };
    const second = await endOf(page(next(await endOf(page(next(null))))));
    stack.simulators.faircom.requests.clear();
    await stack.everything.data(page(next(second)));
    await stack.everything.data(page(`${next(second)}, databaseName: "ctreesql", ownerName: "ADMIN"`, 'Shipment'));
    expect(requests()).toBe(2);
    await stack.everything.data(page(next(null)));
    expect(requests()).toBe(4);
  });

  it('twice for an update, and once more to tell a conflict', async () => {
    const query = `mutation ($items: [RecordUpdateInput!]!) {
      updateRecords(input: { tableName: "shipment", items: $items }) {
        __typename ... on UpdateRecordsSuccess { records { changeId } } ... on RecordConflictError { current { values } }
      }
    }`;
    const read = '{ faircom { record(tableName: "shipment", recordId: "1") { changeId } } }';
    const { changeId } = (await stack.everything.data<{ faircom: { record: { changeId: string } } }>(read)).faircom
      .record;
    const items = [{ recordId: '1', changeId, values: { title: 'new' } }];
    stack.simulators.faircom.requests.clear();
    expect(await stack.everything.data(query, { items })).toMatchObject({
      updateRecords: { __typename: 'UpdateRecordsSuccess' },
    });
    expect(requests()).toBe(2);
    stack.simulators.faircom.requests.clear();
    expect(await stack.everything.data(query, { items })).toMatchObject({
      updateRecords: { __typename: 'RecordConflictError' },
    });
    expect(requests()).toBe(3);
  });
});

describe('a session that has ended', () => {
  it.each([false, true])(
    'is opened again without the caller noticing (as older servers say it: %s)',
    async (enabled) => {
      const { switches } = stack.simulators.faircom;
      await switches.oldExpiryCode?.({ enabled });
      await switches.expireSessions?.({});
      stack.simulators.faircom.requests.clear();
      const queries = Array.from(
        { length: 10 },
        (_, place) => `{ faircom { table(tableName: "${place % 2 ? 'shipment' : 'parcel'}") { changeIdField } } }`,
      );
      const answers = await Promise.all(queries.map((query) => stack.everything.data(query)));
      expect(answers).toEqual(queries.map(() => ({ faircom: { table: { changeIdField: 'changeId' } } })));
      // Refused, opened once, and repeated, however many were under way.
      expect(requests()).toBeLessThanOrEqual(2 * queries.length + 1);
      await switches.expireSessions?.({});
      const insert =
        'mutation { insertRecords(input: { tableName: "shipment", records: [{ code: "E", state: "once" }] }) { __typename } }';
      expect(await stack.everything.data(insert.replace('"E"', `"E-${enabled}"`))).toEqual({
        insertRecords: { __typename: 'InsertRecordsSuccess' },
      });
      const count =
        '{ faircom { table(tableName: "shipment") { recordCount(where: { condition: { field: "code", operator: EQ, value: "E" } }) } } }';
      expect(await stack.everything.data(count.replace('"E"', `"E-${enabled}"`))).toEqual({
        faircom: { table: { recordCount: 1 } },
      });
    },
  );
});

describe('a server that fails', () => {
  it('is an error in its place, and the other fields stay', async () => {
    const { faults } = stack.simulators.faircom;
    faults.add({ kind: 'notJson' });
    const query = `{ viewer { name } faircom { source table(tableName: "shipment") { tableName } } }`;
    const { data, errors } = await stack.everything.send(query);
    faults.clear();
    expect(data).toEqual({ viewer: { name: 'everything' }, faircom: { source: 'records', table: null } });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['faircom', 'table'],
        extensions: expect.objectContaining({ code: 'SOURCE_BAD_ANSWER', source: 'records' }),
      }),
    ]);
  });

  it('is a typed error of a mutation', async () => {
    await stack.simulators.faircom.switches.serviceInactive?.({ times: 20 });
    const query = `mutation { deleteRecords(input: { tableName: "shipment", recordIds: ["1"] }) {
      __typename ... on Error { code source retryable }
    } }`;
    const data = await stack.everything.data(query);
    await stack.simulators.faircom.switches.serviceInactive?.({ times: 0 });
    expect(data).toEqual({
      deleteRecords: {
        __typename: 'SourceFailedError',
        code: 'SOURCE_UNAVAILABLE',
        source: 'records',
        retryable: true,
      },
    });
  });
});
