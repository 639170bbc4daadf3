import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, type NodeCalls, startTwo } from './start-nodes.ts';

const patient = { timeout: 15_000, interval: 50 };

let london: NodeCalls;
let tokyo: NodeCalls;

beforeEach(async () => {
  ({ london, tokyo } = await startTwo());
  await mkdir(join(london.node.docroot, 'here/deep'), { recursive: true });
  await mkdir(join(tokyo.node.docroot, 'there'));
});

const configure = (changes: Json = {}): Json => {
  const { username: user, password: pass, sshPort: port } = tokyo.node;
  const remote = { host: '127.0.0.1', port, user, pass, path: '/there' };
  return { name: 'pair', local: { path: '/here' }, remote, ...changes };
};

const create = async (changes: Json = {}) =>
  String((await london.json('POST', '/asyncs', { configuration: configure(changes) })).id);
const start = async (id: string) => (await london.call('POST', `/asyncs/${id}/start`)).status;
const get = (path: string) => london.json('GET', `/asyncs/${path}`);
const reaches = (id: string, state: string) =>
  expect.poll(async () => (await get(`${id}/state`)).state, patient).toBe(state);
const put = (node: NodeCalls, path: string, text: string) => writeFile(join(node.node.docroot, path), text);
const arrived = (node: NodeCalls, path: string) =>
  expect.poll(() => readFile(join(node.node.docroot, path), 'utf8').catch(() => undefined), patient);

describe('a sync', () => {
  it('waits until it is started, pushes once, and is complete', async () => {
    await put(london, 'here/a', 'a');
    await put(london, 'here/deep/ü', 'deep');
    const id = await create();
    expect(await get(`${id}/state`)).toMatchObject({ state: 'stopped' });
    expect(await start(id)).toBe(204);
    await reaches(id, 'completed');
    await arrived(tokyo, 'there/a').toBe('a');
    await arrived(tokyo, 'there/deep/ü').toBe('deep');
    expect(await get(`${id}/counters`)).toMatchObject({
      ...{
        passes: 1,
        files_total: 2,
        files_synchronized: 2,
        files_pending: 0,
        files_transferred: 2,
        bytes_transferred: 5,
      },
    });
    expect(await get(`${id}/files?count=1`)).toMatchObject({ files: [{ path: 'a', status: 'synchronized', size: 1 }] });
    // Started again it finds nothing to do.
    expect(await start(id)).toBe(204);
    await expect.poll(async () => (await get(`${id}/counters`)).passes, patient).toBe(2);
    expect(await get(`${id}/counters`)).toMatchObject({ files_transferred: 2, files_skipped: 2 });
  });

  it('pulls', async () => {
    await put(tokyo, 'there/b', 'from there');
    const id = await create({ direction: 'pull' });
    await start(id);
    await reaches(id, 'completed');
    expect(await readFile(join(london.node.docroot, 'here/b'), 'utf8')).toBe('from there');
    expect(await get(`${id}/files`)).toMatchObject({ files: [{ path: 'b', status: 'synchronized' }] });
  });

  it('goes both ways, again and again on the node’s clock, until it is stopped', async () => {
    await put(london, 'here/l', 'london');
    await put(tokyo, 'there/t', 'tokyo');
    const id = await create({ direction: 'bidi', mode: 'continuous', local_scan_interval_milliseconds: 50 });
    await start(id);
    expect(await start(id)).toBe(409);
    await arrived(tokyo, 'there/l').toBe('london');
    await arrived(london, 'here/t').toBe('tokyo');
    await put(tokyo, 'there/new', 'newer');
    await arrived(london, 'here/new').toBe('newer');
    expect((await london.call('POST', `/asyncs/${id}/stop`)).status).toBe(204);
    expect(await get(`${id}/state`)).toMatchObject({ state: 'stopped' });
  });

  it('tells the failure of its transfer', async () => {
    await put(london, 'here/a', 'a');
    const { remote } = configure() as { remote: Json };
    const id = await create({ remote: { ...remote, pass: 'wrong' } });
    await start(id);
    await reaches(id, 'error');
    expect(await get(`${id}/state`)).toMatchObject({ error_code: 19, error_desc: 'Unable to authenticate' });
  });

  it('cancels its transfer when it is stopped or deleted', async () => {
    await put(london, 'here/big', 'x'.repeat(3_000_000));
    const id = await create({ target_rate_kbps: 1_000 });
    await start(id);
    const statuses = async () => (await london.list()).map(({ status }) => status);
    await expect.poll(statuses, patient).toEqual(['running']);
    await london.call('POST', `/asyncs/${id}/stop`);
    expect(await statuses()).toEqual(['canceled']);
    expect((await london.call('DELETE', `/asyncs/${id}`)).status).toBe(204);
    expect(await london.json('GET', '/asyncs')).toEqual({ ids: [] });
  });

  it('is refused without what it needs, and under a name that is taken', async () => {
    const status = async (changes: Json) =>
      (await london.call('POST', '/asyncs', { configuration: configure(changes) })).status;
    expect(await status({ name: 'a b' })).toBe(400);
    expect(await status({ local: undefined })).toBe(400);
    expect(await status({})).toBe(200);
    expect(await status({})).toBe(409);
    expect((await london.call('GET', '/asyncs', undefined, london.bearer())).status).toBe(403);
    expect(await london.json('GET', '/asyncs', undefined, london.keyHeaders)).toEqual({ ids: [] });
  });
});

describe('the statistics of /async', () => {
  it('are those of every sync, by its number, also as text', async () => {
    await put(london, 'here/a', 'a'.repeat(100_000));
    const id = await create({ target_rate_kbps: 1_000 });
    await start(id);
    await reaches(id, 'completed');
    const { sync_ids } = await london.json('GET', '/async/list');
    expect(sync_ids).toEqual([1]);
    const ask = (what: string, more: Json = {}) => london.json('POST', `/async/${what}`, { syncs: ['1'], ...more });
    expect(await ask('summary')).toMatchObject({
      sync_summaries: [{ snid: 1, name: 'pair', local_dir: '/here', remote_dir: '/there' }],
    });
    expect(await ask('files')).toMatchObject({ sync_files: [{ 1: [{ fnid: 1, path: 'a' }] }] });
    expect(await ask('counters')).toMatchObject({ sync_counters: [{ 1: [{ files_synchronized: 1 }] }] });
    const { bandwidth_data } = await ask('bandwidth', { seconds: 100 });
    expect(bandwidth_data).toEqual([
      { 1: { data: expect.arrayContaining([{ time: expect.any(Number), rate: expect.any(Number) }]) } },
    ]);
    expect((await london.call('POST', '/async/delete', { syncs: [1] })).status).toBe(204);
    expect(await london.json('GET', '/async/list')).toEqual({ sync_ids: [] });
    expect((await london.call('POST', '/async/summary', { syncs: [1] })).status).toBe(404);
  });

  it('can have a second answer behind their JSON, as real servers do', async () => {
    await london.flip('glueAnswers');
    const text = await (await london.call('GET', '/async/list')).text();
    expect(text).toMatch(/^\{"sync_ids":\[\]\}HTTP\/1\.1 400 Bad Request/);
    expect(await london.json('GET', '/async/list')).toEqual({ sync_ids: [] });
  });
});
