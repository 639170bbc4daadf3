import fc from 'fast-check';
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

const none = { data: [], fields: undefined, moreRecords: false, totalRecordCount: 0 };

const read = (row: string) => toRecord(createRowReader('records', table, none), JSON.parse(row));

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

describe('rows of one answer', () => {
  const names = fc.constantFrom('id', 'ID', 'changeId', 'changeid', 'Title', 'TITLE', '__proto__', '_bookmark_', '0');
  const cells = fc.oneof(fc.nat().map(String), fc.constantFrom<unknown>(null, '', '-0', '007', true, 7, 1.5, [1]));
  const row = fc.array(fc.tuple(names, cells), { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
  const rows = fc.array(fc.oneof(row, fc.constant({ id: '1', changeId: '2', Title: 'x' }), cells), { maxLength: 8 });

  /** What became of a row: its record as JSON, which shows the order and `__proto__` too, or the sentence. */
  const outcomeOf = (reader: ReturnType<typeof createRowReader>, one: unknown) => {
    try {
      return JSON.stringify(toRecord(reader, one));
    } catch (error) {
      return String(error);
    }
  };

  it('are read as each of them would be alone, whatever came before', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const reader = createRowReader('records', table, none);
        const alone = some.map((one) => outcomeOf(createRowReader('records', table, none), one));
        expect(some.map((one) => outcomeOf(reader, one))).toEqual(alone);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are left as they are', () => {
    const sent = '{ "id": "007", "changeId": "12", "Title": "Rushes" }';
    const reader = createRowReader('records', table, none);
    const parsed = [JSON.parse(sent), JSON.parse(sent)];
    expect(parsed.map((one) => toRecord(reader, one).values.id)).toEqual(['7', '7']);
    expect(parsed).toEqual([JSON.parse(sent), JSON.parse(sent)]);
  });
});

describe('a number', () => {
  const signs = fc.constantFrom('', '-', '+', ' ');
  const digits = fc.stringMatching(/^\d{0,25}$/);
  const texts = fc.oneof(
    fc.tuple(signs, digits).map((parts) => parts.join('')),
    fc.tuple(signs, digits, fc.constantFrom('.', '..', 'e', ','), digits).map((parts) => parts.join('')),
    fc.string(),
  );

  const numberOf = (type: FairComField['type'], raw: string) => {
    const described = { ...table, fields: [...table.fields, fieldOf('n', type)] };
    const record = () => toRecord(createRowReader('records', described, none), { id: '1', n: raw });
    try {
      return record().values.n;
    } catch {
      return undefined;
    }
  };

  it('is what its pattern says', () => {
    fc.assert(
      fc.property(texts, (raw) => {
        const isInteger = /^-?\d+$/.test(raw);
        expect(numberOf('BIGINT', raw)).toBe(isInteger ? BigInt(raw).toString() : undefined);
        const small = isInteger ? Number(raw) : Number.NaN;
        expect(numberOf('INTEGER', raw)).toBe(Number.isSafeInteger(small) ? small : undefined);
        expect(numberOf('NUMBER', raw)).toBe(/^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(raw) ? raw : undefined);
      }),
      { numRuns: 2_000 },
    );
  });
});
