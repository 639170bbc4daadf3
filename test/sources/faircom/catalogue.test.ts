import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describe as describeTable, operationOf, startWarehouse, type Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
let source: ReturnType<Warehouse['open']>;
beforeAll(async () => {
  warehouse = await startWarehouse();
  const fields = [
    { name: 'code', type: 'VarChar', length: 40, nullable: false, defaultValue: 'none' },
    { name: 'rate', type: 'number', length: 12, scale: 4 },
    { name: 'made', type: 'timestamp', autoValue: 'timestampOnInsert' },
  ];
  const index = {
    indexName: 'by_code',
    fields: [{ name: 'code', caseInsensitive: true, sortDescending: true }],
    unique: true,
  };
  await warehouse.createTable({ tableName: 'parcel', fields }, [
    index,
    { ...index, indexName: 'some', conditionalExpression: 'rate > 1' },
  ]);
  for (const tableName of ['pallet', 'pallet_line', 'ship']) await warehouse.createTable({ tableName, fields });
  await warehouse.createTable({
    tableName: 'line',
    primaryKeyFields: ['order', 'place'],
    fields: [
      { name: 'order', type: 'varchar', length: 9, nullable: false },
      { name: 'place', type: 'integer', nullable: false },
    ],
  });
  await warehouse.elsewhere('createDatabase', { databaseName: 'archive' });
  source = warehouse.open();
});
afterAll(() => warehouse.close());

const names = (items: readonly object[], name: string) => items.map((item) => (item as Record<string, unknown>)[name]);

describe('lists', () => {
  test('of databases go page by page', async () => {
    const { client } = operationOf(source);
    const first = await client.listDatabases({ first: 1 });
    expect(names(first.items, 'databaseName')).toEqual(['archive']);
    const rest = await client.listDatabases({ first: 10, skip: first.next });
    expect(names(rest.items, 'databaseName')).toEqual(['ctreeSQL', 'faircom']);
    expect(rest.next).toBeUndefined();
    const some = await client.listDatabases({ first: 10, partialName: 'fa' });
    expect(names(some.items, 'databaseName')).toEqual(['faircom']);
  });

  test('of tables go page by page, and leave counts open that the server did not make', async () => {
    const { client } = operationOf(source);
    const { items, next } = await client.listTables({ first: 1, partialName: 'pallet' });
    expect(items).toEqual([
      {
        databaseName: 'ctreeSQL',
        ownerName: 'admin',
        tableName: 'pallet',
        path: expect.any(String),
        uid: expect.stringMatching(/^\d+$/),
        recordCount: undefined,
      },
    ]);
    const last = await client.listTables({ first: 1, partialName: 'pallet', skip: next });
    expect(names(last.items, 'tableName')).toEqual(['pallet_line']);
    expect(last.next).toBeUndefined();
    const elsewhere = await client.listTables({ first: 5, databaseName: 'archive' });
    expect(elsewhere.items).toEqual([]);
  });

  test('of indexes tell how each one sorts', async () => {
    const indexes = await operationOf(source).client.listIndexes({ tableName: 'parcel' });
    expect(indexes).toContainEqual({
      indexName: 'by_code',
      unique: true,
      conditionalExpression: undefined,
      fields: [{ name: 'code', caseInsensitive: true, sortDescending: true, reverseCompare: false }],
    });
    expect(indexes).toContainEqual(expect.objectContaining({ indexName: 'some', conditionalExpression: 'rate > 1' }));
  });
});

describe('a description', () => {
  test('holds the fields, the key and the change id of a table', async () => {
    const table = await describeTable(source, 'parcel');
    expect(table).toMatchObject({
      databaseName: 'ctreeSQL',
      ownerName: 'admin',
      tableName: 'parcel',
      primaryKeyFields: ['id'],
      changeIdField: 'changeId',
    });
    const byName = Object.fromEntries(table.fields.map((field) => [field.name, field]));
    expect(byName.id).toMatchObject({
      type: 'BIGINT',
      nullable: false,
      primaryKeyPosition: 1,
      autoValue: 'INCREMENT_ON_INSERT',
    });
    expect(byName.changeId).toMatchObject({ autoValue: 'CHANGE_ID', primaryKeyPosition: 0 });
    expect(byName.code).toMatchObject({
      type: 'VARCHAR',
      vendorType: 'varchar',
      length: 40,
      scale: undefined,
      nullable: false,
      defaultValue: 'none',
    });
    expect(byName.rate).toMatchObject({ type: 'NUMBER', length: 12, scale: 4, nullable: true, defaultValue: null });
    expect(byName.made).toMatchObject({ type: 'TIMESTAMP', autoValue: 'TIMESTAMP_ON_INSERT' });
  });

  test('has a key of several fields in its order', async () => {
    const table = await describeTable(source, 'line');
    expect(table.primaryKeyFields).toEqual(['order', 'place']);
    expect(table.indexes.map(({ unique }) => unique)).toEqual([true]);
  });
});
