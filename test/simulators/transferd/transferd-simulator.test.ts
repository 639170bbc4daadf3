import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../../simulators/start-simulators.ts';
import { createGrpcClient } from './grpc-client.ts';

const patiently = { timeout: 10_000 };

let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({ seed: false });
});
afterAll(() => simulators?.close());

const client = () => createGrpcClient(simulators.transferd.port);
const local = (name: string) => join(simulators.transferd.folder, name);
const remote = (name: string) => join(simulators.nodes[0]?.docroot ?? '', name);

/** What `POST /files/upload_setup` of a node gives, in the daemon's spelling. */
async function authorize(more: object = {}) {
  const [node] = simulators.nodes;
  if (!node) throw new Error('there is no node');
  const answer = await fetch(`${node.url}/files/upload_setup`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${node.username}:${node.password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ transfer_requests: [{ transfer_request: { paths: [{}], destination_root: '/' } }] }),
  });
  const { transfer_specs } = (await answer.json()) as {
    transfer_specs: { transfer_spec: Record<string, unknown> }[];
  };
  const given = Object.entries(transfer_specs[0]?.transfer_spec ?? {}).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), ...more };
}

const requestOf = (spec: object, transferType = 'FILE_REGULAR') => ({
  ...{ transferType, transferSpec: JSON.stringify(spec) },
});

interface Started {
  readonly transferId: string;
  readonly status: string;
  readonly error: { readonly description: string } | null;
}

interface Queried extends Started {
  readonly transferInfo: Readonly<Record<string, string>> | null;
  readonly sessionInfo?: unknown;
  readonly message: string;
}

async function start(name: string, bytes: Buffer, more: object = {}) {
  await writeFile(local(name), bytes);
  const spec = await authorize({ paths: [{ source: `/${name}` }], ...more });
  return client().call<Started>('StartTransfer', requestOf(spec));
}

const query = (transferId: string) => client().call<Queried>('QueryTransfer', { transferId });
const untilStatus = (id: string, status: string) =>
  expect.poll(async () => (await query(id)).status, patiently).toBe(status);

describe('the simulated transfer daemon', () => {
  it('moves the bytes, and tells what happens from the queue to the end', async () => {
    const bytes = randomBytes(400_000);
    await writeFile(local('told.bin'), bytes);
    const spec = await authorize({ paths: [{ source: '/told.bin' }], target_rate_kbps: 4_000, tags: { a: 1 } });
    const { events, ended } = client().listen('StartTransferWithMonitor', requestOf(spec));
    await expect.poll(ended, patiently).toBe('end');
    expect(await readFile(remote('told.bin'))).toEqual(bytes);
    expect(events[0]).toMatchObject({ status: 'QUEUED' });
    const names = events.map(({ transferEvent }) => transferEvent);
    expect(names).toEqual(
      expect.arrayContaining(['CONNECTING', 'SESSION_START', 'FILE_START', 'PROGRESS', 'FILE_STOP']),
    );
    expect(events.at(-1)).toMatchObject({ status: 'COMPLETED', transferEvent: 'SESSION_STOP' });
    for (const { status, transferInfo, sessionInfo } of events.slice(1)) {
      expect(status === 'RUNNING' ? [transferInfo, sessionInfo] : []).not.toContain(null);
    }
    const { transferInfo, sessionInfo } = events.at(-1) ?? {};
    expect(sessionInfo?.preTransferBytes).toBe('400000');
    expect(JSON.parse(Buffer.from(transferInfo?.tags64 ?? '', 'base64').toString())).toEqual({ a: 1 });
  });

  it('says why a transfer failed, as IBM’s client reads it', async () => {
    const spec = await authorize({ paths: [{ source: '/missing.bin' }] });
    const { transferId } = await client().call<Started>('StartTransfer', requestOf(spec));
    await untilStatus(transferId, 'FAILED');
    const failed = await query(transferId);
    expect(JSON.parse(failed.message)).toMatchObject({ Description: expect.stringContaining('No such file') });
    expect(failed.error?.description).toContain('No such file');
  });

  it.each([
    ['no JSON', 'not a JSON object'],
    [JSON.stringify({ direction: 'send' }), 'remote_host'],
    [JSON.stringify({ direction: 'send', remote_host: 'h', paths: [{ source: 'a' }] }), 'neither a token nor'],
    [
      JSON.stringify({ direction: 'send', remote_host: 'h', token: 't', paths: [], resume_policy: 'sparse_csum' }),
      'resume_policy',
    ],
  ])('refuses to start %s', async (transferSpec, expected) => {
    const answer = await client().call<Started>('StartTransfer', { transferType: 'FILE_REGULAR', transferSpec });
    expect(answer).toMatchObject({ status: 'FAILED', transferId: '' });
    expect(answer.error?.description).toContain(expected);
  });

  it('changes the rate of a transfer, holds it at 0 and goes on from its part', async () => {
    const bytes = randomBytes(900_000);
    const { transferId } = await start('held.bin', bytes, { target_rate_kbps: 800 });
    const monitor = client().listen('MonitorTransfers', { transferId: [transferId] });
    await expect
      .poll(() => monitor.events.some((one) => Number(one.transferInfo?.bytesTransferred) > 0), patiently)
      .toBe(true);
    const modify = (changes: object) =>
      client().call<Started>('ModifyTransfer', { transferId, transferSpec: JSON.stringify(changes) });
    expect(await modify({ target_rate_kbps: 0 })).toMatchObject({ status: 'PAUSED' });
    const held = await query(transferId);
    expect(held).toMatchObject({ status: 'PAUSED', transferInfo: { targetRateKbps: '0', endTimeUsec: '0' } });
    expect(await readdir(join(remote('held.bin'), '..'))).toContain('held.bin.partial');
    await modify({ target_rate_kbps: 80_000 });
    await untilStatus(transferId, 'COMPLETED');
    expect(await readFile(remote('held.bin'))).toEqual(bytes);
    const total = Number((await query(transferId)).transferInfo?.bytesTransferred);
    expect(total).toBeLessThan(bytes.length * 1.5);
    expect((await modify({ target_rate_kbps: 1 })).error?.description).toContain('has ended');
  });

  it('stops what goes on, and says what it cannot stop', async () => {
    const { transferId } = await start('stopped.bin', randomBytes(2_000_000), { target_rate_kbps: 500 });
    const { stopResult } = await client().call<{ stopResult: { stopped: boolean; error: unknown }[] }>('StopTransfer', {
      transferId: [transferId, 'nothing'],
    });
    expect(stopResult).toMatchObject([
      { stopped: true, error: null },
      { stopped: false, error: { code: 2 } },
    ]);
    expect(await query(transferId)).toMatchObject({ status: 'CANCELED' });
  });

  it('lets transfers wait in a queue, and forgets them some time after their end', async () => {
    const { switches } = simulators.transferd;
    await switches.setMaxConcurrent?.({ count: 1 });
    const first = await start('first.bin', randomBytes(900_000), { target_rate_kbps: 500 });
    const second = await start('second.bin', randomBytes(1_000));
    await untilStatus(first.transferId, 'RUNNING');
    expect(await query(second.transferId)).toMatchObject({ status: 'QUEUED' });
    const transferSpec = JSON.stringify({ target_rate_kbps: 100_000 });
    await client().call('ModifyTransfer', { transferId: first.transferId, transferSpec });
    await untilStatus(second.transferId, 'COMPLETED');
    await switches.setMaxConcurrent?.({ count: 100 });
    await switches.advanceClock?.({ milliseconds: 7_201_000 });
    const forgotten = await query(second.transferId);
    expect(forgotten).toMatchObject({ status: 'UNKNOWN_STATUS', transferInfo: null, error: { code: 2 } });
  });

  it('takes paths while a persistent transfer goes on, until it is locked', async () => {
    for (const name of ['one.txt', 'two.txt']) await writeFile(local(name), name);
    const spec = await authorize({ paths: undefined });
    const { transferId } = await client().call<Started>('StartTransfer', requestOf(spec, 'FILE_PERSISTENT'));
    const add = (source: string) =>
      client().call<Started>('AddTransferPaths', { transferId, transferPath: [{ source, destination: '' }] });
    await add('/one.txt');
    await add('/two.txt');
    await client().call('LockPersistentTransfer', { transferId });
    await untilStatus(transferId, 'COMPLETED');
    expect(await readFile(remote('two.txt'), 'utf8')).toBe('two.txt');
    expect(await query(transferId)).toMatchObject({ transferInfo: { filesCompleted: '2' } });
    expect((await add('/one.txt')).error?.description).toContain('takes no more paths');
  });

  it('tells each client only what it asked for', async () => {
    const all = client().listen('MonitorTransfers', { filters: [{ transferStatus: ['COMPLETED', 'FAILED'] }] });
    const both = client().listen('MonitorTransfers', {
      filters: [{ operator: 'AND', direction: 'receive', transferStatus: ['COMPLETED'] }],
    });
    const nothing = client().listen('MonitorTransfers', {});
    await expect.poll(async () => simulators.transferd.switches.monitors?.({}), patiently).toMatchObject({ count: 3 });
    const { transferId } = await start('filtered.bin', randomBytes(1_000));
    await expect.poll(() => all.statuses(), patiently).toEqual(['COMPLETED']);
    expect(all.events[0]?.transferId).toBe(transferId);
    expect([both.events, nothing.events]).toEqual([[], []]);
  });

  it('checks a spec and its server without starting anything', async () => {
    const spec = await authorize({ paths: [{ source: '/x' }], colour: 'red' });
    const validate = (transferSpec: object) =>
      client().call('Validate', { transferSpec: JSON.stringify(transferSpec), transferType: 'FILE_REGULAR' });
    expect(await validate(spec)).toMatchObject({ valid: true, unknownField: expect.arrayContaining(['colour']) });
    expect(await validate({})).toMatchObject({ valid: false, error: { description: expect.any(String) } });
    const reach = (transferSpec: object) =>
      client().call<{ reachable: boolean }>('IsPeerReachable', { transferSpec: JSON.stringify(transferSpec) });
    expect((await reach(spec)).reachable).toBe(true);
    expect((await reach({ ...spec, ssh_port: 1, token: 'of nobody' })).reachable).toBe(false);
  });

  it('refuses the calls of streams clearly', async () => {
    const { ended } = client().listen('ReadStream', { transferId: 'a' });
    await expect.poll(ended, patiently).toMatchObject({ code: 12, details: expect.stringContaining('files only') });
    const spec = await authorize({ paths: [{ source: '/x' }] });
    const answer = await client().call<Started>('StartTransfer', requestOf(spec, 'URL_STREAM_TO_STREAM'));
    expect(answer.error?.description).toBe('URL_STREAM_TO_STREAM is not simulated');
  });

  it('has a control port with faults', async () => {
    const { controlUrl } = simulators.transferd;
    await mkdir(local('unused'), { recursive: true });
    await fetch(`${controlUrl}/requests`, { method: 'DELETE' });
    const body = JSON.stringify({ kind: 'status', path: '/GetInfo', status: 8, times: 1 });
    expect((await fetch(`${controlUrl}/faults`, { method: 'POST', body })).status).toBe(204);
    await expect(client().call('GetInfo')).rejects.toMatchObject({ code: 8 });
    expect(await client().call('GetInfo')).toMatchObject({ info: { asperaInfo: [{ asperaBinary: 'ascp' }] } });
    const requests = await (await fetch(`${controlUrl}/requests`)).json();
    expect(requests).toMatchObject([
      { path: '/GetInfo', status: 8 },
      { path: '/GetInfo', status: 0 },
    ]);
    expect(await (await fetch(`${controlUrl}/switches`)).json()).toContain('breakTransfer');
  });
});
