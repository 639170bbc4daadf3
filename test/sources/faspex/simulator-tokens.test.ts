import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, keys, openFor } from './fixture.ts';
import { type Simulated, startSimulated } from './simulated.ts';

let world: Simulated;
beforeAll(async () => {
  world = await startSimulated();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.simulator.requests.clear());

describe('the tokens of the simulated server', () => {
  const tokens = () => world.simulator.requests.count('POST', '/auth/token');

  it('are asked for once by a thousand simultaneous first requests', async () => {
    await using source = world.open();
    const accounts = await Promise.all(
      Array.from({ length: 1000 }, () =>
        source.faspex.open({ identity: source.faspex.identify({ subject: world.plain }) }).account(),
      ),
    );
    expect(new Set(accounts.map((account) => account.name))).toEqual(new Set([world.plain]));
    expect(tokens()).toBe(1);
  });

  it('belong to one user each', async () => {
    await using source = world.open({ serviceUser: undefined });
    const names = await Promise.all(
      Array.from(
        { length: 20 },
        async (_, n) => (await openFor(source, n % 2 ? world.admin : world.plain).account()).name,
      ),
    );
    expect(names).toEqual(Array.from({ length: 20 }, (_, n) => (n % 2 ? world.admin : world.plain)));
    expect(tokens()).toBe(2);
  });

  it('are renewed sixty seconds early', async () => {
    let now = Date.now();
    await using source = world.open({}, () => now);
    const client = openFor(source);
    await client.account();
    const { credentialExpiresAt } = await source.faspex.check();
    expect((credentialExpiresAt?.getTime() ?? 0) - now).toBeGreaterThan(11.9 * 3_600_000);
    expect((credentialExpiresAt?.getTime() ?? 0) - now).toBeLessThanOrEqual(12 * 3_600_000);
    now = (credentialExpiresAt?.getTime() ?? 0) - 61_000;
    await client.account();
    expect(tokens()).toBe(1);
  });

  it('are renewed when the server has forgotten them', async () => {
    await using source = world.open();
    const client = openFor(source);
    await client.account();
    await world.simulator.switches.expireTokens?.({});
    expect((await client.account()).name).toBe(world.admin);
    expect(tokens()).toBe(2);
  });

  it('survive a restart of the server', async () => {
    await using source = world.open({ retries: 2 });
    const client = openFor(source);
    await client.account();
    await world.simulator.restart();
    await client.account();
    expect(tokens()).toBe(1);
  });

  it('are refused to an unknown user, to a foreign key, and to a clock that is far off', async () => {
    const twoHours = 2 * 3_600_000;
    const cases = [
      [world.open({ serviceUser: 'nobody' }), '2016', /may not act for this user/],
      [world.open({ privateKey: keys.privateKey }), '2017', /does not belong to the public key/],
      [world.open({ clientId: 'another' }), '2015', /clientId/],
      [world.open({}, () => Date.now() + twoHours), '2019', /compare the clocks/],
      [world.open({}, () => Date.now() - twoHours), '2019', /compare the clocks/],
    ] as const;
    for (const [opened, vendorCode, message] of cases) {
      await using source = opened;
      const error = await failure(openFor(source).account());
      expect(error).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', vendorCode });
      expect(error.message).toMatch(message);
    }
    await using source = world.open({}, () => Date.now() + 240_000);
    expect((await openFor(source).account()).name).toBe(world.admin);
  });

  it('are told apart from a server that hurts', async () => {
    await using source = world.open();
    const client = openFor(source);
    world.simulator.faults.add({ kind: 'status', status: 503, path: '/auth/token', times: 1 });
    expect(await failure(client.account())).toMatchObject({ code: 'SOURCE_UNAVAILABLE', retryable: true });
    world.simulator.faults.add({ kind: 'notJson', path: '/auth/token', times: 1 });
    expect(await failure(client.account())).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    world.simulator.faults.add({ kind: 'drop', path: '/auth/token', times: 1 });
    expect(await failure(client.account())).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect((await client.account()).name).toBe(world.admin);
  });
});
