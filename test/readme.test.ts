import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './helpers/start-stack.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [packages, live, move, send, records] = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map(
  ([, text]) => text ?? '',
);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ seed: true });
});
afterAll(() => stack?.stop());

describe('the five examples of the README, as pasted', () => {
  it('list packages and the health of every server', async () => {
    const { faspex, sources } = await stack.everything.data<{
      faspex: { packages: { nodes: unknown[]; totalCount: number } };
      sources: { health: { reachable: boolean } }[];
    }>(packages ?? '');
    expect(faspex.packages.nodes).toHaveLength(5);
    expect(faspex.packages.totalCount).toBeGreaterThan(50);
    expect(sources.map(({ health }) => health.reachable)).toEqual([true, true, true, true, true]);
  });

  it('show a file move from one node to the other, live', async () => {
    const events = stack.everything.subscribe<{
      transfers: { transfer: { transferId: string; status: string } | null };
    }>(live ?? '');
    const next = events.next();
    const { transferBetweenNodes } = await stack.everything.data<{
      transferBetweenNodes: { transfer?: { status: string }; message?: string };
    }>((move ?? '').replace('/Archive/sensor dump 1GiB.bin', '/README.txt'));
    expect(transferBetweenNodes.message).toBeUndefined();
    expect((await next).value?.data?.transfers.transfer).toMatchObject({ transferId: expect.any(String) });
    await events.return?.();
  });

  it('send a package', async () => {
    const { sendPackageFromNode } = await stack.everything.data<{
      sendPackageFromNode: { package?: { packageId: string }; message?: string };
    }>(send ?? '');
    expect(sendPackageFromNode.message).toBeUndefined();
    expect(sendPackageFromNode.package?.packageId).toMatch(/^\d+$/);
  });

  it('read records by the range of a key', async () => {
    const { faircom } = await stack.everything.data<{
      faircom: { database: { table: { records: { nodes: { values: { bytes: string } }[] } } } };
    }>(records ?? '');
    const { nodes } = faircom.database.table.records;
    expect(nodes).toHaveLength(5);
    for (const { values } of nodes) expect(BigInt(values.bytes)).toBeGreaterThanOrEqual(9_007_199_254_740_993n);
  });
});
