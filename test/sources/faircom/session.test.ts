import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { configOf, openSource, startOddFairCom } from './odd-faircom.ts';
import { operationOf, startWarehouse, type Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await startWarehouse();
});
afterAll(() => warehouse.close());
beforeEach(async () => {
  const { simulator } = warehouse;
  simulator.faults.clear();
  await simulator.switches.oldExpiryCode?.({ enabled: false });
  await simulator.switches.httpErrors?.({ enabled: false });
  await simulator.switches.expireSessions?.({});
  simulator.requests.clear();
});

/** Ends all sessions at the server, and tells how many there were. */
const ended = async () => {
  const reply = await fetch(`${warehouse.simulator.controlUrl}/switches/expireSessions`, { method: 'POST' });
  return ((await reply.json()) as { expired: number }).expired;
};
const posts = () => warehouse.simulator.requests.count('POST');
const list = (source: ReturnType<Warehouse['open']>, partialName?: string) =>
  operationOf(source).client.listDatabases({ first: 50, partialName });

describe('the connection', () => {
  test('is made with the client certificate', async () => {
    const { items } = await list(warehouse.open());
    expect(items).toContainEqual(expect.objectContaining({ databaseName: 'ctreeSQL', uid: '999' }));
  });

  test('is refused without the client certificate, and by a certificate that is not trusted', async () => {
    const { caFile } = warehouse.simulator;
    const { tls } = warehouse.config();
    const unknown = { ...tls, caFile: undefined };
    for (const settings of [{ caFile }, unknown]) {
      const source = warehouse.open({ tls: settings, retries: 0 });
      await expect(list(source)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
      await expect(source.check()).resolves.toMatchObject({ reachable: false });
    }
  });

  test('is refused when the certificate names another host', async () => {
    const tls = { ...warehouse.config().tls, serverName: 'other.example.com' };
    await expect(list(warehouse.open({ tls, retries: 0 }))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });
});

describe('the session', () => {
  test('is opened once for a thousand simultaneous first requests', async () => {
    const source = warehouse.open();
    const names = Array.from({ length: 1000 }, (_, place) => `none-${place}`);
    const pages = await Promise.all(names.map((name) => list(source, name)));
    expect(pages.every(({ items }) => items.length === 0)).toBe(true);
    expect(posts()).toBe(1001);
    expect(await ended()).toBe(1);
  });

  test.each([
    ['12031', false, false],
    ['60031', true, false],
    ['60031 with HTTP 400', true, true],
  ])('is reopened once when it has expired (%s), and every call repeated', async (_name, isOld, hasStatus) => {
    const { switches } = warehouse.simulator;
    await switches.oldExpiryCode?.({ enabled: isOld });
    await switches.httpErrors?.({ enabled: hasStatus });
    const source = warehouse.open();
    await list(source);
    await switches.expireSessions?.({});
    warehouse.simulator.requests.clear();
    await Promise.all(Array.from({ length: 40 }, (_, place) => list(source, `none-${place}`)));
    expect(posts()).toBe(40 + 1 + 40);
    expect(await ended()).toBe(1);
  });

  test('is reopened after it was idle for longer than the server allows', async () => {
    const source = warehouse.open({ idleConnectionTimeoutSeconds: 60 });
    await list(source);
    warehouse.simulator.clock.advance(59_000);
    await list(source);
    warehouse.simulator.clock.advance(59_000);
    await list(source);
    expect(posts()).toBe(4);
    warehouse.simulator.clock.advance(61_000);
    await list(source);
    expect(posts()).toBe(7);
  });

  test('survives a restart of the server: also a call that is never repeated by itself', async () => {
    await warehouse.createTable({ tableName: 'restarted', fields: [{ name: 'code', type: 'varchar', length: 10 }] });
    const source = warehouse.open();
    const { client, loaders } = operationOf(source);
    const table = await loaders.table.load({ tableName: 'restarted' });
    await warehouse.simulator.restart();
    // The first read finds the broken sockets; nothing that writes is lost to them.
    await list(source);
    await warehouse.simulator.switches.expireSessions?.({});
    await client.insertRecords(table, [{ code: 'A' }]);
    expect(await client.countRecords(table)).toBe(1);
  });

  test('is given up when the server refuses every token, after one renewal', async () => {
    const server = await startOddFairCom(({ action }) =>
      action === 'listDatabases' ? { errorCode: 12031, errorMessage: 'unknown' } : undefined,
    );
    const source = openSource(configOf(server.url));
    await expect(list(source)).rejects.toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', vendorCode: '12031' });
    expect([server.count('createSession'), server.count('listDatabases')]).toEqual([2, 2]);
  });

  test('ends at the server when the source is closed', async () => {
    const source = warehouse.open();
    await list(source);
    await source.close();
    expect(await ended()).toBe(0);
  });

  test('that cannot be ended does not hold up the close', async () => {
    const server = await startOddFairCom(({ action }) => (action === 'deleteSession' ? { text: '<html>' } : undefined));
    const source = openSource(configOf(server.url));
    await list(source).catch(() => undefined);
    await expect(source.close()).resolves.toBeUndefined();
    expect(server.count('deleteSession')).toBe(1);
  });

  test('is not opened for wrong credentials, and the password shows up nowhere', async () => {
    const source = warehouse.open({ password: createSecret('wrong-horse') });
    const error = await list(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', vendorCode: '451' });
    expect(String(error)).not.toContain('wrong-horse');
    expect(await ended()).toBe(0);
  });

  test('is one for the account, whoever asks; accounts and servers have their own', () => {
    const [here, other, there] = [
      warehouse.open(),
      warehouse.open({ username: 'reader' }),
      warehouse.open({ url: 'https://db.example.com' }),
    ];
    expect(here.identify({ subject: 'ada' })).toBe(here.identify(undefined));
    const keys = [here, other, there].map((source) => source.identify(undefined).key);
    expect(new Set(keys).size).toBe(3);
    expect(keys.join()).not.toContain('correct-horse-battery');
  });

  test('is never shared by two sources of one server', async () => {
    const sources = [warehouse.open({ name: 'first' }), warehouse.open({ name: 'second' })];
    await Promise.all(sources.map((source) => list(source)));
    expect(await ended()).toBe(2);
  });
});

describe('services and sessions', () => {
  test('are listed without secrets', async () => {
    const source = warehouse.open();
    const { client } = operationOf(source);
    const services = await client.listServices();
    expect(services).toContainEqual({
      serviceName: 'https8443',
      protocol: 'https',
      port: Number(new URL(warehouse.simulator.url).port),
      description: 'JSON DB API over https',
      enabled: true,
    });
    const sessions = await client.listSessions();
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ username: 'gateway', defaultDatabaseName: 'ctreeSQL' });
    expect(Object.keys(sessions[0] ?? {})).not.toContain('authToken');
  });

  test('health is one call in the session', async () => {
    const source = warehouse.open();
    await expect(source.check()).resolves.toMatchObject({ reachable: true, detail: undefined });
    await source.check();
    expect(posts()).toBe(3);
    await warehouse.simulator.switches.serviceInactive?.({ times: 1 });
    await expect(source.check()).resolves.toMatchObject({ reachable: false, latencyMs: undefined });
  });
});
