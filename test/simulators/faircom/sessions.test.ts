import { describe, expect, it } from 'vitest';
import { createClock } from '../../../simulators/kit/clock.ts';
import { account, post, type Row, signIn, startSimulator } from './harness.ts';

const create = (params: Row) => ({ api: 'admin', action: 'createSession', params });

describe('createSession', () => {
  it('returns the token twice and the effective settings', async () => {
    const simulator = await startSimulator();
    const { json } = await post(simulator, create({ ...account, idleCursorTimeoutSeconds: 120, description: 'test' }));
    expect(json.authToken).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(json.result).toMatchObject({
      authToken: json.authToken,
      username: 'gateway',
      description: 'test',
      defaultApi: 'db',
      defaultDebug: 'none',
      defaultDatabaseName: 'ctreeSQL',
      defaultOwnerName: 'admin',
      defaultBinaryFormat: 'hex',
      defaultResponseOptions: { dataFormat: 'objects', numberFormat: 'number', binaryFormat: 'hex' },
      idleConnectionTimeoutSeconds: 3600,
      idleCursorTimeoutSeconds: 120,
      permanentSession: false,
    });
    expect(json.result.sessionStartTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  });

  it('takes user names in any case and refuses wrong credentials', async () => {
    const simulator = await startSimulator();
    const code = async (params: Row) => (await post(simulator, create(params))).json.errorCode;
    expect(await code({ ...account, username: 'GATEWAY' })).toBe(0);
    expect(await code({ ...account, username: 'nobody' })).toBe(450);
    expect(await code({ ...account, password: 'CORRECT HORSE' })).toBe(451);
    expect(await code({ username: 'gateway' })).toBe(12025);
  });

  it('allows 50 sessions of one user, and a new one when another ended', async () => {
    const simulator = await startSimulator();
    const clients = await Promise.all(Array.from({ length: 50 }, () => signIn(simulator)));
    expect((await post(simulator, create(account))).json.errorCode).not.toBe(0);
    await clients[0]?.ok('deleteSession', undefined, { api: 'admin' });
    expect((await post(simulator, create(account))).json.errorCode).toBe(0);
  });
});

describe('a session', () => {
  it('ends with deleteSession', async () => {
    const simulator = await startSimulator();
    const { call, authToken } = await signIn(simulator);
    const ended = await call('deleteSession', undefined, { api: 'admin' });
    expect(ended).toMatchObject({ errorCode: 0, authToken });
    expect((await call('listTables', {})).errorCode).toBe(12031);
    expect((await call('pingSession', undefined, { api: 'admin' })).errorCode).toBe(12031);
    expect((await post(simulator, { api: 'admin', action: 'deleteSession', authToken: '' })).json.errorCode).toBe(
      12025,
    );
  });

  it('dies of idleness on the simulator’s clock, unless something is called in time', async () => {
    const clock = createClock();
    const simulator = await startSimulator({ clock });
    const { code } = await signIn(simulator, { idleConnectionTimeoutSeconds: 60 });
    clock.advance(50_000);
    expect(await code('pingSession', undefined, { api: 'admin' })).toBe(0);
    clock.advance(50_000);
    expect(await code('listTables', {})).toBe(0);
    clock.advance(61_000);
    expect(await code('listTables', {})).toBe(12031);
  });

  it('never dies of idleness when it is permanent or its time-out is -1', async () => {
    const clock = createClock();
    const simulator = await startSimulator({ clock });
    const endless = await signIn(simulator, { idleConnectionTimeoutSeconds: -1 });
    const permanent = await signIn(simulator, { permanentSession: 'true' });
    clock.advance(10 * 365 * 86_400_000);
    expect(await endless.code('listTables', {})).toBe(0);
    expect(await permanent.code('listTables', {})).toBe(0);
  });

  it('changes its defaults in place', async () => {
    const simulator = await startSimulator();
    const { ok } = await signIn(simulator);
    const altered = await ok('alterSession', { defaultDatabaseName: 'faircom' }, { api: 'admin' });
    expect(altered).toMatchObject({ defaultDatabaseName: 'faircom', defaultOwnerName: 'admin' });
    await ok('createTable', { tableName: 'here', fields: [{ name: 'a', type: 'integer' }] });
    const { data } = await ok('listTables', { databaseName: 'faircom' });
    expect(data).toMatchObject([{ databaseName: 'faircom', tableName: 'here' }]);
  });

  it('is listed without its token and described with it', async () => {
    const simulator = await startSimulator();
    const first = await signIn(simulator, { description: 'first' });
    const second = await signIn(simulator, { description: 'second' });
    const admin = { api: 'admin' };
    const listed = JSON.stringify(await first.ok('listSessions', {}, admin));
    expect(listed).toContain('second');
    expect(listed).not.toContain(second.authToken);
    const described = await first.ok('describeSessions', { authTokens: [second.authToken] }, admin);
    expect(described.sessions).toMatchObject([{ authToken: second.authToken, description: 'second' }]);
    expect((await first.ok('describeSessions', {}, admin)).sessions).toHaveLength(2);
  });

  it('may ask for the services, whose certificates only sessions see', async () => {
    const simulator = await startSimulator();
    const { ok } = await signIn(simulator);
    const open = await post(simulator, { api: 'admin', action: 'listServices' });
    const port = new URL(simulator.url).port;
    expect(open.json.result.listeners).toContainEqual(
      expect.objectContaining({ port, protocol: 'https', enabled: true }),
    );
    expect(open.text).not.toContain('"tls"');
    expect(JSON.stringify(await ok('listServices', undefined, { api: 'admin' }))).toContain('"tls"');
  });
});
