import { describe, expect, it } from 'vitest';
import { account, post, type Row, signIn, startSimulator, withShipments } from './harness.ts';

describe('the envelope', () => {
  it('echoes requestId with its JSON type and every digit, and the token', async () => {
    const simulator = await startSimulator();
    const { authToken } = await signIn(simulator);
    const ids = ['"7"', '7', '12345678901234567890', 'null', 'true', '{"a":[1.50]}'];
    for (const id of ids) {
      const body = `{"api":"admin","action":"pingSession","authToken":"${authToken}","requestId":${id}}`;
      const { text, json } = await post(simulator, body);
      expect(text).toContain(`"requestId":${id.replace('1.50', '1.5')}`);
      expect(json).toMatchObject({ errorCode: 0, errorMessage: '', authToken });
    }
    expect((await post(simulator, { api: 'admin', action: 'pingSession' })).json).not.toHaveProperty('requestId');
  });

  it('finds actions whatever the case of their name and takes the api from request, session or product', async () => {
    const simulator = await startSimulator();
    const { authToken, code } = await signIn(simulator);
    expect(await code('LISTDATABASES', {})).toBe(0);
    expect((await post(simulator, { action: 'listDatabases', authToken })).json.errorCode).toBe(0);
    expect((await post(simulator, { action: 'createSession', params: account })).json.errorCode).toBe(0);
    expect((await post(simulator, { api: 'hub', action: 'listDatabases', authToken })).json.errorCode).not.toBe(0);
    const hub = await signIn(simulator, { defaultApi: 'hub' });
    const { json } = await post(simulator, { action: 'listDatabases', authToken: hub.authToken });
    expect(json.errorCode).not.toBe(0);
    expect(json).not.toHaveProperty('result');
  });

  it('tells a missing token, a dead token, a missing parameter and an unknown one apart', async () => {
    const simulator = await startSimulator();
    const { code } = await signIn(simulator);
    const bare = { api: 'db', action: 'listTables', params: {} };
    expect((await post(simulator, bare)).json.errorCode).toBe(12025);
    expect((await post(simulator, { ...bare, authToken: '' })).json.errorCode).toBe(12025);
    expect((await post(simulator, { ...bare, authToken: 'gone' })).json).toMatchObject({
      errorCode: 12031,
      authToken: 'gone',
    });
    expect(await code('describeTables', {})).toBe(12025);
    expect(await code('listTables', { tableNameLike: 'a' })).toBe(14702);
    expect(await code('listTables', { databaseName: null, skipRecords: null })).toBe(0);
  });

  it('shows the whole request and the supplied values only at debug max, in readable JSON', async () => {
    const simulator = await startSimulator();
    const request = { api: 'admin', action: 'createSession', params: account };
    const { json, text } = await post(simulator, { ...request, debug: 'MAX' });
    expect(json.debugInfo.request).toMatchObject({ params: account });
    expect(json.debugInfo).toMatchObject({ errorData: { errorData: null }, warnings: [] });
    expect(text).toContain('\n');
    const { authToken } = await signIn(simulator, { defaultDebug: 'max' });
    const failed = await post(simulator, { api: 'db', action: 'describeTables', authToken, params: {} });
    expect(failed.json.debugInfo.serverSuppliedValues).toEqual({ databaseName: 'ctreeSQL', ownerName: 'admin' });
    const quiet = await post(simulator, { ...request, debug: 'none' });
    expect(quiet.json).not.toHaveProperty('debugInfo');
    expect(quiet.text).not.toContain('\n');
  });

  it('leaves out what responseOptions.omit names, but never the error code', async () => {
    const { client } = await withShipments();
    const responseOptions = { omit: ['errorMessage', 'errorCode', 'fields', 'authToken'] };
    const answer = await client.call('getRecordsByTable', { tableName: 'shipment' }, { responseOptions });
    expect(answer).toHaveProperty('errorCode', 0);
    expect(answer).not.toHaveProperty('errorMessage');
    expect(answer).not.toHaveProperty('authToken');
    expect(answer.result).not.toHaveProperty('fields');
  });
});

describe('the formats of an answer', () => {
  const record = { code: 'A', bytes: '9007199254740993', rate: '12.5', digest: '00ff', meta: { n: 1 } };

  async function readText(responseOptions: Row): Promise<string> {
    const { simulator, client, insert } = await withShipments();
    await insert(record);
    const params = { tableName: 'shipment', ids: [1] };
    const body = { api: 'db', action: 'getRecordsByIds', authToken: client.authToken, params, responseOptions };
    return (await post(simulator, body)).text;
  }

  it('put the digits of a bigint raw into JSON in number mode, so that JSON.parse loses some', async () => {
    const text = await readText({ numberFormat: 'number' });
    expect(text).toContain('"bytes":9007199254740993,"rate":12.5');
    expect(JSON.parse(text).result.data[0].bytes).toBe(9007199254740992);
  });

  it('put every numeric field into a string in string mode, and nothing else', async () => {
    const text = await readText({ numberFormat: 'string' });
    expect(JSON.parse(text).result.data[0]).toMatchObject({ id: '1', ...record, ok: null });
  });

  it('write bytes as hex, base64 or an array', async () => {
    expect(await readText({})).toContain('"digest":"00ff"');
    expect(await readText({ binaryFormat: 'base64' })).toContain('"digest":"AP8="');
    expect(await readText({ binaryFormat: 'byteArray' })).toContain('"digest":[0,255]');
  });

  it('write rows as arrays in the order of the fields', async () => {
    const { result } = JSON.parse(await readText({ dataFormat: 'arrays', numberFormat: 'string' }));
    expect(result.fields.map(({ name }: { name: string }) => name).slice(0, 4)).toEqual([
      'id',
      'changeId',
      'code',
      'bytes',
    ]);
    expect(result.data[0].slice(2, 5)).toEqual(['A', '9007199254740993', '12.5']);
  });

  it('show chosen fields, whatever the case of their names', async () => {
    const included = JSON.parse(await readText({ includeFields: ['CODE', 'Ok'] })).result;
    expect(included.data[0]).toEqual({ code: 'A', ok: null });
    expect(included.fields).toHaveLength(2);
    const excluded = JSON.parse(await readText({ excludeFields: ['META', 'digest'] })).result.data[0];
    expect(Object.keys(excluded)).toEqual(['id', 'changeId', 'code', 'bytes', 'rate', 'sent', 'ok']);
  });

  it('add bookmarks, by which records can be updated', async () => {
    const { client, insert } = await withShipments();
    await insert(record);
    const responseOptions = { includeBookmarks: true };
    const { data } = await client.ok('getRecordsByTable', { tableName: 'shipment' }, { responseOptions });
    const sourceData = [{ _bookmark_: data[0]?._bookmark_, changeId: data[0]?.changeId, code: 'B' }];
    const updated = await client.ok('updateRecords', { tableName: 'shipment', sourceData });
    expect(updated.data[0]).toMatchObject({ id: '1', code: 'B', bytes: record.bytes });
  });

  it('refuse words that are no format', async () => {
    const { client } = await withShipments();
    const call = (responseOptions: Row) =>
      client.code('getRecordsByTable', { tableName: 'shipment' }, { responseOptions });
    expect(await call({ numberFormat: 'words' })).not.toBe(0);
    expect(await call({ numberformat: 'string' })).toBe(14702);
  });

  it('come from the session when the request names none', async () => {
    const { simulator, insert } = await withShipments();
    await insert(record);
    const options = { dataFormat: 'arrays', numberFormat: 'string', binaryFormat: 'base64' };
    const client = await signIn(simulator, { defaultResponseOptions: options });
    const read = await client.ok('getRecordsByIds', { tableName: 'shipment', ids: ['1'] }, { responseOptions: {} });
    expect(read).toMatchObject(options);
    expect(read.data[0]).toContain('AP8=');
  });
});
