import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeSimulator } from '../../simulators/node/node-simulator.ts';
import { endOf, nodeOf, sendFile } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => void Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } }),
  });
});
afterAll(() => stack?.stop());

interface Listed {
  readonly id: string;
  readonly transferId: string;
  readonly status: string;
  readonly direction: string;
  readonly side: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}
interface Page {
  readonly nodes: readonly Listed[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const query = `query ($node: String, $first: Int, $after: String, $activeOnly: Boolean, $direction: TransferDirection) {
  asperaNode(source: $node) { transfers(first: $first, after: $after, activeOnly: $activeOnly, direction: $direction) {
    totalCount nodes { id transferId status direction side startedAt endedAt } pageInfo { hasNextPage endCursor } } } }`;

const list = async (variables: object, client = stack.everything) =>
  (await client.data<{ asperaNode: { transfers: Page } }>(query, { node: 'london', ...variables })).asperaNode
    .transfers;

/** Calls for lists; polls for subscribers ask for no count. */
const feedCalls = (name: string) =>
  nodeOf(stack, name)
    .requests.all()
    .filter(({ path, url }) => path === '/ops/transfers' && url.includes('count=')).length;

/** The transfers that ended last, as the node itself lists them. */
async function endedLatest({ url, username, password }: NodeSimulator, count: number): Promise<string[]> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(`${url}/ops/transfers?count=10000&view=short_summary`, { headers: { authorization } });
  const transfers = (await response.json()) as { id: string; end_time_usec: number }[];
  const latestFirst = transfers.sort((left, right) => right.end_time_usec - left.end_time_usec);
  return latestFirst.slice(0, count).map(({ id }) => id);
}

describe('the transfers of a node', () => {
  it('are all found page by page in a long history, each page by at most six calls', async () => {
    const tokyo = nodeOf(stack, 'tokyo');
    tokyo.seedTransfers(3_000);
    const expected = await endedLatest(tokyo, 300);
    const seen: string[] = [];
    let after: string | null | undefined;
    for (let page = 0; page < 3; page += 1) {
      tokyo.requests.clear();
      const found = await list({ node: 'tokyo', first: 100, after });
      expect(feedCalls('tokyo')).toBeLessThanOrEqual(6);
      expect(found.pageInfo.hasNextPage).toBe(true);
      seen.push(...found.nodes.map(({ transferId }) => transferId));
      after = found.pageInfo.endCursor;
    }
    expect(seen).toEqual(expected);
  });

  it('come newest first, what goes on before what has ended, by at most six calls', async () => {
    const ended = [];
    for (const _ of [1, 2]) {
      const sent = await sendFile(stack, stack.everything);
      expect(await endOf(stack.everything, sent.id)).toBe('COMPLETED');
      ended.unshift(sent.transferId);
    }
    const options = { bytes: randomBytes(3_000_000), targetRateKbps: 1_000 };
    const running = await sendFile(stack, stack.everything, options);
    nodeOf(stack, 'london').requests.clear();
    const page = await list({ first: 10 });
    expect(page.nodes.map(({ transferId }) => transferId)).toEqual([running.transferId, ...ended]);
    expect(page.pageInfo.hasNextPage).toBe(false);
    // What goes on; ten minutes, an hour, six hours, and everything before them.
    expect(feedCalls('london')).toBe(5);
    // What fills the page is found in the last ten minutes; one call makes sure that nothing comes after it.
    nodeOf(stack, 'london').requests.clear();
    expect((await list({ first: 2 })).nodes).toHaveLength(2);
    expect(feedCalls('london')).toBe(3);
    expect((await list({ activeOnly: true })).nodes.map(({ id }) => id)).toEqual([running.id]);
    expect((await list({ direction: 'RECEIVE' })).nodes).toEqual([]);
    await stack.everything.data('mutation ($id: ID!) { cancelTransfer(input: { id: $id }) { __typename } }', running);
  });

  it('refuse a cursor of another list', async () => {
    const { pageInfo } = await list({ first: 1 });
    for (const other of [{ node: 'tokyo' }, { activeOnly: true }, { direction: 'SEND' }]) {
      const answer = await stack.everything.send(query, { node: 'london', ...other, after: pageInfo.endCursor });
      expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
    }
  });

  it('are single by id, and null when not there', async () => {
    const sent = await sendFile(stack, stack.everything);
    await endOf(stack.everything, sent.id);
    const data = await stack.everything.data(
      `query ($id: ID!, $transferId: String!) {
        transfer(id: $id) { transferId }
        asperaNode(source: "london") { transfer(transferId: $transferId) { id } none: transfer(transferId: "none") { id } }
      }`,
      sent,
    );
    expect(data).toEqual({
      transfer: { transferId: sent.transferId },
      asperaNode: { transfer: { id: sent.id }, none: null },
    });
    const wrong = await stack.everything.send('query ($id: ID!) { transfer(id: $id) { id } }', {
      id: Buffer.from('FaspexPackage:packages/1').toString('base64'),
    });
    expect(wrong.errors?.[0]?.extensions?.code).toBe('BAD_INPUT');
  });
});

describe('recentTransfers', () => {
  const recent = '{ recentTransfers(first: 5) { id source transferId ... on NodeTransfer { side } } }';
  interface Recent {
    readonly recentTransfers: readonly ({ id: string; source: string; side: string; transferId: string } | null)[];
  }

  it('tells a transfer that two nodes know once, as the node that started it knows it', async () => {
    const sent = await sendFile(stack, stack.everything, { initiator: 'DESTINATION' });
    await endOf(stack.everything, sent.id);
    const newest = async () => (await stack.everything.data<Recent>(recent)).recentTransfers;
    const counterpart = `query ($id: ID!) { transfer(id: $id) { ... on NodeTransfer { counterpart { id } } } }`;
    const { transfer } = await stack.everything.data<{ transfer: { counterpart: { id: string } } }>(counterpart, sent);
    const ids = (await newest()).map((one) => one?.id);
    expect(ids).toHaveLength(5);
    expect(ids.filter((id) => id === sent.id)).toHaveLength(1);
    expect(ids).not.toContain(transfer.counterpart.id);
  });

  it('has an error in the place of a node that fails, and everything else', async () => {
    nodeOf(stack, 'london').faults.add({ kind: 'status', status: 500, path: '/ops/transfers' });
    const { data, errors } = await stack.everything.send<Recent>(recent);
    nodeOf(stack, 'london').faults.clear();
    expect(data?.recentTransfers.slice(0, 5).every((one) => one?.source === 'tokyo')).toBe(true);
    expect(data?.recentTransfers[5]).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['recentTransfers', 5],
      extensions: { code: 'SOURCE_UNAVAILABLE', source: 'london' },
    });
  });

  it('is what the example of a dashboard shows', async () => {
    const dashboard = readExample('dashboard');
    const listed = await stack.everything.data<{ asperaNode: { transfers: { nodes: unknown[] } } }>(
      dashboard,
      { node: 'tokyo', first: 3 },
      'TransferList',
    );
    expect(listed.asperaNode.transfers.nodes).toHaveLength(3);
    const latest = await stack.everything.data<Recent>(dashboard, { first: 3 }, 'RecentTransfers');
    expect(latest.recentTransfers).toHaveLength(3);
  });

  it('has a limit', async () => {
    const { errors } = await stack.everything.send('{ recentTransfers(first: 51) { id } }');
    expect(errors?.[0]?.extensions?.code).toBe('BAD_INPUT');
  });
});
