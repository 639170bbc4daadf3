import { describe, expect, it } from 'vitest';
import { withShipments } from './harness.ts';

async function withFilters() {
  const shipments = await withShipments();
  await shipments.insert(
    { code: 'Alpha', bytes: '9007199254740993', rate: '1.1', sent: '2024-12-06T10:00:00', ok: true },
    { code: 'beta', bytes: 10, rate: '0.3', sent: '2024-12-07', ok: false },
    { code: 'say "hi"', bytes: 7, sent: null, ok: null },
  );
  const ids = async (tableFilter: string) => (await shipments.read({ tableFilter })).data.map(({ id }) => Number(id));
  const code = (tableFilter: string) =>
    shipments.client.code('getRecordsByTable', { tableName: 'shipment', tableFilter });
  return { ...shipments, ids, code };
}

describe('tableFilter', () => {
  it('compares whole numbers of 19 digits exactly', async () => {
    const { insert, read } = await withShipments();
    const greatest = '9223372036854775807';
    await insert({ code: 'greatest', bytes: greatest }, { code: 'next', bytes: '9223372036854775806' });
    const codes = async (tableFilter: string) => (await read({ tableFilter })).data.map(({ code }) => code);
    expect(await codes(`bytes == ${greatest}`)).toEqual(['greatest']);
    expect(await codes(`bytes < ${greatest}`)).toEqual(['next']);
  });

  const accepted: [filter: string, ids: number[]][] = [
    ['', [1, 2, 3]],
    ['  ', [1, 2, 3]],
    ['bytes == 9007199254740993', [1]],
    ['bytes >= 10', [1, 2]],
    ['BYTES != 10', [1, 3]],
    ['rate == 1.10', [1]],
    ['rate == 0.3', [2]],
    ['rate > 0.30000000000000000001', [1]],
    ['0.3 >= rate', [2]],
    ['ok == 1', [1]],
    ['!(ok == 1)', [2]],
    ['ok == 1 || bytes == 7', [1, 3]],
    ['ok == 1 || bytes == 7 && bytes == 8', [1]],
    ['(ok == 1 || bytes == 7) && bytes == 7', [3]],
    ['bytes + 1 * 2 == 12', [2]],
    ['(bytes + 1) * 2 == 22', [2]],
    ['bytes % 4 == 2 && bytes / 3 == 3', [2]],
    ['(bytes & 3) == 3', [3]],
    ['(bytes | 1) == 11', [2]],
    ['bytes == -(-7)', [3]],
    ['bytes - 8 == -1', [3]],
    ['(int) 7.9 == bytes', [3]],
    ['code == "Alpha"', [1]],
    ['code < "B"', [1]],
    ['code == "say \\"hi\\""', [3]],
    ["code == 'beta'", [2]],
    ['strcmp(code, "Alpha") == 0', [1]],
    ['strcmp(code, "Alpha") > 0', [2, 3]],
    ['stricmp(code, "ALPHA") == 0', [1]],
    ['strncmp(code, "Albert", 2) == 0', [1]],
    ['strnicmp(code, "BE", 2) == 0', [2]],
    ['strlen(code) == 8', [3]],
    ['atoi("12") == bytes + 2', [2]],
    ['ceil(rate) == 2 && floor(rate) == 1', [1]],
    ['fabs(rate - 2) > 1', [2]],
    ['fmod(bytes, 4) == 3', [3]],
    ['lower(concat(code, "!")) == "beta!"', [2]],
    ['insert(code, 1, 1, "m") == "meta"', [2]],
    ['ascii(code) == 65', [1]],
    ['substring(ucase(code), 2, 3) == "ETA"', [2]],
    ['rtrim(ltrim("  beta ")) == code', [2]],
    ['abs(0 - bytes) == atof("7.0")', [3]],
    ['chr(65) == left(code, 1)', [1]],
    ["sent == {ts'2024-12-06 10:00:00'}", [1]],
    ["sent > {d'2024-12-06'}", [1, 2]],
    ["sent > '12-06-2024'", [1, 2]],
    ["sent < '12/07/2024'", [1]],
    ["sent >= '7-DEC-2024'", [2]],
    ["sent == '2024-12-07'", [2]],
  ];

  it('follows C precedence, compares exactly and knows the vendor’s functions and dates', async () => {
    const { ids } = await withFilters();
    for (const [filter, expected] of accepted) expect([filter, await ids(filter)]).toEqual([filter, expected]);
  });

  it('refuses bad syntax and unknown names with a description', async () => {
    const { code, client } = await withFilters();
    const bad = [
      'bytes ==',
      '== 1',
      'bytes = 1',
      '(bytes == 1',
      'bytes == 1)',
      'none == 1',
      '(constructor) == 1',
      'f(code) == 1',
      '"open',
      '@',
    ];
    for (const filter of [...bad, 'strlen() == 1', "sent > {d'2024-99-99'}", '"a\\qb" == code', '('.repeat(200)]) {
      expect([filter, await code(filter)]).toEqual([filter, expect.toSatisfy((answer) => answer >= 99_000)]);
    }
    const { errorMessage } = await client.call('getRecordsByTable', { tableName: 'shipment', tableFilter: 'bytes ==' });
    expect(errorMessage).toContain('value is missing');
  });

  it('gives 598 to what is well formed but cannot be worked out', async () => {
    const { code } = await withFilters();
    for (const filter of [
      'code == 1',
      'bytes == "x"',
      "sent > 'soon'",
      'code + 1 == 2',
      'digest == "00"',
      'code',
      '"a"',
    ]) {
      expect([filter, await code(filter)]).toEqual([filter, 598]);
    }
    expect(await code(Array.from({ length: 1_500 }, () => 'bytes == 1').join(' || '))).toBe(598);
  });

  it('never lets text into SQL', async () => {
    const { ids } = await withFilters();
    expect(await ids(`code == "x' OR 1=1 --"`)).toEqual([]);
    expect(await ids(`code == "say \\"hi\\"" || strcmp(code, "'; DROP TABLE t2001; --") == 0`)).toEqual([3]);
    expect(await ids('')).toHaveLength(3);
  });
});
