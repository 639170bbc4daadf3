import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  authorizeLocalUpload,
  changeLocal,
  followLocal,
  sendLocalFile,
  startLocal,
  stopLocal,
} from '../helpers/local-transfers.ts';
import { nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());
beforeEach(() => stack.simulators.transferd.requests.clear());

const calls = (name: string) => stack.simulators.transferd.requests.count('GRPC', `/${name}`);
const monitors = async () =>
  ((await stack.simulators.transferd.switches.monitors?.({})) as { count: number } | undefined)?.count;
const patiently = { timeout: 10_000 };

/** Goes on for as long as a test needs, which then lets it `finish`. */
const slow = { bytes: randomBytes(1_500_000), targetRateKbps: 1_000 };
const finish = (id: string) => changeLocal(stack.everything, { id, targetRateKbps: 100_000 });

interface Listed {
  readonly transferd: {
    readonly name: string;
    readonly info: { readonly ascpVersion: string; readonly problem: string | null };
    readonly since: string;
    readonly transfers: {
      readonly totalCount: number;
      readonly nodes: readonly { readonly id: string; readonly status: string }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

const list = (variables: object = {}) =>
  stack.everything.data<Listed>(readExample('local-transfer'), variables, 'LocalTransfers');

describe('a transfer on a transfer daemon', () => {
  it('carries the bytes of the daemon’s machine to a node, and is followed to its end', async () => {
    const bytes = randomBytes(800_000);
    const { id, arrived } = await sendLocalFile(stack, stack.everything, { bytes, targetRateKbps: 8_000 });
    const { events, end } = followLocal(stack.everything, id);
    await end;
    expect(await readFile(arrived)).toEqual(bytes);
    const told = events.map(({ transfer }) => transfer);
    expect(told.at(-1)).toMatchObject({ status: 'COMPLETED', progress: 1, bytesTransferred: 800_000 });
    expect(told.filter(({ status }) => status === 'COMPLETED')).toHaveLength(1);
    const going = told.filter(({ status }) => status === 'RUNNING');
    expect(going.length).toBeGreaterThan(0);
    expect(going.every(({ progress }) => progress === null || progress < 1)).toBe(true);
    expect(told.some(({ bytesExpected }) => bytesExpected === 800_000)).toBe(true);
    expect(events.every(({ gap }) => !gap)).toBe(true);
  });

  it('brings a file of a node to the daemon’s machine', async () => {
    const bytes = randomBytes(50_000);
    await writeFile(join(nodeOf(stack, 'london').docroot, 'master.mov'), bytes);
    await mkdir(join(stack.simulators.transferd.folder, 'downloads'));
    const { authorizeDownload } = await stack.everything.data<{ authorizeDownload: { spec: { json: object } } }>(
      `mutation { authorizeDownload(input: { source: "london", paths: [{ source: "/master.mov" }] }) {
        ... on AuthorizeDownloadSuccess { spec { json } } ... on Error { message } } }`,
    );
    const { transfer } = await startLocal(stack.everything, {
      spec: authorizeDownload.spec.json,
      destination: '/downloads',
    });
    await followLocal(stack.everything, transfer?.id ?? '').end;
    expect(await readFile(join(stack.simulators.transferd.folder, 'downloads/master.mov'))).toEqual(bytes);
  });

  it('is asked of the daemon by one stream and no polls, however many watch', async () => {
    const { id } = await sendLocalFile(stack, stack.everything, slow);
    const watching = [1, 2, 3, 4].map(() => followLocal(stack.everything, id));
    await expect.poll(() => watching.every(({ events }) => events.length > 1), patiently).toBe(true);
    // One for each who came, and one when the stream was opened; those at one time share a call.
    expect(calls('QueryTransfer')).toBeLessThanOrEqual(5);
    await finish(id);
    await Promise.all(watching.map(({ end }) => end));
    for (const { statuses } of watching) expect(statuses().filter((one) => one === 'COMPLETED')).toHaveLength(1);
    expect(calls('MonitorTransfers')).toBe(1);
    await expect.poll(monitors, patiently).toBe(0);
  });

  it('is told whole to who comes back with a cursor, and once', async () => {
    const { id } = await sendLocalFile(stack, stack.everything, slow);
    const stays = followLocal(stack.everything, id);
    const first = followLocal(stack.everything, id);
    await expect.poll(() => first.events.length, patiently).toBeGreaterThan(2);
    await first.stop();
    const cursor = first.events.at(1)?.cursor;
    await expect.poll(() => stays.events.length, patiently).toBeGreaterThan(first.events.length);
    const back = followLocal(stack.everything, id, cursor);
    await expect.poll(() => back.events.length, patiently).toBeGreaterThan(0);
    await finish(id);
    await Promise.all([back.end, stays.end]);
    expect(back.events.every(({ gap }) => !gap)).toBe(true);
    expect(back.statuses().filter((one) => one === 'COMPLETED')).toHaveLength(1);
    const bytes = back.events.map(({ transfer }) => transfer.bytesTransferred);
    expect(bytes).toEqual([...bytes].sort((left, right) => left - right));
    // Nobody watches any more: the end is still told, as after a gap.
    const late = followLocal(stack.everything, id, cursor);
    await late.end;
    expect(late.events).toHaveLength(1);
    expect(late.events[0]).toMatchObject({ gap: true, transfer: { status: 'COMPLETED', progress: 1 } });
  });

  it('goes on being followed when the stream of the daemon breaks: one question, and a gap', async () => {
    const { id } = await sendLocalFile(stack, stack.everything, slow);
    const watching = [followLocal(stack.everything, id), followLocal(stack.everything, id)];
    for (const { events } of watching) {
      await expect.poll(() => events.some(({ transfer }) => transfer.bytesTransferred > 0), patiently).toBe(true);
    }
    await expect.poll(monitors, patiently).toBe(1);
    const asked = calls('QueryTransfer');
    await stack.simulators.transferd.switches.breakMonitors?.({});
    for (const { events } of watching) {
      await expect.poll(() => events.some(({ gap }) => gap), patiently).toBe(true);
    }
    expect(calls('QueryTransfer')).toBe(asked + 1);
    await finish(id);
    await Promise.all(watching.map(({ end }) => end));
    for (const { events, statuses } of watching) {
      expect(events.filter(({ gap }) => gap)).toHaveLength(1);
      expect(statuses().filter((one) => one === 'COMPLETED')).toHaveLength(1);
    }
  });

  it('is followed through a restart of the daemon', async () => {
    const { id, arrived } = await sendLocalFile(stack, stack.everything, slow);
    const { events, end, errors, statuses } = followLocal(stack.everything, id);
    await expect.poll(() => events.some(({ transfer }) => transfer.bytesTransferred > 0), patiently).toBe(true);
    await stack.simulators.transferd.switches.restart?.({});
    await expect.poll(() => events.some(({ gap }) => gap), patiently).toBe(true);
    await finish(id);
    await end;
    expect(errors).toEqual([]);
    expect(events.filter(({ gap }) => gap)).toHaveLength(1);
    expect(statuses().at(-1)).toBe('COMPLETED');
    expect((await readFile(arrived)).length).toBe(1_500_000);
  });

  it('can be slowed, paused and resumed where it was', async () => {
    const { id, arrived } = await sendLocalFile(stack, stack.everything, slow);
    const { events, end, statuses } = followLocal(stack.everything, id);
    await expect.poll(() => events.some(({ transfer }) => transfer.bytesTransferred > 0), patiently).toBe(true);
    expect(await changeLocal(stack.everything, { id, targetRateKbps: 900 })).toMatchObject({
      transfer: { status: 'RUNNING', targetRateKbps: 900 },
    });
    const paused = await changeLocal(stack.everything, { id, action: 'PAUSE' });
    expect(paused.transfer).toMatchObject({ status: 'PAUSED', targetRateKbps: 0 });
    await expect.poll(() => statuses().includes('PAUSED'), patiently).toBe(true);
    expect(await changeLocal(stack.everything, { id, targetRateKbps: 9_000 })).toMatchObject({ code: 'CONFLICT' });
    // At the rate that it had before.
    const resumed = await changeLocal(stack.everything, { id, action: 'RESUME' });
    expect(resumed.transfer).toMatchObject({ targetRateKbps: 900 });
    await finish(id);
    await end;
    expect(statuses().at(-1)).toBe('COMPLETED');
    expect(await readFile(arrived)).toEqual(slow.bytes);
    expect(await changeLocal(stack.everything, { id, action: 'RESUME' })).toMatchObject({ code: 'CONFLICT' });
  });

  it('can be stopped for good', async () => {
    const { id } = await sendLocalFile(stack, stack.everything, slow);
    const { end, statuses } = followLocal(stack.everything, id);
    await expect.poll(() => statuses().length, patiently).toBeGreaterThan(0);
    expect(await stopLocal(stack.everything, id)).toMatchObject({ transfer: { status: 'CANCELED' } });
    await end;
    expect(statuses().filter((one) => one === 'CANCELED')).toHaveLength(1);
    expect(await stopLocal(stack.everything, id)).toMatchObject({ code: 'CONFLICT' });
  });

  it('says why it failed, in the words of the daemon and by the table of ascp', async () => {
    const { json } = await authorizeLocalUpload(stack.everything);
    const { transfer } = await startLocal(stack.everything, { spec: json, paths: [{ source: '/nowhere.bin' }] });
    const id = transfer?.id ?? '';
    await followLocal(stack.everything, id).end;
    const { node } = await stack.everything.data<{ node: object }>(
      `query ($id: ID!) { node(id: $id) { ... on TransferdTransfer { status vendorStatus progress error { code name retryable description } } } }`,
      { id },
    );
    expect(node).toMatchObject({ status: 'FAILED', error: { code: 4, name: 'NO_SUCH_FILE', retryable: false } });
    expect((node as { progress: number | null }).progress).not.toBe(1);
  });

  it('that the daemon has lost sight of is in no final state', async () => {
    const { id, transferId } = await sendLocalFile(stack, stack.everything, slow);
    const { statuses, stop } = followLocal(stack.everything, id);
    await expect.poll(() => statuses(), patiently).toContain('RUNNING');
    await stack.simulators.transferd.switches.orphanTransfer?.({ id: transferId });
    await expect.poll(() => statuses().at(-1), patiently).toBe('UNKNOWN');
    await stop();
    const { transfer } = await stack.everything.data<{ transfer: object }>(
      'query ($id: ID!) { transfer(id: $id) { status vendorStatus progress } }',
      { id },
    );
    expect(transfer).toMatchObject({ status: 'UNKNOWN', vendorStatus: 'ORPHANED' });
  });
});

describe('the transfers of a daemon', () => {
  it('are those that the gateway has seen since a stated time, latest first and page by page', async () => {
    const started = [await sendLocalFile(stack, stack.everything), await sendLocalFile(stack, stack.everything)];
    await Promise.all(started.map(({ id }) => followLocal(stack.everything, id).end));
    const { transferd } = await list();
    expect(transferd.name).toBe('workstation');
    expect(transferd.info).toMatchObject({ ascpVersion: expect.any(String), problem: null });
    expect(Date.parse(transferd.since)).toBeLessThanOrEqual(Date.now());
    expect(transferd.transfers.nodes.slice(0, 2).map(({ id }) => id)).toEqual(started.map(({ id }) => id).reverse());
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page: Listed = await list({ first: 3, after });
      ids.push(...page.transferd.transfers.nodes.map(({ id }) => id));
      after = page.transferd.transfers.pageInfo.hasNextPage ? page.transferd.transfers.pageInfo.endCursor : null;
    } while (after !== null);
    expect(ids).toHaveLength(transferd.transfers.totalCount);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('that have ended are still known when the daemon has forgotten them', async () => {
    const { id } = await sendLocalFile(stack, stack.everything);
    await followLocal(stack.everything, id).end;
    await stack.simulators.transferd.switches.setMaxAge?.({ seconds: 0 });
    try {
      const { transfer } = await stack.everything.data<{ transfer: object }>(
        'query ($id: ID!) { transfer(id: $id) { status progress } }',
        { id },
      );
      expect(transfer).toEqual({ status: 'COMPLETED', progress: 1 });
    } finally {
      await stack.simulators.transferd.switches.setMaxAge?.({ seconds: 7200 });
    }
  });
});
