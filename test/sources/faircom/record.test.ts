import { describe, expect, it } from 'vitest';
import { createRowReader, toRecord } from '../../../src/sources/faircom/record.ts';
import type { FairComField, FairComTable } from '../../../src/sources/faircom/types.ts';

const fieldOf = (name: string, type: FairComField['type']): FairComField => ({
  ...{ name, type, vendorType: type.toLowerCase(), length: undefined, scale: undefined, defaultValue: null },
  ...{ nullable: true, primaryKeyPosition: 0, autoValue: 'NONE' },
});

const table: FairComTable = {
  ...{ databaseName: 'ctreeSQL', ownerName: 'admin', tableName: 'shipment', path: undefined },
  ...{ changeIdField: 'changeId', primaryKeyFields: ['id'], indexes: [] },
  fields: [
    fieldOf('id', 'BIGINT'),
    fieldOf('changeId', 'BIGINT'),
    fieldOf('Title', 'VARCHAR'),
    fieldOf('__proto__', 'JSON'),
  ],
};

const read = (row: string) =>
  toRecord(
    createRowReader('records', table, { data: [], fields: undefined, moreRecords: false, totalRecordCount: 0 }),
    JSON.parse(row),
  );

describe('a record', () => {
  it('has its values by the names of the fields, however the answer spells them', () => {
    const record = read('{ "ID": "7", "changeid": "12", "TITLE": "Rushes", "_bookmark_": "x" }');
    expect(record).toEqual({
      id: '7',
      changeId: '12',
      key: { id: '7' },
      values: { id: '7', changeId: '12', Title: 'Rushes' },
    });
  });

  it('has a value also where its name is that of every prototype', () => {
    const { values } = read('{ "id": "7", "changeId": "12", "__proto__": { "id": "8" } }');
    expect(Object.keys(values)).toEqual(['id', 'changeId', '__proto__']);
    expect(JSON.stringify(values)).toBe('{"id":"7","changeId":"12","__proto__":{"id":"8"}}');
  });

  it.each([
    ['007', '7'],
    ['-0', '0'],
    ['-012', '-12'],
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '-9223372036854775808'],
  ])('spells the number %s in one way', (raw, expected) => {
    expect(read(`{ "id": ${JSON.stringify(raw)} }`).values.id).toBe(expected);
  });

  it.each(['', '-', '1.0', '0x10', ' 1', '1e3'])('takes "%s" for no number', (raw) => {
    expect(() => read(`{ "id": ${JSON.stringify(raw)} }`)).toThrow('a record whose "id" is not a valid bigint');
  });
});
