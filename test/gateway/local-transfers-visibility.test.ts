import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeLocal, followLocal, type LocalTransfer, sendLocalFile, stopLocal } from '../helpers/local-transfers.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import type { TestClient } from '../helpers/test-client.ts';

const newKey = () => randomBytes(18).toString('base64url');
const keys = { owner: newKey(), other: newKey(), overseer: newKey() };
type Who = keyof typeof keys;

const scopes: Readonly<Record<Who, readonly string[]>> = {
  owner: ['transfer', 'transfer.start', 'transfer.read'],
  other: ['transfer', 'transfer.start', 'transfer.read'],
  overseer: ['transfer.start', 'transfer.read', 'transfer.all'],
};

/** A stack whose daemon shows viewers their own transfers, or everything to whom may see it. */
async function startWith(visibility: 'own' | 'all') {
  const stack = await startStack({
    configure: (settings, _simulators, env) => {
      for (const [name, key] of Object.entries(keys)) {
        env[`KEY_${name}`] = key;
        const entry = { name, scopes: [...scopes[name as Who]], key: { env: `KEY_${name}` } };
        settings.viewers.apiKeys.push(entry);
      }
      for (const daemon of settings.sources.transferd) daemon.visibility = visibility;
    },
  });
  return {
    stack,
    owner: stack.client(keys.owner),
    other: stack.client(keys.other),
    overseer: stack.client(keys.overseer),
  };
}

const everyWay = `query ($id: ID!, $transferId: String!) {
  node(id: $id) { id }
  nodes(ids: [$id]) { id }
  transfer(id: $id) { id }
  transferd { transfer(transferId: $transferId) { id } transfers(first: 100) { totalCount nodes { id } } }
}`;

interface Everything {
  readonly node: unknown;
  readonly nodes: readonly unknown[];
  readonly transfer: unknown;
  readonly transferd: {
    readonly transfer: unknown;
    readonly transfers: { readonly totalCount: number; readonly nodes: readonly { readonly id: string }[] };
  };
}

const hidden = { node: false, nodes: false, transfer: false, ofDaemon: false, list: false };
const shown = { node: true, nodes: true, transfer: true, ofDaemon: true, list: true };

/** By which ways a viewer sees a transfer. */
async function seenBy(client: TestClient, { id, transferId }: LocalTransfer) {
  const { node, nodes, transfer, transferd } = await client.data<Everything>(everyWay, { id, transferId });
  return {
    node: node !== null,
    nodes: nodes[0] !== null,
    transfer: transfer !== null,
    ofDaemon: transferd.transfer !== null,
    list: transferd.transfers.nodes.some((one) => one.id === id),
  };
}

const slow = { bytes: randomBytes(5_000_000), targetRateKbps: 1_000 };

let own: Awaited<ReturnType<typeof startWith>>;
let stack: Stack;
beforeAll(async () => {
  own = await startWith('own');
  stack = own.stack;
});
afterAll(() => stack?.stop());

describe('a daemon that shows viewers their own transfers', () => {
  it('shows a transfer to whom it was started for, by every way, and to nobody else', async () => {
    const transfer = await sendLocalFile(stack, own.owner, slow);
    expect(await seenBy(own.owner, transfer)).toEqual(shown);
    expect(await seenBy(own.other, transfer)).toEqual(hidden);
    expect(await seenBy(own.overseer, transfer)).toEqual(hidden);
    await stopLocal(own.owner, transfer.id);
  });

  it('lets nobody else watch, change or stop it', async () => {
    const transfer = await sendLocalFile(stack, own.owner, slow);
    const watching = followLocal(own.other, transfer.id);
    await watching.end;
    expect(watching.events).toEqual([]);
    expect(watching.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await changeLocal(own.other, { id: transfer.id, action: 'PAUSE' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stopLocal(own.other, transfer.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await stopLocal(own.owner, transfer.id)).transfer?.status).toBe('CANCELED');
  });

  it('does not hand its events to who had a cursor of another transfer', async () => {
    const [theirs, mine] = [await sendLocalFile(stack, own.owner, slow), await sendLocalFile(stack, own.other, slow)];
    const watching = followLocal(own.other, mine.id);
    await expect.poll(() => watching.events.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const after = watching.events[0]?.cursor ?? '';
    const intruding = followLocal(own.other, theirs.id, after);
    await intruding.end;
    expect(intruding.events).toEqual([]);
    expect(intruding.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    await watching.stop();
    await Promise.all([stopLocal(own.owner, theirs.id), stopLocal(own.other, mine.id)]);
  });

  it('takes no mark for true that a caller wrote into a spec', async () => {
    const transfer = await sendLocalFile(stack, own.owner, slow);
    const { node } = await own.owner.data<{ node: { tags: Record<string, unknown> } }>(
      'query ($id: ID!) { node(id: $id) { ... on TransferdTransfer { tags } } }',
      { id: transfer.id },
    );
    expect(node.tags.graphqlGateway).toMatchObject({ viewer: expect.any(String) });
    // The other starts a transfer with the owner's mark: it is the other's all the same.
    const spec = { ...JSON.parse('{"direction":"send","remote_host":"127.0.0.1","token":"x"}'), tags: node.tags };
    const { startLocalTransfer } = await own.other.data<{ startLocalTransfer: { transfer: LocalTransfer } }>(
      `mutation ($spec: JSON!) { startLocalTransfer(input: { spec: { json: $spec }, paths: [{ source: "/x" }] }) {
        ... on StartLocalTransferSuccess { transfer { id transferId status } } ... on Error { message } } }`,
      { spec },
    );
    expect(await seenBy(own.other, startLocalTransfer.transfer)).toEqual(shown);
    expect(await seenBy(own.owner, startLocalTransfer.transfer)).toEqual(hidden);
    await stopLocal(own.owner, transfer.id);
  });
});

describe('a daemon that shows everything', () => {
  it('shows it to whom has the scope for it, and to others what is theirs', async () => {
    const all = await startWith('all');
    try {
      const transfer = await sendLocalFile(all.stack, all.owner, slow);
      expect(await seenBy(all.overseer, transfer)).toEqual(shown);
      expect(await seenBy(all.owner, transfer)).toEqual(shown);
      expect(await seenBy(all.other, transfer)).toEqual(hidden);
      await stopLocal(all.overseer, transfer.id);
    } finally {
      await all.stack.stop();
    }
  });
});

describe('scopes', () => {
  it('are asked for on types too: no way round them', async () => {
    const transfer = await sendLocalFile(stack, own.owner, slow);
    const client = stack.client(keys.overseer);
    const missing = await stack.reader.send(
      'mutation ($id: ID!) { stopLocalTransfer(input: { id: $id }) { __typename } }',
      { id: transfer.id },
    );
    expect(missing.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const spec = await client.send(
      'mutation { authorizeUpload(input: { source: "tokyo", destination: "/" }) { ... on AuthorizeUploadSuccess { spec { transferdRequest } } } }',
    );
    expect(spec.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    await stopLocal(own.owner, transfer.id);
  });
});
