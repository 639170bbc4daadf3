import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import type { FairComWorld } from './faircom-world.ts';

interface Client {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

const statusOf = (url: string, client: Client) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${url}/api`, { method: 'POST', ...client }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ api: 'admin', action: 'pingSession' }));
  });

/** What surrounds every action: envelope, errors, formats, TLS (faircom-netography-api.md §A1 to §A5, §A12). */
export function judgeEnvelope(world: () => FairComWorld): void {
  const act = async (authToken: string, action: string, params: Json = {}, more: Json = {}) =>
    world().send({ api: 'db', action, authToken, params, ...more });

  it('answers 404 to other paths, 405 to other methods, and 400 to a body that is no JSON', async () => {
    const { plainUrl } = world().simulator;
    const post = (path: string, body: string) => fetch(`${plainUrl}${path}`, { method: 'POST', body });
    expect((await post('/elsewhere', '{}')).status).toBe(404);
    expect((await fetch(`${plainUrl}/api`)).status).toBe(405);
    expect((await post('/api', '{"api":')).status).toBe(400);
    const ping = JSON.stringify({ api: 'admin', action: 'pingSession' });
    for (const path of ['/api', '/api/db', '/api/v1/action']) {
      const response = await post(path, ping);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'application/json']);
    }
  });

  it('gives the request id back as it came, whatever its type', async () => {
    for (const requestId of ['r-1', 7, null, { of: ['any', 'shape'] }]) {
      expect(await world().send({ api: 'admin', action: 'pingSession', requestId })).toMatchObject({ requestId });
    }
    expect(await world().send({ api: 'admin', action: 'pingSession' })).not.toHaveProperty('requestId');
  });

  it('gives the token of a new session at both places, and refuses it once the session is over', async () => {
    const { send, simulator } = world();
    const params = { username: simulator.username, password: simulator.password };
    const answer = await send({ api: 'admin', action: 'createSession', params });
    expect(objectAt(answer.result)).toMatchObject({
      ...{ authToken: answer.authToken, defaultDatabaseName: 'ctreeSQL', defaultOwnerName: 'admin', defaultApi: 'db' },
      ...{ idleConnectionTimeoutSeconds: 3600, idleCursorTimeoutSeconds: 600, permanentSession: false },
      sessionStartTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    });
    const { authToken } = answer;
    expect(await send({ api: 'admin', action: 'deleteSession', authToken })).toMatchObject({ errorCode: 0 });
    expect(await send({ api: 'admin', action: 'pingSession', authToken })).toMatchObject({ errorCode: 12_031 });
  });

  it('tells the vendor’s codes for what goes wrong', async () => {
    const { send, signIn, simulator } = world();
    const authToken = await signIn();
    const code = async (action: string, params: Json) => (await act(authToken, action, params)).errorCode;
    const login = (username: string, password: string) =>
      send({ api: 'admin', action: 'createSession', params: { username, password } });
    expect(await login('nobody', 'x')).toMatchObject({ errorCode: 450 });
    expect(await login(simulator.username, 'x')).toMatchObject({ errorCode: 451 });
    expect(await code('createDatabase', { databaseName: 'ctreeSQL' })).toBe(4021);
    expect(await code('createDatabase', { databaseName: 'fine', path: '/etc/../nowhere' })).toBe(19);
    expect(await code('describeTables', { tableNames: ['nowhere'] })).toBe(12);
    expect(await code('getRecordsUsingSQL', { sql: 'SELECT (1' })).toBe(-20_003);
    expect(await code('getRecordsUsingSQL', { sql: 'SELECT * FROM nowhere' })).toBe(-20_005);
    await act(authToken, 'createTable', {
      tableName: 'coded',
      fields: [{ name: 'code', type: 'varchar', length: 9 }],
      primaryKeyFields: ['code'],
    });
    const insert = (value: string) => code('insertRecords', { tableName: 'coded', sourceData: [{ code: value }] });
    expect([await insert('a'), await insert('a')]).toEqual([0, 2]);
    const [index] = listAt(objectAt((await act(authToken, 'listIndexes', { tableName: 'coded' })).result), 'data');
    const indexFilter = {
      indexName: index?.indexName,
      operator: '=',
      indexFields: [{ fieldName: 'code', value: 'z' }],
    };
    expect(await code('getRecordsStartingAtKey', { tableName: 'coded', indexFilter })).toBe(4046);
    await act(authToken, 'deleteTables', { tableNames: ['coded'] });
  });

  it('writes rows in the formats that are asked for', async () => {
    const authToken = await world().signIn();
    const fields = [
      { name: 'bytes', type: 'bigint' },
      { name: 'digest', type: 'varbinary', length: 8 },
    ];
    await act(authToken, 'createTable', { tableName: 'formed', fields });
    await act(authToken, 'insertRecords', {
      tableName: 'formed',
      sourceData: [{ bytes: '9007199254740993', digest: '00ff' }],
    });
    const read = async (responseOptions: Json) =>
      objectAt((await act(authToken, 'getRecordsByTable', { tableName: 'formed' }, { responseOptions })).result);
    expect((await read({ numberFormat: 'string' })).data).toMatchObject([
      { id: '1', bytes: '9007199254740993', digest: '00ff' },
    ]);
    expect(
      (
        await read({
          numberFormat: 'string',
          dataFormat: 'arrays',
          includeFields: ['bytes', 'digest'],
          binaryFormat: 'base64',
        })
      ).data,
    ).toEqual([['9007199254740993', 'AP8=']]);
    expect((await read({ binaryFormat: 'byteArray', excludeFields: ['id', 'changeId', 'bytes'] })).data).toEqual([
      { digest: [0, 255] },
    ]);
    expect((await read({ includeBookmarks: true })).data).toMatchObject([{ _bookmark_: expect.any(String) }]);
    await act(authToken, 'deleteTables', { tableNames: ['formed'] });
  });

  it('names its own databases, the next one from 1007 on, and adds a key and a change id to tables', async () => {
    const authToken = await world().signIn();
    const { result } = await act(authToken, 'listDatabases');
    expect(listAt(objectAt(result), 'data')).toMatchObject([
      { databaseName: 'ctreeSQL', uid: 999 },
      { databaseName: 'faircom', uid: 1001 },
    ]);
    const made = await act(authToken, 'createDatabase', { databaseName: 'mine' });
    expect(Number(listAt(objectAt(made.result), 'data')[0]?.uid)).toBeGreaterThanOrEqual(1007);
    await act(authToken, 'deleteDatabase', { databaseName: 'mine' });
    const created = await act(authToken, 'createTable', {
      tableName: 'keyed',
      fields: [{ name: 'word', type: 'VARCHAR', length: 9 }],
    });
    const [table] = listAt(objectAt(created.result), 'data');
    expect(table).toMatchObject({ primaryKeyFields: ['id'], changeIdField: 'changeId' });
    expect(listAt(table, 'fields').map(({ name, autoValue }) => [name, autoValue])).toEqual([
      ['id', 'incrementOnInsert'],
      ['changeId', 'changeId'],
      ['word', 'none'],
    ]);
    await act(authToken, 'deleteTables', { tableNames: ['keyed'] });
  });

  it('tells everything of the request when asked to debug, and is compact otherwise', async () => {
    const { plainUrl } = world().simulator;
    const authToken = await world().signIn();
    const ping = async (debug: string) => {
      const body = JSON.stringify({ api: 'admin', action: 'pingSession', authToken, debug });
      return (await fetch(`${plainUrl}/api`, { method: 'POST', body })).text();
    };
    expect(await ping('none')).not.toMatch(/\n|debugInfo/);
    const answer: unknown = JSON.parse(await ping('MAX'));
    expect(objectAt(answer, 'debugInfo')).toMatchObject({
      request: { action: 'pingSession' },
      serverSuppliedValues: { databaseName: 'ctreeSQL' },
    });
    expect(await ping('max')).toContain('\n');
  });

  it('speaks HTTPS only with clients that show their certificate', async () => {
    const { url, caFile, certFile, keyFile } = world().simulator;
    const ca = await readFile(caFile, 'utf8');
    const client = { ca, cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
    expect(await statusOf(url, client)).toBe(200);
    await expect(statusOf(url, { ca })).rejects.toThrow();
  });
}
