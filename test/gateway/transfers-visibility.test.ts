import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOf, type StartedTransfer, sendFile } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import type { TestClient } from '../helpers/test-client.ts';

let stack: Stack;
/** Everything of this one's own, and a scope that says "all" on nodes that do not. */
let owner: TestClient;
/** May start transfers, but not see everybody's. */
let reader: TestClient;
/** May read transfers and nothing else. */
let stranger: TestClient;

const strangerKey = `stranger_${randomBytes(18).toString('base64url')}`;

beforeAll(async () => {
  stack = await startStack({
    configure: (settings, _simulators, env) => {
      const { apiKeys } = settings.viewers;
      apiKeys[1]?.scopes.push('transfer', 'transfer.start', 'faspex.send');
      env.STRANGER = strangerKey;
      const scopes = ['transfer.read', 'transfer.all'];
      apiKeys.push(Object.assign({ name: 'stranger', scopes }, { key: { env: 'STRANGER' } }));
      for (const node of settings.sources.node) node.visibility = 'own';
    },
  });
  owner = stack.everything;
  reader = stack.reader;
  stranger = stack.client(strangerKey);
});
afterAll(() => stack?.stop());

const everyWay = `query ($id: ID!, $transferId: String!, $node: String!) {
  node(id: $id) { id }
  nodes(ids: [$id]) { id }
  transfer(id: $id) { id }
  recentTransfers(first: 50) { id }
  asperaNode(source: $node) {
    transfer(transferId: $transferId) { id }
    transfers(first: 50) { nodes { id } }
    active: transfers(first: 50, activeOnly: true) { nodes { id } }
  }
}`;

interface Everything {
  readonly node: unknown;
  readonly nodes: readonly unknown[];
  readonly transfer: unknown;
  readonly recentTransfers: readonly { readonly id: string }[];
  readonly asperaNode: {
    readonly transfer: unknown;
    readonly transfers: { readonly nodes: readonly { readonly id: string }[] };
    readonly active: { readonly nodes: readonly { readonly id: string }[] };
  };
}

/** By which ways a viewer sees a transfer that goes on. */
async function seenBy(client: TestClient, { id, transferId, source }: StartedTransfer) {
  const data = await client.data<Everything>(everyWay, { id, transferId, node: source });
  const { asperaNode } = data;
  return {
    node: data.node !== null,
    nodes: data.nodes[0] !== null,
    transfer: data.transfer !== null,
    recentTransfers: data.recentTransfers.some((one) => one.id === id),
    ofNode: asperaNode.transfer !== null,
    listed: asperaNode.transfers.nodes.some((one) => one.id === id),
    listedActive: asperaNode.active.nodes.some((one) => one.id === id),
  };
}

const ways = ['node', 'nodes', 'transfer', 'recentTransfers', 'ofNode', 'listed', 'listedActive'];
const byEveryWay = Object.fromEntries(ways.map((way) => [way, true]));
const byNoWay = Object.fromEntries(ways.map((way) => [way, false]));

const slow = () => ({ bytes: randomBytes(4_000_000), targetRateKbps: 1_500 });
const cancel = (client: TestClient, { id }: StartedTransfer) =>
  client.data(readExample('control-transfer'), { id }, 'CancelTransfer');

describe('with visibility `own`', () => {
  it('shows a transfer to the viewer who started it, by every way', async () => {
    const mine = await sendFile(stack, reader, slow());
    expect(await seenBy(reader, mine)).toEqual(byEveryWay);
    // The scope `transfer.all` counts only where the source says `visibility: all`.
    expect(await seenBy(owner, mine)).toEqual(byNoWay);
    expect(await seenBy(stranger, mine)).toEqual(byNoWay);
    await cancel(reader, mine);
  });

  it('shows its record on the other node, too', async () => {
    const mine = await sendFile(stack, reader, slow());
    const query = 'query ($id: ID!) { transfer(id: $id) { ... on NodeTransfer { counterpart { source side } } } }';
    await expect
      .poll(() => reader.data(query, mine), { timeout: 10_000 })
      .toEqual({
        transfer: { counterpart: { source: 'tokyo', side: 'SERVER' } },
      });
    await cancel(reader, mine);
  });

  it('lists from the node only what is theirs, by at most six calls however much there is', async () => {
    const tokyo = nodeOf(stack, 'tokyo');
    tokyo.seedTransfers(3000);
    tokyo.requests.clear();
    const query = '{ asperaNode(source: "tokyo") { transfers(first: 20) { nodes { id } pageInfo { hasNextPage } } } }';
    expect(await stranger.data(query)).toEqual({
      asperaNode: { transfers: { nodes: [], pageInfo: { hasNextPage: false } } },
    });
    // A page with the viewer's mark, which is empty.
    expect(tokyo.requests.all()).toHaveLength(1);
    expect(await reader.data(query)).toHaveProperty('asperaNode.transfers.nodes');
    expect(tokyo.requests.all().length).toBeLessThanOrEqual(1 + 6);
  });

  it('shows the transfers of a package to everybody who can read the package', async () => {
    const { docroot } = nodeOf(stack, 'london');
    await writeFile(join(docroot, 'delivery.mov'), randomBytes(200_000));
    const [, recipient] = stack.simulators.faspex.users;
    const text = readExample('send-package');
    const variables = { title: 'Rohschnitt', to: recipient?.email, node: 'london', paths: ['/delivery.mov'] };
    const sent = await owner.data<{ sendPackageFromNode: { transfer: { id: string }; package: { id: string } } }>(
      text,
      variables,
      'SendPackageFromNode',
    );
    const { transfer, package: pkg } = sent.sendPackageFromNode;
    const query = `query ($id: ID!) {
      transfer(id: $id) { id ... on NodeTransfer { package { id title } counterpart { source } } }
      recentTransfers { id }
      asperaNode(source: "london") { transfers { nodes { id } } }
    }`;
    const seen = {
      transfer: { id: transfer.id, package: { id: pkg.id, title: 'Rohschnitt' }, counterpart: { source: 'tokyo' } },
      recentTransfers: expect.arrayContaining([{ id: transfer.id }]),
      asperaNode: { transfers: { nodes: expect.arrayContaining([{ id: transfer.id }]) } },
    };
    await expect.poll(() => owner.data(query, transfer), { timeout: 10_000 }).toEqual(seen);
    // Recipients can read it once its files have been checked.
    await expect.poll(() => reader.data(query, transfer), { timeout: 10_000 }).toEqual(seen);
    const other = await stranger.data('query ($id: ID!) { transfer(id: $id) { id } recentTransfers { id } }', transfer);
    expect(other).toEqual({ transfer: null, recentTransfers: [] });
    // Without Faspex nobody knows whose it is: that is an error in its place, neither shown nor taken for absent.
    stack.simulators.faspex.faults.add({ kind: 'status', status: 500, path: '/packages' });
    const failed = await reader.send<{ asperaNode: { transfers: { nodes: unknown[] } } }>(
      '{ asperaNode(source: "london") { transfers { nodes { id } } } }',
    );
    stack.simulators.faspex.faults.clear();
    const place = failed.data?.asperaNode.transfers.nodes.indexOf(null);
    expect(failed.errors).toMatchObject([
      { path: ['asperaNode', 'transfers', 'nodes', place], extensions: { source: 'packages' } },
    ]);
  });

  it('needs the scopes of files and packages, whichever way one comes to them', async () => {
    const file = Buffer.from('AsperaFile:london/%2F').toString('base64');
    const byId = await stranger.send('query ($file: ID!) { node(id: $file) { id } }', { file });
    expect(byId).toMatchObject({ data: { node: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await reader.data('query ($file: ID!) { node(id: $file) { id } }', { file })).toEqual({
      node: { id: file },
    });
    const { errors } = await stranger.send(
      '{ asperaNode(source: "london") { transfers { nodes { package { title } } } } }',
    );
    expect(errors?.[0]?.message).toContain('faspex.read');
  });
});
