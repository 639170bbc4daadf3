import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderFilter } from '../../../src/sources/faircom/record-filter.ts';
import type { FairComTable, RecordFilter, RecordValue } from '../../../src/sources/faircom/types.ts';
import { tableOf } from './odd-faircom.ts';
import { describe as describeTable, operationOf, startWarehouse, valuesOf, type Warehouse } from './warehouse.ts';

const texts = [
  '',
  ' ',
  'plain',
  'Plain',
  '"',
  '\\',
  '\\"',
  '" == "',
  '") == 0 || strcmp(code, "',
  '\\") == 0 || id > 0 || strcmp(code, \\"',
  "'; DROP TABLE parcel; --",
  '%',
  'line\nbreak\r\ttab',
  '\u0001\u001f\u007f',
  'Zürich – 東京 🚚',
  "{d'2026-01-05'}",
  '1 == 1',
];

let warehouse: Warehouse;
let source: ReturnType<Warehouse['open']>;
let table: FairComTable;
beforeAll(async () => {
  warehouse = await startWarehouse();
  const fields = [
    { name: 'code', type: 'varchar', length: 200 },
    { name: 'fixed', type: 'char', length: 12 },
    { name: 'bytes', type: 'bigint' },
    { name: 'rate', type: 'number', length: 30, scale: 6 },
    { name: 'ratio', type: 'float' },
    { name: 'share', type: 'real' },
    { name: 'ok', type: 'bit' },
    { name: 'day', type: 'date' },
    { name: 'clock', type: 'time' },
    { name: 'sent', type: 'timestamp' },
    { name: 'digest', type: 'varbinary', length: 8 },
    { name: 'meta', type: 'json' },
  ];
  await warehouse.createTable({ tableName: 'parcel', fields });
  source = warehouse.open();
  table = await describeTable(source, 'parcel');
  const rows = texts.map((code, place) => ({
    code,
    fixed: `f${place}`,
    bytes: String(900719925474099300n + BigInt(place) * 128n),
    rate: `${place}.100000`,
    ratio: place / 8,
    share: place / 10,
    ok: place % 2 === 0,
    day: `2026-01-${String(place + 1).padStart(2, '0')}`,
    clock: `10:00:${String(place).padStart(2, '0')}.5`,
    sent: `2026-01-05T10:00:${String(place).padStart(2, '0')}.250`,
    digest: 'ff00',
    meta: { place },
  }));
  await operationOf(source).client.insertRecords(table, [...rows, { code: null }]);
});
afterAll(() => warehouse.close());

async function codesWhere(where: RecordFilter): Promise<RecordValue[]> {
  const records = await operationOf(source).client.getRecordsByTable(table, 100, where);
  return valuesOf(records).map(({ code }) => code ?? null);
}

const refused =
  (filter: RecordFilter, of: FairComTable = table) =>
  () =>
    renderFilter({ source: 'w', table: of }, filter);

describe('a filter on a text', () => {
  test('finds exactly the records that hold it, whatever it is', async () => {
    const someText = fc.oneof(
      fc.constantFrom(...texts),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc
        .array(fc.constantFrom('"', '\\', '(', ')', '|', '&', '==', ' ', 'code', '0', '\n', "'"), { maxLength: 12 })
        .map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(
        someText.filter((text) => !text.includes('\0')),
        async (value) => {
          const [found, others] = await Promise.all([
            codesWhere({ field: 'code', operator: 'EQ', value }),
            codesWhere({ field: 'code', operator: 'NE', value }),
          ]);
          expect(found).toEqual(texts.filter((text) => text === value));
          expect(others).toEqual(texts.filter((text) => text !== value));
        },
      ),
      { numRuns: 80 },
    );
  });

  test('compares by the bytes of the text, upper case before lower case', async () => {
    const bytes = (text: string) => Buffer.from(text);
    const below = texts.filter((text) => Buffer.compare(bytes(text), bytes('plain')) < 0);
    expect(await codesWhere({ field: 'CODE', operator: 'LT', value: 'plain' })).toEqual(below);
  });

  test('cannot hold what the server’s language has no way to write', () => {
    for (const value of ['nul\0byte', '\ud800']) {
      expect(refused({ field: 'code', operator: 'EQ', value })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    }
  });
});

describe('a filter on other fields', () => {
  test.each<[string, RecordValue]>([
    ['fixed', 'f3'],
    ['fixed', 'f3         '],
    ['bytes', '900719925474099684'],
    ['rate', '3.1'],
    ['rate', '3.100000'],
    ['rate', 3.1],
    ['ratio', 0.375],
    ['ratio', '0.375'],
    ['share', 0.3],
    ['day', '2026-01-04'],
    ['clock', '10:00:03.500'],
    ['sent', '2026-01-05T10:00:03.250'],
    ['sent', '2026-01-05 10:00:03.25'],
  ])('finds the one record whose %s is %j', async (field, value) => {
    expect(await codesWhere({ field, operator: 'EQ', value })).toEqual([texts[3]]);
    const from = await codesWhere({ field, operator: 'GE', value });
    if (field !== 'fixed') expect(from).toEqual(texts.slice(3));
  });

  test('compares bits with true and false', async () => {
    const even = texts.filter((_text, place) => place % 2 === 0);
    for (const value of [true, 1, 'true']) {
      expect(await codesWhere({ field: 'ok', operator: 'EQ', value })).toEqual(even);
    }
  });

  test('joins conditions as they are nested', async () => {
    const either = {
      or: [
        {
          and: [
            { field: 'bytes', operator: 'GT', value: '900719925474099300' },
            { field: 'day', operator: 'LE', value: '2026-01-03' },
          ],
        },
        { field: 'code', operator: 'EQ', value: '%' },
      ],
    } as const;
    expect(await codesWhere(either)).toEqual([texts[1], texts[2], '%']);
    const both = { and: [either, { field: 'ok', operator: 'EQ', value: true }] } as const;
    expect(await codesWhere(both)).toEqual([texts[2]]);
  });

  test('leaves out records without a value', async () => {
    expect(await codesWhere({ field: 'bytes', operator: 'NE', value: 5 })).toEqual(texts);
  });
});

describe('a filter is refused before it is sent', () => {
  const numbers = tableOf({
    small: 'tinyint',
    big: 'bigint',
    amount: 'number',
    day: 'date',
    odd: 'json',
    'two words': 'integer',
  });
  test.each<[string, RecordFilter]>([
    ['an unknown field', { field: 'code) || (1', operator: 'EQ', value: 'x' }],
    ['a field that the language cannot name', { field: 'two words', operator: 'EQ', value: 1 }],
    ['text for a number', { field: 'big', operator: 'EQ', value: '1 || 1' }],
    ['a number out of range', { field: 'small', operator: 'EQ', value: 128 }],
    ['a bigint out of range', { field: 'big', operator: 'EQ', value: '9223372036854775808' }],
    ['a number that was rounded', { field: 'big', operator: 'EQ', value: 2 ** 60 }],
    ['a fraction for an integer', { field: 'small', operator: 'EQ', value: 1.5 }],
    ['a date that is none', { field: 'day', operator: 'EQ', value: "2026-01-05'} || {d'" }],
    ['no value', { field: 'big', operator: 'EQ', value: null }],
    ['a list', { field: 'big', operator: 'EQ', value: [1] }],
    ['JSON', { field: 'odd', operator: 'EQ', value: 'x' }],
    ['an empty list of conditions', { and: [] }],
    [
      'deep nesting',
      Array.from({ length: 17 }).reduce<RecordFilter>((inner) => ({ and: [inner] }), {
        field: 'big',
        operator: 'EQ',
        value: 1,
      }),
    ],
    [
      'too many conditions',
      { or: Array.from({ length: 201 }, () => ({ field: 'big', operator: 'EQ', value: 1 }) as const) },
    ],
  ])('for %s', (_name, filter) => {
    expect(refused(filter, numbers)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', source: 'w' }));
  });

  test('but not at the limits', () => {
    const most = Array.from(
      { length: 200 },
      () => ({ field: 'big', operator: 'EQ', value: '-9223372036854775808' }) as const,
    );
    expect(refused({ or: most }, numbers)).not.toThrow();
  });
});
