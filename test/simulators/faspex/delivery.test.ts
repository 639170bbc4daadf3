import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DesktopOptions, runDesktopClient } from '../../../simulators/node/protocol/desktop-client.ts';
import { type Api, type Json, MINA, type Running, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;
let tomas: Api;
let mina: Api;
/** The sender's folder with a file of 400 kB and a small one in a folder. */
let desktop: string;
const bytes = Buffer.alloc(400_000, 'faspex ');

beforeAll(async () => {
  running = await startFaspex();
  [tomas, mina] = await Promise.all([running.signIn(TOMAS), running.signIn(MINA)]);
  desktop = await mkdtemp(join(running.folder, 'desktop-'));
  await mkdir(join(desktop, 'reels'));
  await writeFile(join(desktop, 'a.mov'), bytes);
  await writeFile(join(desktop, 'reels', 'b.txt'), 'reel b');
});
afterAll(() => running.stop());

const show = async (api: Api, id: string) => (await api.get(`/packages/${id}`)).json;
const details = async (id: string) => (await tomas.get(`/packages/${id}/upload_details`)).json;
const reach = (api: Api, id: string, expected: Json) =>
  vi.waitFor(async () => expect(await show(api, id)).toMatchObject(expected), { timeout: 4000, interval: 20 });

async function uploadSpec(id: string, paths: readonly string[] = ['/a.mov', '/reels']): Promise<Json> {
  const { status, json } = await tomas.post(`/packages/${id}/transfer_spec/upload?transfer_type=connect`, { paths });
  expect(status).toBe(200);
  return json;
}

async function upload(id: string, options: DesktopOptions = {}) {
  return runDesktopClient(await uploadSpec(id), desktop, options);
}

async function deliver(more: Json = {}): Promise<string> {
  const id = await tomas.send(MINA, more);
  expect(await upload(id)).toMatchObject({ status: 'completed' });
  await reach(tomas, id, { status: 'completed', state: 'released' });
  return id;
}

const downloadSpec = (id: string, body: Json = {}, type = 'connect') =>
  mina.post(`/packages/${id}/transfer_spec/download?type=received&transfer_type=${type}&recipient_user_id=3`, body);

describe('a package', () => {
  it('travels: its bytes go to the node, its status follows, and its recipient gets the same bytes', async () => {
    const id = await tomas.send(MINA, { title: 'Day 1: rushes' });
    expect(await details(id)).toMatchObject({ upload_status: 'submitted', start_time: '', percentage_complete: '0' });
    const sending = upload(id, { targetRateKbps: 8_000 });
    await reach(mina, id, { status: 'transferring', state: 'held', download_availability: 'partial' });
    const now = await details(id);
    expect(now).toMatchObject({ upload_status: 'transferring', bytes_total: '400006', completion_time: '' });
    expect(Number(now.bytes_written)).toBeGreaterThan(0);
    expect(Number(now.percentage_complete)).toBeLessThan(100);
    expect(await sending).toMatchObject({ status: 'completed', filesCompleted: 2 });
    await reach(mina, id, {
      ...{ status: 'completed', state: 'released', upload_status: 'completed', download_availability: 'full' },
      ...{ total_bytes: 400_006, total_files: 2, files_on_server: 'yes', release_date: expect.any(String) },
    });
    expect(await details(id)).toMatchObject({ percentage_complete: '100', bytes_written: '400006' });

    const target = await mkdtemp(join(running.folder, 'received-'));
    const { json: spec } = await downloadSpec(id);
    expect(await runDesktopClient(spec, target)).toMatchObject({ status: 'completed' });
    expect(await readFile(join(target, 'PKG - Day 1_ rushes', 'a.mov'))).toEqual(bytes);
    expect(await readFile(join(target, 'PKG - Day 1_ rushes', 'reels', 'b.txt'), 'utf8')).toBe('reel b');
    await reach(tomas, id, { completed_download_count: 1, downloaders: [{ name: MINA, count: 1 }] });
    const history = await tomas.get(`/packages/${id}/download_details`);
    expect(history.json).toMatchObject({
      ...{ total_count: 1, all_downloads: [{ name: MINA, type: 'full', ip: '127.0.0.1' }] },
      ...{ full_downloads: [{ count: 1 }], partial_downloads: [], active_downloads: [] },
    });
  });

  it('passes through the states of processing one after the other', async () => {
    let now = Date.now();
    const clock = {
      now: () => now,
      advance: (milliseconds: number) => {
        now += milliseconds;
      },
    };
    const still = await startFaspex({ pollIntervalMs: 20, clock });
    try {
      const sender = await still.signIn(TOMAS);
      const id = await sender.send(MINA);
      await sender.post(`/packages/${id}/remote_transfer`, { shared_folder_id: '1', paths: ['/stills'] });
      await reach(sender, id, { status: 'uploaded_for_processing', state: 'held' });
      for (const [status, state] of [
        ['processing', 'transient_held_to_released_start'],
        ['checking_relays', 'transient_held_to_released_routing_packages'],
        ['relaying', 'transient_held_to_released_finish'],
        ['completed', 'released'],
      ]) {
        clock.advance(20);
        expect(await show(sender, id)).toMatchObject({ status, state, upload_status: 'completed' });
      }
    } finally {
      await still.stop();
    }
  });

  it('is looked for on the node only while something is in flight', async () => {
    const fresh = await startFaspex();
    try {
      const sender = await fresh.signIn(TOMAS);
      const id = await sender.send(MINA);
      const polls = () => fresh.storage.requests.count('GET', '/ops/transfers');
      expect(polls()).toBe(0);
      await sender.post(`/packages/${id}/remote_transfer`, { shared_folder_id: '1', paths: ['/stills'] });
      await reach(sender, id, { status: 'completed' });
      const pass = (milliseconds: number, start = Date.now()) =>
        vi.waitFor(() => expect(Date.now()).toBeGreaterThan(start + milliseconds));
      await vi.waitFor(async () => {
        const before = polls();
        await pass(100);
        expect(polls()).toBe(before);
      });
    } finally {
      await fresh.stop();
    }
  });
});

describe('an upload', () => {
  it('that is canceled fails, and can be done again with another spec', async () => {
    const id = await tomas.send(MINA);
    const aborter = new AbortController();
    const onProgress = () => aborter.abort();
    expect(await upload(id, { targetRateKbps: 4_000, signal: aborter.signal, onProgress })).toMatchObject({
      status: 'canceled',
    });
    await reach(tomas, id, { status: 'failed', state: 'held', upload_status: 'failed' });
    expect(await show(tomas, id)).toMatchObject({ error_desc: expect.stringMatching(/\w/) });
    const spec = await uploadSpec(id);
    expect(await show(tomas, id)).toMatchObject({ status: 'starting', error_desc: '' });
    expect(await runDesktopClient(spec, desktop)).toMatchObject({ status: 'completed' });
    await reach(tomas, id, { status: 'completed', error_desc: '' });
  });

  it('can be fetched from while it runs, but not over HTTP', async () => {
    const id = await tomas.send(MINA);
    const aborter = new AbortController();
    const sending = upload(id, { targetRateKbps: 2_000, signal: aborter.signal });
    await reach(mina, id, { status: 'transferring' });
    expect((await downloadSpec(id, {}, 'http_gateway')).json.code).toBe('1239');
    expect((await downloadSpec(id)).status).toBe(200);
    aborter.abort();
    await sending;
  });

  it('that nobody begins times out', async () => {
    const { faspex, signIn, stop } = await startFaspex();
    try {
      const sender = await signIn(TOMAS);
      const id = await sender.send(MINA);
      await sender.post(`/packages/${id}/transfer_spec/upload?transfer_type=connect`, { paths: ['/a'] });
      faspex.clock.advance(29 * 60_000);
      expect(await show(sender, id)).toMatchObject({ status: 'starting' });
      faspex.clock.advance(2 * 60_000);
      expect(await show(sender, id)).toMatchObject({ status: 'failed', upload_status: 'timed_out' });
    } finally {
      await stop();
    }
  });

  it('is noticed although the node is away for a while or loses the numbers of its change feed', async () => {
    const id = await tomas.send(MINA);
    const spec = await uploadSpec(id);
    running.storage.faults.add({ kind: 'status', status: 503, path: '/ops/transfers', times: 3 });
    running.storage.faults.add({ kind: 'wrongJson', path: '/ops/transfers', times: 2 });
    const { resetTokens, emptyAnswers } = running.storage.switches;
    expect(resetTokens).toBeDefined();
    await resetTokens?.({});
    await emptyAnswers?.({ times: 2 });
    expect(await runDesktopClient(spec, desktop)).toMatchObject({ status: 'completed' });
    await reach(tomas, id, { status: 'completed' });
  });

  it('can come from a shared folder, which the node sends to itself', async () => {
    const id = await tomas.send(MINA);
    const path = `/packages/${id}/remote_transfer`;
    const { status, json } = await tomas.post(path, { shared_folder_id: '1', paths: ['/reel.mov.txt', '/stills'] });
    expect([status, json]).toMatchObject([201, { transfer_id: expect.any(String), direction: 'send' }]);
    await reach(mina, id, { status: 'completed', total_files: 2 });
    expect((await tomas.post(path, { shared_folder_id: '1', paths: ['/x'] })).json.code).toBe('1113');
  });

  it('from a shared folder needs a folder, paths and the sender', async () => {
    const id = await tomas.send(MINA);
    const codeOf = async (api: Api, body: Json, query = '') =>
      (await api.post(`/packages/${id}/remote_transfer${query}`, body)).json.code;
    expect(await codeOf(tomas, { paths: ['/a'] })).toBe('1307');
    expect(await codeOf(tomas, { paths: ['/a'] }, '?shared_folder_id=one')).toBe('1308');
    expect(await codeOf(tomas, { paths: ['/a'] }, '?shared_folder_id=9')).toBe('1303');
    expect(await codeOf(tomas, {}, '?shared_folder_id=1')).toBe('1309');
    expect(await codeOf(tomas, { paths: [1] }, '?shared_folder_id=1')).toBe('1300');
    expect(await codeOf(mina, { paths: ['/a'] }, '?shared_folder_id=1')).toBe('1301');
  });
});

describe('a release', () => {
  it('that is withheld waits for the sender although the upload has completed', async () => {
    const id = await tomas.send(MINA, { release_policy: 'later' });
    await upload(id);
    await reach(tomas, id, { status: 'uploaded_for_processing', state: 'held', upload_status: 'completed' });
    expect((await downloadSpec(id)).json.code).toBe('1040');
    await tomas.call('PUT', `/packages/${id}`, { release_policy: 'now' });
    await reach(mina, id, { status: 'completed', release_policy: 'now' });
  });

  it('does not come when processing fails', async () => {
    const id = await tomas.send(MINA);
    await running.faspex.switches.failProcessing?.({ packageId: id });
    await upload(id);
    await reach(tomas, id, {
      ...{ status: 'file_processing_failed', file_processing_status: 'processing_failed' },
      file_processing_msg: 'File processing failed.',
    });
    expect((await downloadSpec(id)).json.code).toBe('1050');
  });
});

describe('downloads', () => {
  it('show who is downloading, and how far they are', async () => {
    const id = await deliver();
    const target = await mkdtemp(join(running.folder, 'slow-'));
    const { json: spec } = await downloadSpec(id);
    const receiving = runDesktopClient(spec, target, { targetRateKbps: 8_000 });
    await reach(tomas, id, {
      active_download_count: 1,
      active_downloaders: [{ name: MINA, progress_percentage_complete: expect.stringMatching(/^\d+$/) }],
    });
    await receiving;
    await reach(tomas, id, { active_download_count: 0, completed_download_count: 1 });
  });

  it('of single files count as partial', async () => {
    const id = await deliver();
    const target = await mkdtemp(join(running.folder, 'partial-'));
    const { json: spec } = await downloadSpec(id, { paths: [{ source: '/reels/b.txt' }] });
    await runDesktopClient(spec, target);
    expect(await readFile(join(target, 'b.txt'), 'utf8')).toBe('reel b');
    await reach(tomas, id, { completed_partial_download_count: 1, completed_download_count: 0 });
  });

  it('end at the download limit, and where the sender forbade HTTP', async () => {
    const id = await deliver({ download_limit: 1, prevent_http_download: true });
    expect((await downloadSpec(id, {}, 'http_gateway')).json.code).toBe('1238');
    await runDesktopClient((await downloadSpec(id)).json, await mkdtemp(join(running.folder, 'once-')));
    await reach(tomas, id, { completed_download_count: 1 });
    expect((await downloadSpec(id)).json.code).toBe('1041');
  });

  it('delete the package where its policy says so', async () => {
    const id = await deliver({ expiration_policy: 'delete_after_all_download' });
    await runDesktopClient((await downloadSpec(id)).json, await mkdtemp(join(running.folder, 'last-')));
    await reach(tomas, id, { status: 'deleted', files_on_server: 'deleted' });
    expect((await downloadSpec(id)).json.code).toBe('1051');
  });
});
