import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Client, post, type Row, signIn, startSimulator } from './harness.ts';

const types: Row[] = [
  { name: 'bit', type: 'bit' },
  { name: 'tinyint', type: 'tinyint' },
  { name: 'smallint', type: 'smallint' },
  { name: 'integer', type: 'integer' },
  { name: 'bigint', type: 'bigint' },
  { name: 'real', type: 'real' },
  { name: 'float', type: 'float' },
  { name: 'number', type: 'number', length: 32, scale: 8 },
  { name: 'money', type: 'money', length: 12, scale: 2 },
  { name: 'date', type: 'date' },
  { name: 'time', type: 'time' },
  { name: 'timestamp', type: 'timestamp' },
  { name: 'char', type: 'char', length: 4 },
  { name: 'varchar', type: 'varchar', length: 8 },
  { name: 'lvarchar', type: 'lvarchar' },
  { name: 'binary', type: 'binary', length: 4 },
  { name: 'varbinary', type: 'varbinary', length: 4 },
  { name: 'lvarbinary', type: 'lvarbinary' },
  { name: 'json', type: 'json' },
];

async function withTypes() {
  const simulator = await startSimulator();
  const client = await signIn(simulator);
  await client.ok('createTable', { tableName: 't', fields: types });
  const stored = async (row: Row) =>
    (await client.ok('insertRecords', { tableName: 't', sourceData: [row] })).data[0] ?? {};
  return { simulator, client, stored };
}

/** What is read back from disk, not what the insert answered. */
async function readBack(client: Client, id: unknown): Promise<Row> {
  return (await client.ok('getRecordsByIds', { tableName: 't', ids: [id] })).data[0] ?? {};
}

describe('field values', () => {
  const samples: [type: string, sent: unknown, stored: unknown][] = [
    ['bit', true, true],
    ['bit', 0, false],
    ['bit', '1', true],
    ['tinyint', -128, '-128'],
    ['smallint', '32767', '32767'],
    ['integer', '-2147483648', '-2147483648'],
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['real', 0.1, '0.1'],
    ['real', '23.976', '23.976'],
    ['float', '1e-7', '1e-7'],
    ['float', 0.30000000000000004, '0.30000000000000004'],
    ['number', '-123456789012345678901234.12345678', '-123456789012345678901234.12345678'],
    ['number', '1.50', '1.5'],
    ['number', 5e-7, '0.0000005'],
    ['money', '1234567890.12', '1234567890.12'],
    ['date', '20260105', '2026-01-05'],
    ['date', '1963-02-17', '1963-02-17'],
    ['time', '17:35:20.5', '17:35:20.500'],
    ['time', '7:35', '07:35:00.000'],
    ['timestamp', '2026-01-05T17:35:20.5', '2026-01-05T17:35:20.500'],
    ['timestamp', '2026-01-05 17:35:20', '2026-01-05T17:35:20.000'],
    ['char', 'ab', 'ab  '],
    ['varchar', 'Łódź', 'Łódź'],
    ['lvarchar', '東京'.repeat(40_000), '東京'.repeat(40_000)],
    ['binary', 'ff', 'ff000000'],
    ['varbinary', '00FF', '00ff'],
    ['lvarbinary', [0, 255], '00ff'],
    ['json', { a: [1, null, 'x'] }, { a: [1, null, 'x'] }],
    ['json', 'text', 'text'],
    ['json', 7, 7],
  ];

  it('of every type are stored and read back in their canonical form', async () => {
    const { client, stored } = await withTypes();
    for (const [type, sent, expected] of samples) {
      const answered = await stored({ [type]: sent });
      expect([type, answered[type]]).toEqual([type, expected]);
      expect((await readBack(client, answered.id))[type]).toEqual(expected);
    }
  });

  it('that do not fit are refused, never rounded or cut', async () => {
    const { client } = await withTypes();
    const bad: [type: string, sent: unknown][] = [
      ['bit', 2],
      ['bit', 'yes'],
      ['tinyint', 128],
      ['integer', 1.5],
      ['integer', '2147483648'],
      ['bigint', '9223372036854775808'],
      ['real', '1e39'],
      ['float', 'NaN'],
      ['number', '0.123456789'],
      ['number', '1234567890123456789012345'],
      ['money', 0.001],
      ['date', '2026-02-30'],
      ['time', '24:00:00'],
      ['timestamp', '2026-01-05T17:35:20Z'],
      ['char', 'abcde'],
      ['varchar', 'Łódź Łódź'],
      ['varchar', 7],
      ['binary', 'ffffffffff'],
      ['varbinary', 'xyz'],
      ['varbinary', 'fff'],
      ['varbinary', [256]],
    ];
    for (const [type, value] of bad) {
      const code = await client.code('insertRecords', { tableName: 't', sourceData: [{ [type]: value }] });
      expect([type, value, code]).toEqual([type, value, 99007]);
    }
    expect((await client.ok('getRecordsByTable', { tableName: 't' })).data).toEqual([]);
  });

  it('keep every digit of numbers that are sent as JSON numbers', async () => {
    const { simulator, client } = await withTypes();
    const sourceData =
      '[{"bigint":9007199254740993,"number":123456789012345678.00000001,"json":[12345678901234567890]}]';
    const params = `{"tableName":"t","sourceData":${sourceData}}`;
    const { authToken } = client;
    const { text } = await post(
      simulator,
      `{"api":"db","action":"insertRecords","authToken":"${authToken}","params":${params}}`,
    );
    expect(text).toContain('"bigint":9007199254740993,');
    expect(text).toContain('"number":123456789012345678.00000001,');
    expect(text).toContain('"json":[12345678901234567890]');
    expect(await readBack(client, 1)).toMatchObject({
      bigint: '9007199254740993',
      number: '123456789012345678.00000001',
    });
  });

  it('survive the round trip in string mode, whatever the number', async () => {
    const { client } = await withTypes();
    const row = fc.record({
      bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
      float: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value + 0)),
      number: fc
        .tuple(fc.bigInt({ min: -(10n ** 24n) + 1n, max: 10n ** 24n - 1n }), fc.integer({ min: 1, max: 9_999_999 }))
        .map(([whole, part]) => `${whole}.${part}9`),
      real: fc.float({ noNaN: true, noDefaultInfinity: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const { data } = await client.ok('insertRecords', { tableName: 't', sourceData: rows });
        const ids = data.map(({ id }) => id);
        const read = (await client.ok('getRecordsByIds', { tableName: 't', ids })).data;
        for (const [index, { bigint, number, float, real }] of rows.entries()) {
          expect(read[index]).toMatchObject({ bigint, number });
          expect(Number(read[index]?.float)).toBe(Number(float));
          expect(Math.fround(Number(read[index]?.real)) + 0).toBe(real + 0);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('take the spelling of bytes that the request names', async () => {
    const { client } = await withTypes();
    const params = { tableName: 't', binaryFormat: 'base64', sourceData: [{ varbinary: 'AP8=' }] };
    expect((await client.ok('insertRecords', params)).data[0]).toMatchObject({ varbinary: '00ff' });
  });
});

describe('automatic fields', () => {
  it('are filled by the server, which does not use what a client sends for them', async () => {
    const { ok } = await signIn(await startSimulator());
    const fields = [
      { name: 'made', type: 'timestamp', autoValue: 'timestampOnInsert' },
      { name: 'touched', type: 'timestamp', autoValue: 'timestampOnUpdateAndInsert' },
      { name: 'state', type: 'varchar', length: 9, defaultValue: 'queued', nullable: false },
    ];
    await ok('createTable', { tableName: 't', fields });
    const sourceData = [{ id: 70, changeId: 7, made: '2000-01-01' }, { state: 'sent' }];
    const { data } = await ok('insertRecords', { tableName: 't', sourceData });
    expect(data).toMatchObject([
      { id: '1', state: 'queued' },
      { id: '2', state: 'sent' },
    ]);
    expect(data[0]?.made).toMatch(/^20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
    expect(data[0]?.touched).toBe(data[0]?.made);
    expect(Number(data[0]?.changeId)).toBeGreaterThan(1_000_000);
  });
});
