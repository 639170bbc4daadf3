import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTable, elsewhere, shipments } from '../helpers/faircom-tables.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const records = [
  {
    code: 'S-1',
    title: 'Harbour',
    state: 'sending',
    bytes: '9007199254740993',
    rate: '12.5',
    sent: '2026-01-05T17:35:20.250',
  },
  {
    code: 'S-2',
    title: '東京の朝',
    state: 'failed',
    bytes: '10',
    sent: '2026-01-03T08:00:00',
    ok: false,
    meta: { by: ['ada'] },
  },
  {
    code: 'S-3',
    title: 'Nordlicht',
    state: 'sending',
    bytes: '9300000000000001',
    sent: '2026-01-04T08:00:00',
    ok: true,
  },
  { code: 'S-4', title: 'Café', state: 'delivered', bytes: '9007199254740994', meta: 'plain' },
];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const { faircom } = stack.simulators;
  await createTable(faircom, { ...shipments, records });
  await createTable(faircom, {
    tableName: 'leg',
    primaryKeyFields: ['shipment', 'hop'],
    fields: [
      { name: 'shipment', type: 'varchar', length: 16, nullable: false },
      { name: 'hop', type: 'smallint', nullable: false },
      { name: 'city', type: 'varchar', length: 40 },
    ],
    records: [
      { shipment: 'S/1', hop: 1, city: 'London' },
      { shipment: 'S/1', hop: 2, city: 'Tokyo' },
    ],
  });
  await elsewhere(faircom, 'createDatabase', { databaseName: 'archive' });
});
afterAll(() => stack?.stop());

describe('databases and tables', () => {
  it('are found and described', async () => {
    const data = await stack.everything.data(`{
      faircom(source: "records") {
        source
        databases { nodes { databaseName uid } pageInfo { hasNextPage shifted } }
        database(name: "CTREESQL") {
          databaseName
          tables(search: "Ship") { nodes { databaseName ownerName tableName primaryKeyFields changeIdField } }
          table(tableName: "leg") {
            primaryKeyFields
            fields { name type vendorType length nullable primaryKeyPosition autoValue defaultValue scale }
            indexes { fields { name sortDescending caseInsensitive reverseCompare } unique conditionalExpression }
          }
        }
        table(tableName: "shipment") { source tableName recordCount }
      }
    }`);
    expect(data).toMatchObject({
      faircom: {
        source: 'records',
        databases: { pageInfo: { hasNextPage: false, shifted: false } },
        database: {
          databaseName: 'ctreeSQL',
          tables: {
            nodes: [
              {
                databaseName: 'ctreeSQL',
                ownerName: 'admin',
                tableName: 'shipment',
                primaryKeyFields: ['id'],
                changeIdField: 'changeId',
              },
            ],
          },
          table: {
            primaryKeyFields: ['shipment', 'hop'],
            fields: [
              { name: 'changeId', type: 'BIGINT', autoValue: 'CHANGE_ID' },
              {
                name: 'shipment',
                type: 'VARCHAR',
                vendorType: 'varchar',
                length: 16,
                nullable: false,
                primaryKeyPosition: 1,
              },
              {
                name: 'hop',
                type: 'SMALLINT',
                primaryKeyPosition: 2,
                autoValue: 'NONE',
                defaultValue: null,
                scale: null,
              },
              { name: 'city', nullable: true, primaryKeyPosition: 0 },
            ],
            indexes: [{ fields: [{ name: 'shipment' }, { name: 'hop' }], unique: true, conditionalExpression: null }],
          },
        },
        table: { source: 'records', tableName: 'shipment', recordCount: records.length },
      },
    });
    const { databases } = data.faircom as { databases: { nodes: { databaseName: string; uid: string }[] } };
    expect(databases.nodes.map(({ databaseName }) => databaseName)).toEqual(
      expect.arrayContaining(['archive', 'ctreeSQL']),
    );
    expect(databases.nodes.every(({ uid }) => /^\d+$/.test(uid))).toBe(true);
  });

  it('count the records that meet a filter', async () => {
    const query = `query ($where: RecordFilterInput) { faircom { table(tableName: "shipment") { recordCount(where: $where) } } }`;
    const where = { condition: { field: 'state', operator: 'EQ', value: 'sending' } };
    expect(await stack.everything.data(query, { where })).toEqual({ faircom: { table: { recordCount: 2 } } });
  });

  it('that are not there are an error that names them, and leave the other fields alone', async () => {
    const answer = await stack.everything.send(`{
      faircom {
        table(tableName: "nothing") { tableName }
        database(name: "nowhere") { databaseName }
        records(tableName: "nothing") { nodes { id } }
        record(tableName: "shipment", databaseName: "nowhere", recordId: "1") { id }
        source
      }
    }`);
    expect(answer.data).toEqual({
      faircom: { table: null, database: null, records: null, record: null, source: 'records' },
    });
    const shown = answer.errors?.map(({ path, extensions, message }) => [path?.[1], extensions?.code, message]);
    expect(shown).toHaveLength(4);
    expect(shown).toEqual(
      expect.arrayContaining([
        ['table', 'NOT_FOUND', 'records has no table "nothing".'],
        ['database', 'NOT_FOUND', 'records has no database "nowhere".'],
        ['records', 'NOT_FOUND', 'records has no table "nothing".'],
        ['record', 'NOT_FOUND', expect.stringContaining('nowhere')],
      ]),
    );
  });
});

describe('a record', () => {
  it('is read by its id or its key, through the table or the server, and found again by its global id', async () => {
    const data = await stack.everything.data<{ faircom: Record<string, { id: string; key: unknown }> }>(`{
      faircom {
        byId: record(tableName: "shipment", recordId: "1") { id recordId key }
        byValue: record(tableName: "SHIPMENT", key: 1) { id recordId key }
        byKey: record(tableName: "shipment", key: {ID: "001"}) { id recordId key }
        leg: record(tableName: "leg", key: {shipment: "S/1", hop: 2}) { id recordId key city: value(field: "CITY") }
        none: record(tableName: "shipment", recordId: "4711") { id }
        table(tableName: "leg") { record(key: {shipment: "S/1", hop: 2}) { id recordId key city: value(field: "city") } }
      }
    }`);
    const { byId, byValue, byKey, leg, none, table } = data.faircom;
    expect(byId).toMatchObject({ recordId: '1', key: { id: '1' } });
    expect(byValue).toEqual(byId);
    expect(byKey).toEqual(byId);
    expect(leg).toMatchObject({ recordId: null, key: { shipment: 'S/1', hop: 2 }, city: 'Tokyo' });
    expect(table).toEqual({ record: leg });
    expect(none).toBeNull();
    const ids = [byId?.id, leg?.id];
    const again = await stack.everything.data(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on FairComRecord { key table { tableName } } } }',
      { ids },
    );
    expect(again).toEqual({
      nodes: [
        { __typename: 'FairComRecord', id: byId?.id, key: { id: '1' }, table: { tableName: 'shipment' } },
        { __typename: 'FairComRecord', id: leg?.id, key: leg?.key, table: { tableName: 'leg' } },
      ],
    });
  });

  it('is not found by an id that leads nowhere', async () => {
    const ids = [
      'records/ctreeSQL/admin/shipment/%7B%22id%22%3A%224711%22%7D',
      'records/ctreeSQL/admin/gone/%7B%22id%22%3A%221%22%7D',
      'elsewhere/ctreeSQL/admin/shipment/%7B%22id%22%3A%221%22%7D',
      'records/ctreeSQL/admin/shipment/no-json',
      'records/shipment',
    ].map((id) => Buffer.from(`FairComRecord:${id}`).toString('base64'));
    const data = await stack.everything.data('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data).toEqual({ nodes: ids.map(() => null) });
  });

  it('keeps every digit, and times without a zone', async () => {
    const data = await stack.everything.data(`{
      faircom {
        record(tableName: "shipment", recordId: "1") {
          values bytes: bigIntValue(field: "bytes") sent: localDateTimeValue(field: "SENT") rate: value(field: "rate")
          none: value(field: "meta")
        }
        other: record(tableName: "shipment", recordId: "2") { meta: value(field: "meta") sent: localDateTimeValue(field: "sent") }
      }
    }`);
    expect(data).toEqual({
      faircom: {
        record: {
          values: expect.objectContaining({ bytes: '9007199254740993', sent: '2026-01-05T17:35:20.250', ok: null }),
          bytes: '9007199254740993',
          sent: '2026-01-05T17:35:20.250',
          rate: '12.5',
          none: null,
        },
        other: { meta: { by: ['ada'] }, sent: '2026-01-03T08:00:00.000' },
      },
    });
  });

  it('says which field is not there, or is not of that kind, in its place', async () => {
    const { data, errors } = await stack.everything.send(`{
      faircom {
        record(tableName: "shipment", recordId: "1") {
          recordId wrong: value(field: "weight") text: bigIntValue(field: "title") number: localDateTimeValue(field: "bytes")
        }
      }
    }`);
    expect(data).toEqual({ faircom: { record: { recordId: '1', wrong: null, text: null, number: null } } });
    const shown = Object.fromEntries(errors?.map(({ path, message }) => [path?.at(-1), message]) ?? []);
    expect(shown).toEqual({
      wrong: 'Table shipment has no field "weight".',
      text: 'Field "title" of table shipment is VARCHAR, not BIGINT or INTEGER or SMALLINT or TINYINT.',
      number: 'Field "bytes" of table shipment is BIGINT, not TIMESTAMP.',
    });
  });

  it.each([
    ['recordId: "1", key: "1"', 'either `recordId` or `key`'],
    ['databaseName: null', 'either `recordId` or `key`'],
    ['key: [1]', 'value of the key’s field, or an object'],
    ['key: 9007199254740993', 'as text'],
    ['key: {id: 9007199254740993}', 'needs a valid value of "id"'],
    ['recordId: "one"', 'needs a valid value of "id"'],
    ['key: {code: "S-1"}', 'needs a valid value of "id"'],
  ])('is not looked for by (%s)', async (args, reason) => {
    const { data, errors } = await stack.everything.send(
      `{ faircom { record(tableName: "shipment", ${args}) { id } } }`,
    );
    expect(data).toEqual({ faircom: { record: null } });
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(reason),
        path: ['faircom', 'record'],
        extensions: expect.objectContaining({ code: 'BAD_INPUT', source: 'records' }),
      }),
    ]);
  });
});
