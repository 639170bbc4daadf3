import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOf, sendFile } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => {
      settings.viewers.apiKeys[1]?.scopes.push('transfer', 'transfer.start');
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
    },
  });
});
afterAll(() => stack?.stop());

const control = readExample('control-transfer');
const progress = readExample('transfer-progress');

interface Controlled {
  readonly [mutation: string]: {
    readonly transfer?: { readonly status: string; readonly targetRateKbps?: number };
    readonly code?: string;
    readonly message?: string;
  };
}
interface Progressed {
  readonly transferProgress: { readonly transfer: { readonly status: string; readonly progress: number | null } };
}

async function change(operation: string, variables: object, client = stack.everything) {
  const data = await client.data<Controlled>(control, variables, operation);
  return Object.values(data)[0];
}

/** Follows a transfer; does something when it is in a state for the first time. */
async function follow(id: string, on: Readonly<Record<string, () => Promise<unknown>>>) {
  const states: string[] = [];
  for await (const { data } of stack.everything.subscribe<Progressed>(progress, { id })) {
    const status = data?.transferProgress.transfer.status ?? '';
    if (states.at(-1) === status) continue;
    states.push(status);
    await on[status]?.();
  }
  return states;
}

describe('controlling a transfer', () => {
  it('pauses, resumes and completes it, and every byte arrives', async () => {
    const bytes = randomBytes(1_500_000);
    const { id, arrived } = await sendFile(stack, stack.everything, { bytes, targetRateKbps: 12_000 });
    let pauses = 0;
    const states = await follow(id, {
      RUNNING: async () => {
        if (pauses > 0) return;
        pauses += 1;
        expect(await change('PauseTransfer', { id })).toMatchObject({ transfer: { status: 'PAUSED' } });
      },
      PAUSED: async () => {
        expect(await change('ResumeTransfer', { id })).toHaveProperty('transfer.status');
      },
    });
    expect(states.filter((status) => status !== 'WAITING')).toEqual(['RUNNING', 'PAUSED', 'RUNNING', 'COMPLETED']);
    expect((await readFile(arrived)).equals(bytes)).toBe(true);
  });

  it('changes its rate at once, and cancels it for good', async () => {
    const { id } = await sendFile(stack, stack.everything, { bytes: randomBytes(3_000_000), targetRateKbps: 2_000 });
    const states = await follow(id, {
      RUNNING: async () => {
        const variables = { id, targetRateKbps: 3_000 };
        const faster = await change('ChangeTransferRate', variables);
        expect(faster?.transfer).toEqual({ status: 'RUNNING', targetRateKbps: 3_000 });
        expect(await change('CancelTransfer', { id })).toMatchObject({ transfer: { status: 'CANCELED' } });
      },
    });
    expect(states.at(-1)).toBe('CANCELED');
    expect(await change('PauseTransfer', { id })).toMatchObject({ code: 'CONFLICT' });
  });

  it('makes two upstream calls', async () => {
    const { id } = await sendFile(stack, stack.everything, { bytes: randomBytes(3_000_000), targetRateKbps: 2_000 });
    for (const node of stack.simulators.nodes) node.requests.clear();
    await change('CancelTransfer', { id });
    const made = nodeOf(stack, 'london').requests.all();
    expect(made.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(nodeOf(stack, 'tokyo').requests.all()).toEqual([]);
  });

  it('refuses the record of the serving node and names the one that can be changed', async () => {
    const sent = await sendFile(stack, stack.everything, { bytes: randomBytes(3_000_000), targetRateKbps: 2_000 });
    const counterpart = async () => {
      const { transfer } = await stack.everything.data<{ transfer: { counterpart: { id: string } | null } }>(
        'query ($id: ID!) { transfer(id: $id) { ... on NodeTransfer { counterpart { id side source } } } }',
        { id: sent.id },
      );
      return transfer.counterpart;
    };
    await expect.poll(counterpart, { timeout: 10_000 }).toMatchObject({ side: 'SERVER', source: 'tokyo' });
    const refused = await change('CancelTransfer', { id: (await counterpart())?.id });
    expect(refused).toMatchObject({ code: 'BAD_INPUT' });
    expect(refused?.message).toContain(`transfer ${sent.transferId} on london`);
    await change('CancelTransfer', { id: sent.id });
  });

  it('is not there for a viewer who does not see it, whatever they may start', async () => {
    const mine = await sendFile(stack, stack.everything, { bytes: randomBytes(3_000_000), targetRateKbps: 2_000 });
    for (const operation of ['CancelTransfer', 'PauseTransfer', 'ResumeTransfer']) {
      expect(await change(operation, { id: mine.id }, stack.reader)).toMatchObject({ code: 'NOT_FOUND' });
    }
    const theirs = await sendFile(stack, stack.reader, { bytes: randomBytes(3_000_000), targetRateKbps: 2_000 });
    expect(await change('CancelTransfer', { id: theirs.id }, stack.reader)).toHaveProperty('transfer.status');
    expect(await change('CancelTransfer', { id: mine.id })).toHaveProperty('transfer.status');
  });

  it('refuses ids of other things, and a change of nothing', async () => {
    const id = Buffer.from('FaspexPackage:packages/1').toString('base64');
    expect(await change('CancelTransfer', { id })).toMatchObject({ code: 'BAD_INPUT' });
    const { id: own } = await sendFile(stack, stack.everything);
    const empty = 'mutation ($id: ID!) { changeTransferRate(input: { id: $id }) { ... on Error { code message } } }';
    expect(await stack.everything.data(empty, { id: own })).toMatchObject({
      changeTransferRate: { code: 'BAD_INPUT' },
    });
    expect(await change('ChangeTransferRate', { id: own, targetRateKbps: 0 })).toMatchObject({ code: 'BAD_INPUT' });
  });
});
