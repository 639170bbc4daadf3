import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, type Json, type NodeCalls, startTwo } from './start-nodes.ts';

let london: NodeCalls;
let tokyo: NodeCalls;
const bytes = randomBytes(2_000_000);
/** So slow that a transfer of `bytes` takes half a minute unless somebody changes it. */
const SLOW_KBPS = 500;
const QUICK_KBPS = 5_000_000;

beforeEach(async () => {
  ({ london, tokyo } = await startTwo());
  await writeFile(join(london.node.docroot, 'a'), bytes);
});

async function startSlow(changes: Json = {}): Promise<string> {
  const spec = await tokyo.setup('upload', { destination_root: '/' });
  const body = { ...spec, target_rate_kbps: SLOW_KBPS, paths: [{ source: 'a' }], ...changes };
  const { id } = await london.json('POST', '/ops/transfers', body);
  await expect.poll(async () => (await london.transfer(id)).bytes_transferred, { timeout: 5000 }).toBeGreaterThan(0);
  return String(id);
}

const change = (id: string, changes: Json) => london.json('PUT', `/ops/transfers/${id}`, changes);
const arrived = async () => (await readFile(join(tokyo.node.docroot, 'a'))).equals(bytes);

describe('a running transfer', () => {
  it('keeps to its target rate, shows its progress, and obeys a new rate at once', async () => {
    const id = await startSlow();
    await expect
      .poll(async () => ((await london.transfer(id)).sessions as Json[])[0]?.calc_rate_kbps, { timeout: 5000 })
      .toBeGreaterThan(SLOW_KBPS / 3);
    const running = await london.transfer(id);
    const [session] = running.sessions as [Json];
    expect(running).toMatchObject({ status: 'running', avg_rate_kbps: 0, files: [{ status: 'transferring' }] });
    expect(session).toMatchObject({ status: 'running', target_rate_kbps: SLOW_KBPS });
    expect(running).not.toHaveProperty('end_time_usec');
    expect(session).not.toHaveProperty('end_time_usec');
    expect(session.calc_rate_kbps).toBeLessThan(SLOW_KBPS * 3);
    expect(running.bytes_transferred).toBeLessThan(bytes.length / 2);
    const rates = { target_rate_kbps: QUICK_KBPS, min_rate_kbps: 7, rate_policy: 'high' };
    expect(await change(id, rates)).toMatchObject({
      ...rates,
      sessions: [{ target_rate_kbps: QUICK_KBPS, min_rate_kbps: 7 }],
    });
    await london.reaches(id, 'completed');
    expect(await arrived()).toBe(true);
    expect(await tokyo.list()).toMatchObject([{ sessions: [{ target_rate_kbps: QUICK_KBPS, min_rate_kbps: 7 }] }]);
  });

  it('obeys a new rate when the other side is the one that sends', async () => {
    await writeFile(join(tokyo.node.docroot, 'b'), bytes);
    const spec = await tokyo.setup('download', { paths: [{ source: '/b' }] });
    const id = await startSlow({ ...spec, target_rate_kbps: SLOW_KBPS });
    await change(id, { target_rate_kbps: QUICK_KBPS });
    await london.reaches(id, 'completed');
    expect((await readFile(join(london.node.docroot, 'b'))).equals(bytes)).toBe(true);
  });

  it('resumes where it was paused', async () => {
    const id = await startSlow();
    expect(await change(id, { status: 'paused' })).toMatchObject({ id, status: 'paused' });
    const paused = await london.transfer(id);
    const before = Number(paused.bytes_transferred);
    expect(before).toBeLessThan(bytes.length);
    expect(await tokyo.list()).toMatchObject([{ status: 'paused' }]);
    expect((await stat(join(tokyo.node.docroot, 'a.partial'))).size).toBeGreaterThan(0);
    await expect(stat(join(tokyo.node.docroot, 'a'))).rejects.toThrow();
    await change(id, { target_rate_kbps: QUICK_KBPS, status: 'running' });
    const done = await london.reaches(id, 'completed');
    expect(await arrived()).toBe(true);
    const [first, second] = done.sessions as [Json, Json];
    expect(first).toMatchObject({ status: 'failed', bytes_transferred: before });
    expect(second).toMatchObject({ status: 'completed', retry_count: 1 });
    expect(Number(second.bytes_transferred)).toBeLessThan(bytes.length);
    const [file] = done.files as [Json];
    expect(file).toMatchObject({ status: 'completed', start_byte: bytes.length - Number(second.bytes_transferred) });
  });

  it.each(['canceled', 'cancelled', 'stopped'])('ends on status %s', async (status) => {
    const id = await startSlow();
    expect(await change(id, { status })).toMatchObject({ status: 'canceled', error_code: 28 });
    await tokyo.reaches((await tokyo.list())[0]?.id, 'canceled');
    expect((await london.call('PUT', `/ops/transfers/${id}`, { status: 'running' })).status).toBe(400);
    await expect(stat(join(tokyo.node.docroot, 'a'))).rejects.toThrow();
  });

  it('ends on the verb CANCEL, and on DELETE, with 204 and no body', async () => {
    const { node } = london;
    const id = await startSlow();
    const socket = connect(Number(new URL(node.url).port), '127.0.0.1');
    const authorization = basicOf(node.username, node.password);
    socket.write(`CANCEL /ops/transfers/${id} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`);
    const answer: Buffer[] = [];
    for await (const chunk of socket) answer.push(chunk as Buffer);
    expect(Buffer.concat(answer).toString()).toMatch(/^HTTP\/1\.1 204 .*\r\n\r\n$/s);
    expect(await london.transfer(id)).toMatchObject({ status: 'canceled' });
    const other = await startSlow({ destination_root: '/other' });
    const deleted = await london.call('DELETE', `/ops/transfers/${other}`);
    expect([deleted.status, await deleted.text()]).toEqual([204, '']);
    expect((await london.call('DELETE', '/ops/transfers/unknown')).status).toBe(404);
  });

  it('refuses changes that make no sense, and changes of a transfer that another node started', async () => {
    const id = await startSlow();
    for (const wrong of [
      { status: 'faster' },
      { target_rate_kbps: 0 },
      { target_rate_kbps: '9' },
      { rate_policy: 'quick' },
      { status: 'resume' },
    ]) {
      expect((await london.call('PUT', `/ops/transfers/${id}`, wrong)).status).toBe(400);
    }
    const [served] = await tokyo.list();
    expect((await tokyo.call('PUT', `/ops/transfers/${served?.id}`, { status: 'canceled' })).status).toBe(400);
    expect((await london.call('PUT', '/ops/transfers/unknown', { status: 'canceled' })).status).toBe(404);
  });

  it('waits while the queue is full', async () => {
    await london.flip('setQueue', { maxRunning: 1 });
    const first = await startSlow();
    const spec = await tokyo.setup('upload', { destination_root: '/second' });
    const { id: second } = await london.json('POST', '/ops/transfers', { ...spec, paths: [{ source: 'a' }] });
    expect(await london.transfer(second)).toMatchObject({
      status: 'waiting',
      sessions: [],
      precalc: { status: 'not_ready' },
    });
    const { id: third } = await london.json('POST', '/ops/transfers', { ...spec, paths: [{ source: 'a' }] });
    expect(await change(String(third), { status: 'canceled' })).toMatchObject({ status: 'canceled' });
    await change(first, { status: 'canceled' });
    await london.reaches(second, 'completed');
  });
});

describe('a transfer that breaks', () => {
  it('fails with the code and words of the break when there is no retry window', async () => {
    const id = await startSlow();
    await london.flip('breakTransfer', { id, code: 25, description: 'No space left on device' });
    const failed = await london.reaches(id, 'failed');
    const error = { error_code: 25, error_desc: 'No space left on device' };
    expect(failed).toMatchObject({
      ...error,
      sessions: [{ status: 'failed', ...error }],
      files: [{ status: 'failed' }],
    });
    await tokyo.reaches((await tokyo.list())[0]?.id, 'failed');
    await expect(london.flip('breakTransfer', { id })).rejects.toThrow();
  });

  it('fails the file whose source shrinks or vanishes meanwhile, and goes on with the next', async () => {
    for (const name of ['b', 'c']) await writeFile(join(london.node.docroot, name), name);
    const id = await startSlow({ paths: [{ source: 'a' }, { source: 'b' }, { source: 'c' }] });
    await truncate(join(london.node.docroot, 'a'), 10);
    await rm(join(london.node.docroot, 'b'));
    await change(id, { target_rate_kbps: QUICK_KBPS });
    const failed = await london.reaches(id, 'failed');
    const files = [
      { path: '/a', error_code: 35 },
      { path: '/b', error_code: 4 },
      { path: '/c', status: 'completed' },
    ];
    expect(failed).toMatchObject({ error_code: 27, files });
    const [served] = await tokyo.list();
    expect(await tokyo.reaches(served?.id, 'failed')).toMatchObject({ error_code: 27, files });
    await expect(stat(join(tokyo.node.docroot, 'a'))).rejects.toThrow();
  });

  it('is partially_completed in its retry window, goes on where it was, and completes on both nodes', async () => {
    const id = await startSlow({ tags: { aspera: { xfer_id: 'x1', xfer_retry: 60 } } });
    const [served] = await tokyo.list();
    await tokyo.flip('breakTransfer', { id: served?.id, code: 16 });
    await expect.poll(async () => (await london.transfer(id)).status, { timeout: 3000 }).toBe('partially_completed');
    await change(id, { target_rate_kbps: QUICK_KBPS });
    const done = await london.reaches(id, 'completed');
    expect(done).toMatchObject({ sessions: [{ status: 'failed', retry_timeout: 60 }, { retry_count: 1 }] });
    expect(await arrived()).toBe(true);
    const records = await tokyo.list();
    expect(records).toMatchObject([{ id: served?.id, status: 'completed' }]);
    expect(records[0]?.sessions).toHaveLength(2);
  });

  it('fails when its retry window closes, on both nodes', async () => {
    const id = await startSlow({ tags: { aspera: { xfer_id: 'x1', xfer_retry: 60 } } });
    const [served] = await tokyo.list();
    await tokyo.flip('breakTransfer', { id: served?.id });
    await london.flip('setQueue', { maxRunning: 0 });
    await expect.poll(async () => (await tokyo.transfer(served?.id)).status).toBe('partially_completed');
    await expect.poll(async () => (await london.transfer(id)).status).toBe('partially_completed');
    await london.flip('advanceClock', { milliseconds: 61_000 });
    await tokyo.flip('advanceClock', { milliseconds: 61_000 });
    expect(await tokyo.transfer(served?.id)).toMatchObject({ status: 'failed', error_code: 16 });
    expect(await london.reaches(id, 'failed')).toMatchObject({ error_code: 16 });
  });

  it('is not tried more often than xfer_max_retries', async () => {
    const id = await startSlow({ xfer_max_retries: 0, tags: { aspera: { xfer_retry: 3600 } } });
    await london.flip('breakTransfer', { id, code: 12 });
    expect(await london.reaches(id, 'failed')).toMatchObject({ error_code: 12 });
  });

  it('can be cancelled while it waits for a retry', async () => {
    const id = await startSlow({ tags: { aspera: { xfer_retry: 3600 } } });
    await london.flip('setQueue', { maxRunning: 0 });
    await london.flip('breakTransfer', { id });
    await expect.poll(async () => (await london.transfer(id)).status).toBe('partially_completed');
    expect(await change(id, { status: 'canceled' })).toMatchObject({ status: 'canceled' });
  });
});

describe('a restart', () => {
  it('breaks what runs, keeps ports and history, and retries where a retry window is open', async () => {
    const without = await startSlow();
    const within = await startSlow({ destination_root: '/r', tags: { aspera: { xfer_id: 'r', xfer_retry: 600 } } });
    const { url, sshPort } = london.node;
    await london.node.restart();
    expect([london.node.url, london.node.sshPort]).toEqual([url, sshPort]);
    expect(await london.reaches(without, 'failed')).toMatchObject({ error_code: 16 });
    await change(within, { target_rate_kbps: QUICK_KBPS });
    await london.reaches(within, 'completed');
    expect((await readFile(join(tokyo.node.docroot, 'r/a'))).equals(bytes)).toBe(true);
  });

  it('of the serving node breaks sessions too', async () => {
    const id = await startSlow({ tags: { aspera: { xfer_id: 'r', xfer_retry: 600 } } });
    await fetch(`${tokyo.node.controlUrl}/switches/restart`, { method: 'POST' });
    await change(id, { target_rate_kbps: QUICK_KBPS });
    await london.reaches(id, 'completed');
    expect(await tokyo.list()).toMatchObject([{ status: 'completed' }]);
    expect(await arrived()).toBe(true);
  });
});
