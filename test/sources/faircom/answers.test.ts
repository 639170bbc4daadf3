import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../src/transport/source-error.ts';
import { configOf, type OddAnswer, openClient, openSource, PASSWORD, startOddFairCom, tableOf } from './odd-faircom.ts';

/** Answers one action oddly, and everything else as usual. */
const answering = (action: string, answer: OddAnswer) =>
  startOddFairCom((sent) => (sent.action === action ? answer : undefined));

async function listFrom(answer: OddAnswer) {
  const { url } = await answering('listDatabases', answer);
  return openClient(url).listDatabases({ first: 10 });
}

describe('an answer', () => {
  test('succeeds by its errorCode alone, whatever the status says of a failure', async () => {
    const refusal = { errorCode: 14702, errorMessage: 'property "x" is not accepted' };
    for (const status of [200, 400, 500]) {
      await expect(listFrom({ ...refusal, status })).rejects.toMatchObject({
        code: 'BAD_INPUT',
        vendorCode: '14702',
        message: 'warehouse did not accept the request: property "x" is not accepted.',
      });
    }
    await expect(listFrom({ result: { data: [] }, status: 400 })).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  test.each([
    [2, 'CONFLICT', false],
    [12, 'NOT_FOUND', true],
    [19, 'BAD_INPUT', false],
    [42, 'CONFLICT', true],
    [450, 'SOURCE_UNAUTHENTICATED', false],
    [451, 'SOURCE_UNAUTHENTICATED', false],
    [598, 'BAD_INPUT', false],
    [798, 'SOURCE_UNAVAILABLE', true],
    [799, 'SOURCE_UNAVAILABLE', true],
    [808, 'SOURCE_TIMEOUT', true],
    [809, 'SOURCE_TIMEOUT', true],
    [4021, 'CONFLICT', false],
    [4046, 'NOT_FOUND', false],
    [12025, 'BAD_INPUT', false],
    [12031, 'SOURCE_UNAUTHENTICATED', false],
    [12048, 'SOURCE_UNAVAILABLE', true],
    [14702, 'BAD_INPUT', false],
    [60031, 'SOURCE_UNAUTHENTICATED', false],
    [-17002, 'CONFLICT', false],
    [-20003, 'BAD_INPUT', false],
    [-20005, 'NOT_FOUND', false],
    [77123, 'BAD_INPUT', false],
  ])('with code %i is %s', async (errorCode, code, retryable) => {
    const failing = listFrom({ errorCode, errorMessage: 'because' });
    await expect(failing).rejects.toMatchObject({
      code,
      retryable,
      vendorCode: String(errorCode),
      source: 'warehouse',
    });
  });

  test('that is no envelope is told apart from a refusal', async () => {
    const page = '<html><body>Bad Gateway</body></html>';
    await expect(listFrom({ text: page })).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    await expect(listFrom({ text: page, status: 404 })).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    await expect(listFrom({ text: page, status: 401 })).rejects.toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
    await expect(listFrom({ text: page, status: 403 })).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    await expect(listFrom({ text: page, status: 500 })).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    await expect(listFrom({ text: '{"errorCode":"0"}' })).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    await expect(listFrom({ text: '[]' })).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  test('of the wrong shape is never an empty list', async () => {
    for (const result of [undefined, null, {}, { data: 'none' }, { data: { databaseName: 'x' } }]) {
      await expect(listFrom({ result })).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    }
  });

  test('never shows what debugInfo echoes', async () => {
    const debugInfo = { request: { params: { password: PASSWORD } } };
    const answer = { errorCode: 451, errorMessage: 'Invalid password', debugInfo } as OddAnswer;
    const error: unknown = await listFrom(answer).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(PASSWORD);
  });

  test('with one bad item keeps the others', async () => {
    const data = [{ databaseName: 'ctreeSQL', path: './c', uid: '999' }, { uid: 'x' }, { databaseName: 'faircom' }];
    const { items, next } = await listFrom({ result: { data } });
    expect(items[0]).toEqual({ databaseName: 'ctreeSQL', path: './c', uid: '999' });
    expect(items[1]).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    expect(items[2]).toEqual({ databaseName: 'faircom', path: undefined, uid: undefined });
    expect(next).toBeUndefined();
  });
});

describe('a login', () => {
  test.each([
    [450, 'SOURCE_UNAUTHENTICATED'],
    [451, 'SOURCE_UNAUTHENTICATED'],
    [99, 'SOURCE_UNAUTHENTICATED'],
    [12025, 'BAD_INPUT'],
    [12048, 'SOURCE_UNAVAILABLE'],
    [808, 'SOURCE_TIMEOUT'],
  ])('that fails with code %i is %s', async (errorCode, code) => {
    const server = await answering('createSession', { errorCode, errorMessage: 'no' });
    await expect(openClient(server.url).listDatabases({ first: 1 })).rejects.toMatchObject({ code });
  });

  test('finds the token inside the result, beside it, or fails', async () => {
    const inside = await answering('createSession', { result: { authToken: 'inner' } });
    await openClient(inside.url).pingSession();
    expect(inside.actions.at(-1)).toMatchObject({ action: 'pingSession', authToken: 'inner' });
    const beside = await answering('createSession', { result: {}, authToken: 'outer' } as OddAnswer);
    await openClient(beside.url).pingSession();
    expect(beside.actions.at(-1)).toMatchObject({ authToken: 'outer' });
    const without = await answering('createSession', { result: {} });
    await expect(openClient(without.url).pingSession()).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  test('asks for numbers as text and names no debug output', async () => {
    const server = await startOddFairCom(() => undefined);
    await openClient(server.url, { idleConnectionTimeoutSeconds: 120 }).pingSession();
    expect(server.actions[0]).toMatchObject({
      api: 'admin',
      action: 'createSession',
      params: {
        username: 'gateway',
        password: PASSWORD,
        defaultDebug: 'none',
        defaultBinaryFormat: 'hex',
        defaultResponseOptions: { dataFormat: 'objects', numberFormat: 'string', binaryFormat: 'hex' },
        idleConnectionTimeoutSeconds: 120,
      },
    });
  });

  test('that was refused is not tried again at once, so that no account is locked', async () => {
    const server = await answering('createSession', { errorCode: 451, errorMessage: 'no' });
    const client = openClient(server.url);
    for (let attempt = 0; attempt < 5; attempt += 1) await client.pingSession().catch(() => undefined);
    expect(server.count('createSession')).toBe(1);
  });
});

describe('health', () => {
  const check = (url: string) => openSource(configOf(url)).check();

  test('tells the version and the time that an answer took', async () => {
    const { url } = await startOddFairCom(() => undefined);
    const health = await check(url);
    expect(health).toMatchObject({ reachable: true, version: '13.1.0', detail: undefined });
    expect(health.latencyMs).toBeGreaterThanOrEqual(0);
  });

  test('tells a server that refuses us from one that is not there', async () => {
    const refusing = await answering('createSession', { errorCode: 451, errorMessage: 'Invalid password' });
    await expect(check(refusing.url)).resolves.toMatchObject({
      reachable: true,
      detail: 'warehouse refused the credential: Invalid password.',
    });
    await expect(check('http://127.0.0.1:1')).resolves.toMatchObject({ reachable: false, latencyMs: undefined });
    const inactive = await answering('pingSession', { errorCode: 12048, errorMessage: 'inactive' });
    await expect(check(inactive.url)).resolves.toMatchObject({ reachable: false });
  });
});

describe('values of a record', () => {
  const fields = {
    flag: 'bit',
    small: 'smallint',
    big: 'bigint',
    ratio: 'float',
    amount: 'number',
    price: 'money',
    day: 'date',
    sent: 'timestamp',
    code: 'varchar',
    digest: 'varbinary',
    meta: 'json',
    odd: 'vector',
  };
  const table = {
    ...tableOf(fields),
    fields: tableOf(fields).fields.map((f) => (f.name === 'odd' ? { ...f, type: 'OTHER' as const } : f)),
  };

  async function read(row: unknown, ...others: unknown[]) {
    const { url } = await answering('getRecordsByIds', { result: { data: [row, ...others] } });
    return openClient(url).getRecordsByIds(table, ['1', '2']);
  }

  test('are converted by the types of their fields', async () => {
    const [record] = await read({
      id: '9007199254740993',
      CHANGEID: '48211',
      flag: '1',
      small: '-7',
      big: '-9223372036854775808',
      ratio: '2.5e-3',
      amount: '12345678901234567890.1234',
      price: '9.90',
      day: '2026-01-05',
      sent: '2026-01-05T17:35:20.500',
      code: 'A "quoted" \\ name',
      digest: '00FF',
      meta: { nested: [1, null, 'x'] },
      odd: [1, 2],
      _bookmark_: 'place',
    });
    expect(record).toEqual({
      id: '9007199254740993',
      changeId: '48211',
      key: { id: '9007199254740993' },
      values: {
        id: '9007199254740993',
        changeId: '48211',
        flag: true,
        small: -7,
        big: '-9223372036854775808',
        ratio: 0.0025,
        amount: '12345678901234567890.1234',
        price: '9.90',
        day: '2026-01-05',
        sent: '2026-01-05T17:35:20.500',
        code: 'A "quoted" \\ name',
        digest: '00ff',
        meta: { nested: [1, null, 'x'] },
        odd: [1, 2],
      },
    });
  });

  test('that come as JSON numbers are believed only where nothing was rounded', async () => {
    const [exact] = await read({ id: 7, flag: true, big: 9007199254740991, amount: 12.5, ratio: 0.1 });
    expect(exact).toMatchObject({ id: '7', values: { big: '9007199254740991', amount: '12.5', ratio: 0.1 } });
    const tooLong = ['"big":9007199254740993', '"amount":1234567890.123456789', '"price":9007199254740993'];
    for (const cell of tooLong) {
      const text = `{"errorCode":0,"result":{"data":[{"id":7,${cell}}]}}`;
      const { url } = await answering('getRecordsByIds', { text });
      const [record] = await openClient(url).getRecordsByIds(table, ['7']);
      expect(record, cell).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    }
  });

  test('may be null in any field', async () => {
    const nulls = Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
    const [record] = await read({ id: '1', changeId: null, ...nulls });
    expect(record).toMatchObject({ id: '1', changeId: undefined, values: nulls });
  });

  test('that are none of their type spoil their own record only', async () => {
    const wrong = [
      { flag: 'yes' },
      { small: '1.5' },
      { big: 'many' },
      { ratio: '' },
      { amount: '1e5' },
      { day: 20260105 },
      { code: 5 },
      { digest: 'xyz' },
    ];
    for (const values of wrong) {
      const [bad, good] = await read({ id: '1', ...values }, { id: '2' });
      expect(bad, JSON.stringify(values)).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
      expect(good).toMatchObject({ id: '2' });
    }
    const [keyless, list] = await read({ code: 'no key' }, ['1', 'A']);
    expect(keyless).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    expect(list).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  test('are read by the fields of the answer where it lists them: a table may have changed meanwhile', async () => {
    const answerFields = [
      { name: 'id', type: 'BIGINT' },
      { name: 'code', type: 'integer' },
      { name: 'added', type: 'bit' },
    ];
    const { url } = await answering('getRecordsByIds', {
      result: { fields: answerFields, data: [{ id: '1', code: '5', added: '0' }] },
    });
    const [record] = await openClient(url).getRecordsByIds(table, ['1']);
    expect(record).toMatchObject({ values: { id: '1', code: 5, added: false } });
  });
});
