import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    // The same server under a second name stands for a second server.
    configure: ({ sources }) => void sources.faspex.push({ ...sources.faspex[0], name: 'archive' }),
  });
});
afterAll(() => stack?.stop());

interface Recent {
  readonly recentPackages: readonly ({ id: string; source: string; createdAt: string } | null)[];
}

const recent = '{ recentPackages(first: 3) { id source createdAt } }';

describe('recentPackages', () => {
  it('are the latest of all servers, by one call each', async () => {
    const { faspex } = stack.simulators;
    await stack.everything.data(recent);
    faspex.requests.clear();
    const { recentPackages } = await stack.everything.data<Recent>(recent);
    expect(faspex.requests.all()).toHaveLength(2);
    expect(new Set(recentPackages.map((one) => one?.source))).toEqual(new Set(['packages', 'archive']));
    const times = recentPackages.map((one) => one?.createdAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(times).toHaveLength(3);
  });

  it('have an error in the place of a server that fails, and everything else', async () => {
    const { faspex } = stack.simulators;
    faspex.faults.add({ kind: 'status', status: 500, path: '/packages', times: 1 });
    const { data, errors } = await stack.everything.send<Recent>(recent);
    faspex.faults.clear();
    const found = data?.recentPackages ?? [];
    expect(found.at(-1)).toBeNull();
    expect(new Set(found.slice(0, -1).map((one) => one?.source)).size).toBe(1);
    expect(errors).toMatchObject([
      { path: ['recentPackages', found.length - 1], extensions: { source: expect.any(String) } },
    ]);
  });

  it('have a limit, and are single by their id', async () => {
    const tooMany = await stack.everything.send('{ recentPackages(first: 51) { id } }');
    expect(tooMany.errors?.[0]?.extensions?.code).toBe('BAD_INPUT');
    const { recentPackages } = await stack.everything.data<Recent>(recent);
    const [first] = recentPackages;
    const byId = 'query ($id: ID!) { package(id: $id) { id source } }';
    expect(await stack.everything.data(byId, { id: first?.id })).toEqual({
      package: { id: first?.id, source: first?.source },
    });
    const missing = Buffer.from('FaspexPackage:packages/999999').toString('base64');
    expect(await stack.everything.data(byId, { id: missing })).toEqual({ package: null });
    const other = Buffer.from('NodeTransfer:london/1').toString('base64');
    const wrong = await stack.everything.send(byId, { id: other });
    expect(wrong.errors?.[0]?.extensions?.code).toBe('BAD_INPUT');
  });
});
