import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import type { NodeClient } from '../../../src/sources/node/source.ts';
import type { NodeTransfer, TransferFeedQuery } from '../../../src/sources/node/types.ts';
import { changeTransferSpec } from '../../../src/transfer-spec/transfer-spec.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { openSource } from './odd-node.ts';
import { type SimulatedNode, startSimulatedNodes } from './simulated-nodes.ts';

async function until(client: NodeClient, transferId: string, status: NodeTransfer['status']): Promise<NodeTransfer> {
  await expect.poll(async () => (await client.transfer(transferId)).status, { timeout: 10_000 }).toBe(status);
  return client.transfer(transferId);
}

/** Puts bytes on london and starts to send them to tokyo. */
async function send(london: SimulatedNode, tokyo: SimulatedNode, options: { bytes: number; targetRateKbps?: number }) {
  const bytes = randomBytes(options.bytes);
  await mkdir(join(london.node.docroot, 'out'), { recursive: true });
  await writeFile(join(london.node.docroot, 'out/a.bin'), bytes);
  const spec = await tokyo.client.authorizeUpload({
    paths: [{}],
    destinationRoot: '/in',
    targetRateKbps: options.targetRateKbps,
    title: 'dailies',
    cookie: 'from-the-portal',
    tags: { aspera: { xfer_id: 'x-1' }, graphqlGateway: { viewer: 'v1' } },
  });
  const { json } = changeTransferSpec(spec, { paths: [{ source: '/out/a.bin' }] });
  return { bytes, started: await london.client.startTransfer(json) };
}

/** One megabit per second: a transfer that is still there when a test wants to change it. */
const slow = { bytes: 5_000_000, targetRateKbps: 1_000 };

describe('a transfer between two nodes', () => {
  test('is authorized on one, started on the other, and known to both', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const { bytes, started } = await send(london, tokyo, { bytes: 300_000, targetRateKbps: 100_000 });
    const ended = await until(london.client, started.transferId, 'COMPLETED');
    expect(await readFile(join(tokyo.node.docroot, 'in/a.bin'))).toEqual(bytes);
    expect(ended).toMatchObject({
      vendorStatus: 'completed',
      progress: 1,
      side: 'CLIENT',
      direction: 'SEND',
      title: 'dailies',
      cookie: 'from-the-portal',
      transferKey: 'x-1',
      tags: { graphqlGateway: { viewer: 'v1' } },
      bytesTransferred: 300_000,
      bytesExpected: 300_000,
      filesCompleted: 1,
      sourcePaths: ['/out/a.bin'],
      destinationPath: '/in',
      error: undefined,
      retrying: false,
      sessions: [{ status: 'COMPLETED', error: undefined }],
      files: [{ path: expect.stringContaining('a.bin'), status: 'COMPLETED', sizeBytes: 300_000 }],
    });
    expect(ended.endedAt?.getTime()).toBeGreaterThanOrEqual(ended.startedAt?.getTime() ?? Number.NaN);
    const { transfers } = await tokyo.client.transferFeed({ tag: 'aspera.xfer_id=x-1' });
    expect(transfers).toMatchObject([{ side: 'SERVER', status: 'COMPLETED', transferKey: ended.transferKey }]);
    expect(JSON.stringify([ended, transfers])).not.toMatch(/_3BTA|Basic /);
  });

  test('costs one call to authorize and one to start', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const { started } = await send(london, tokyo, { bytes: 10 });
    expect(tokyo.node.requests.all().map(({ path }) => path)).toEqual(['/files/upload_setup']);
    expect(london.node.requests.all().map(({ path }) => path)).toEqual(['/ops/transfers']);
    await until(london.client, started.transferId, 'COMPLETED');
  });

  test('fetches as well as it sends', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const bytes = randomBytes(20_000);
    await writeFile(join(tokyo.node.docroot, 'b.bin'), bytes);
    const spec = await tokyo.client.authorizeDownload({ paths: [{ source: '/b.bin' }], tokenLifeSeconds: 60 });
    expect(spec).toMatchObject({ direction: 'RECEIVE', paths: [{ source: '/b.bin' }] });
    expect(spec.expiresAt?.getTime()).toBeGreaterThan(Date.now());
    const started = await london.client.startTransfer(changeTransferSpec(spec, { destination_root: '/got' }).json);
    expect(await until(london.client, started.transferId, 'COMPLETED')).toMatchObject({
      direction: 'RECEIVE',
      side: 'CLIENT',
    });
    expect(await readFile(join(london.node.docroot, 'got/b.bin'))).toEqual(bytes);
  });

  test('is refused a spec for files that are not there', async () => {
    const [tokyo] = await startSimulatedNodes(['tokyo']);
    const asking = tokyo.client.authorizeDownload({ paths: [{ source: '/gone' }] });
    await expect(asking).rejects.toMatchObject({ code: 'NOT_FOUND', source: 'tokyo', vendorCode: '404' });
  });

  test('fails with ascp’s reason', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const spec = await tokyo.client.authorizeUpload({ paths: [{}], destinationRoot: '/in' });
    const { json } = changeTransferSpec(spec, { paths: [{ source: '/gone' }] });
    const { transferId } = await london.client.startTransfer(json);
    const failed = await until(london.client, transferId, 'FAILED');
    expect(failed).toMatchObject({ error: { code: 4, name: 'NO_SUCH_FILE', retryable: false } });
    expect(failed.progress ?? 0).toBeLessThan(1);
  });

  test('can be authorized for a synchronization', async () => {
    const [tokyo] = await startSimulatedNodes(['tokyo']);
    const spec = await tokyo.client.authorizeSync('PULL', { paths: [{ source: '/', destination: '/mirror' }] });
    expect(spec).toMatchObject({ direction: 'RECEIVE', authorizationKind: 'TRANSFER_TOKEN' });
  });
});

describe('a transfer under way', () => {
  test('is slowed, paused, resumed and canceled', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const { started } = await send(london, tokyo, slow);
    const id = started.transferId;
    await until(london.client, id, 'RUNNING');
    const slowed = await london.client.changeTransfer(id, { targetRateKbps: 800 });
    expect(slowed).toMatchObject({ transferId: id, targetRateKbps: 800 });
    await london.client.changeTransfer(id, { status: 'PAUSED' });
    const paused = await until(london.client, id, 'PAUSED');
    expect(paused.currentRateKbps).toBeUndefined();
    await london.client.changeTransfer(id, { status: 'RUNNING' });
    const running = await until(london.client, id, 'RUNNING');
    expect(running.progress ?? 0).toBeLessThan(1);
    await london.client.changeTransfer(id, { status: 'CANCELED' });
    await until(london.client, id, 'CANCELED');
    expect(london.node.requests.count('CANCEL')).toBe(0);
  });

  test('cannot be changed on the node that only serves it', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const { started } = await send(london, tokyo, slow);
    await until(london.client, started.transferId, 'RUNNING');
    const [served] = (await tokyo.client.transferFeed({ activeOnly: true })).transfers;
    const servedId = served instanceof SourceError ? '' : (served?.transferId ?? '');
    const changing = tokyo.client.changeTransfer(servedId, { status: 'CANCELED' });
    await expect(changing).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await london.client.changeTransfer(started.transferId, { status: 'CANCELED' });
  });
});

describe('the feed of transfers', () => {
  const idsOf = async (client: NodeClient, query: TransferFeedQuery) => {
    const { transfers, nextToken } = await client.transferFeed(query);
    return { ids: transfers.map((one) => (one instanceof SourceError ? one.code : one.transferId)), nextToken };
  };

  test('goes on where it ended, and tells only what has changed since', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const first = await send(london, tokyo, { bytes: 10 });
    await until(london.client, first.started.transferId, 'COMPLETED');
    const before = await idsOf(london.client, { view: 'summary' });
    expect(before.ids).toEqual([first.started.transferId]);
    expect((await idsOf(london.client, { iterationToken: before.nextToken })).ids).toEqual([]);
    const second = await send(london, tokyo, { bytes: 10 });
    await until(london.client, second.started.transferId, 'COMPLETED');
    expect((await idsOf(london.client, { iterationToken: before.nextToken })).ids).toEqual([second.started.transferId]);
  });

  test('is filtered by the node', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const { started } = await send(london, tokyo, { bytes: 10 });
    await until(london.client, started.transferId, 'COMPLETED');
    const ids = [started.transferId];
    const past = new Date(Date.now() - 60_000);
    const future = new Date(Date.now() + 60_000);
    expect((await idsOf(london.client, { activeOnly: false })).ids).toEqual(ids);
    expect((await idsOf(london.client, { activeOnly: true })).ids).toEqual([]);
    expect((await idsOf(london.client, { direction: 'SEND' })).ids).toEqual(ids);
    expect((await idsOf(london.client, { direction: 'RECEIVE' })).ids).toEqual([]);
    expect((await idsOf(london.client, { tag: 'graphqlGateway.viewer=v1' })).ids).toEqual(ids);
    expect((await idsOf(london.client, { tag: 'graphqlGateway.viewer=v2' })).ids).toEqual([]);
    expect((await idsOf(london.client, { afterTime: past })).ids).toEqual(ids);
    expect((await idsOf(london.client, { afterTime: future })).ids).toEqual([]);
  });

  test('of a viewer has only what was started in their name', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const { started } = await send(london, tokyo, { bytes: 10 });
    await until(london.client, started.transferId, 'COMPLETED');
    expect((await idsOf(london.as('ada'), {})).ids).toEqual([]);
    await expect(london.as('ada').transfer(started.transferId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('when a node is in trouble', () => {
  test('a read is tried again, a start is not', async () => {
    const [{ node }] = await startSimulatedNodes(['london']);
    const nodeUser = { username: node.username, password: createSecret(node.password) };
    const source = openSource(node.url, { nodeUser, retries: 1 });
    const patient = source.open({ identity: source.identify(undefined) });
    node.faults.add({ kind: 'dropAfter', times: 1 });
    await expect(patient.transferFeed({})).resolves.toMatchObject({ transfers: [] });
    expect(node.requests.count('GET', '/ops/transfers')).toBe(2);
    node.faults.add({ kind: 'dropAfter', times: 1 });
    const spec = { direction: 'send', remote_host: 'x', token: 't', paths: [{ source: '/a' }] };
    await expect(patient.startTransfer(spec)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', retryable: true });
    expect(node.requests.count('POST', '/ops/transfers')).toBe(1);
  });

  test('an answer that it loses is asked for again where it is about one transfer, and never an empty list', async () => {
    const [london, tokyo] = await startSimulatedNodes(['london', 'tokyo']);
    const { started } = await send(london, tokyo, { bytes: 10 });
    await until(london.client, started.transferId, 'COMPLETED');
    await london.node.switches.emptyAnswers?.({ times: 1 });
    await expect(london.client.transfer(started.transferId)).resolves.toMatchObject({ status: 'COMPLETED' });
    await london.node.switches.emptyAnswers?.({ times: 1 });
    const listing = london.client.transferFeed({});
    await expect(listing).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER', retryable: true });
  });

  test.each([
    ['notJson', 'SOURCE_BAD_ANSWER'],
    ['wrongJson', 'SOURCE_BAD_ANSWER'],
    ['truncate', 'SOURCE_UNREACHABLE'],
    ['drop', 'SOURCE_UNREACHABLE'],
  ] as const)('its answer (%s) is never taken for an empty list', async (kind, code) => {
    const [london] = await startSimulatedNodes(['london']);
    london.node.faults.add({ kind });
    await expect(london.client.transferFeed({})).rejects.toMatchObject({ code });
  });

  test('its health says so, and knows of a clock that is wrong', async () => {
    const [london] = await startSimulatedNodes(['london']);
    expect(await london.source.check()).toMatchObject({
      reachable: true,
      version: expect.any(String),
      detail: undefined,
    });
    london.node.clock.advance(120_000);
    expect((await london.source.check()).detail).toContain('ahead of');
    london.node.faults.add({ kind: 'status', status: 503 });
    expect(await london.source.check()).toMatchObject({ reachable: false, version: undefined });
    expect(london.node.requests.count('GET', '/info')).toBe(3);
  });
});
