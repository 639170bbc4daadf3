import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, nodeOf, type StartedTransfer, sendFile } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const example = readExample('bandwidth');

let stack: Stack;
let all: StartedTransfer[];
let own: StartedTransfer;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => {
      settings.viewers.apiKeys[1]?.scopes.push('transfer', 'transfer.start');
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
    },
  });
  // Slow enough for some rates to be measured.
  const options = { bytes: randomBytes(200_000), targetRateKbps: 2_000 };
  own = await sendFile(stack, stack.reader, options);
  all = [own];
  for (const _ of [1, 2]) all.push(await sendFile(stack, stack.everything, options));
  all.push(await sendFile(stack, stack.everything, { ...options, initiator: 'DESTINATION' }));
  for (const { id } of all) expect(await endOf(id === own.id ? stack.reader : stack.everything, id)).toBe('COMPLETED');
});
afterAll(() => stack?.stop());

interface Rates {
  readonly transferId: string;
  readonly maxRateKbps: number;
  readonly points: readonly { readonly at: string; readonly rateKbps: number }[];
}
interface Bandwidth {
  readonly asperaNode: {
    readonly bandwidth: { readonly from: string; readonly send: Rates[]; readonly receive: Rates[] };
  };
}
interface Listed {
  readonly asperaNode: {
    readonly transfers: { readonly nodes: readonly { transferId: string; bandwidth: Rates | null }[] };
  };
}

const rates = async (client = stack.everything, variables: object = {}) =>
  (await client.data<Bandwidth>(example, { node: 'london', ...variables }, 'NodeBandwidth')).asperaNode.bandwidth;

const calls = () => nodeOf(stack, 'london').requests.count('GET', '/ops/transfers/bandwidth');
const idsOn = (source: string) => all.filter((one) => one.source === source).map(({ transferId }) => transferId);

describe('the rates of a node', () => {
  it('are those of all transfers, by direction, for who may see them all, by one call', async () => {
    nodeOf(stack, 'london').requests.clear();
    const { send, receive } = await rates();
    expect(nodeOf(stack, 'london').requests.all()).toHaveLength(1);
    expect(send.map(({ transferId }) => transferId)).toEqual(expect.arrayContaining(idsOn('london')));
    // The other one is tokyo's download, which london serves.
    expect(receive).toHaveLength(1);
    for (const { points, maxRateKbps } of send) {
      expect(points.length).toBeGreaterThan(0);
      expect(maxRateKbps).toBe(Math.max(...points.map(({ rateKbps }) => rateKbps)));
    }
  });

  it('are those of their own transfers for everybody else', async () => {
    nodeOf(stack, 'london').requests.clear();
    const { send, receive } = await rates(stack.reader);
    expect([...send, ...receive].map(({ transferId }) => transferId)).toEqual([own.transferId]);
    expect(nodeOf(stack, 'london').requests.all().length).toBeLessThanOrEqual(7);
  });

  it('are of the stretch that is asked for', async () => {
    expect((await rates(stack.everything, { startedAfter: '2100-01-01T00:00:00Z' })).send).toEqual([]);
    for (const seconds of [0, 3601]) {
      const { errors } = await stack.everything.send(example, { node: 'london', seconds }, 'NodeBandwidth');
      expect(errors?.[0]?.extensions?.code).toBe('BAD_INPUT');
    }
  });

  it('are an error, and no empty list, when the node fails', async () => {
    nodeOf(stack, 'london').faults.add({ kind: 'status', status: 500, path: '/ops/transfers/bandwidth' });
    const answer = await stack.everything.send<{ asperaNode: { bandwidth: null } }>(
      example,
      { node: 'london' },
      'NodeBandwidth',
    );
    nodeOf(stack, 'london').faults.clear();
    expect(answer.data?.asperaNode.bandwidth).toBeNull();
    expect(answer.errors?.[0]?.extensions?.code).toBe('SOURCE_UNAVAILABLE');
  });
});

describe('the rates of a transfer', () => {
  it('are joined to a list by one more call, however long it is', async () => {
    nodeOf(stack, 'london').requests.clear();
    const list = (client = stack.everything) =>
      client.data<Listed>(example, { node: 'london', first: 10 }, 'TransferBandwidth');
    const { nodes } = (await list()).asperaNode.transfers;
    expect(calls()).toBe(1);
    expect(nodes).toHaveLength(4);
    for (const { transferId, bandwidth } of nodes) {
      expect(bandwidth?.points.length).toBeGreaterThan(0);
      expect(bandwidth?.maxRateKbps).toBeLessThan(20_000);
      expect(transferId).toBeTruthy();
    }
    const seen = (await list(stack.reader)).asperaNode.transfers.nodes;
    expect(seen.map(({ transferId }) => transferId)).toEqual([own.transferId]);
  });

  it('fall into the time in which it ran', async () => {
    const query = `query ($id: ID!) { transfer(id: $id) { startedAt endedAt ... on NodeTransfer { bandwidth { points { at } } } } }`;
    const { transfer } = await stack.everything.data<{
      transfer: { startedAt: string; endedAt: string; bandwidth: { points: { at: string }[] } };
    }>(query, { id: all[1]?.id });
    const [from, to] = [Date.parse(transfer.startedAt), Date.parse(transfer.endedAt)];
    for (const { at } of transfer.bandwidth.points) {
      expect(Date.parse(at)).toBeGreaterThanOrEqual(from - 1_000);
      expect(Date.parse(at)).toBeLessThanOrEqual(to + 1_000);
    }
  });

  it('are null where the node has none', async () => {
    nodeOf(stack, 'tokyo').seedTransfers(1);
    const { nodes } = (await stack.everything.data<Listed>(example, { node: 'tokyo', first: 50 }, 'TransferBandwidth'))
      .asperaNode.transfers;
    expect(nodes.at(-1)?.bandwidth).toBeNull();
  });
});
