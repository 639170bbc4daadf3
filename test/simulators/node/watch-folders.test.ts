import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, type Json, type NodeCalls, startTwo } from './start-nodes.ts';

const version = { 'x-aspera-wf-version': '2017_10_23' };
const patient = { timeout: 15_000, interval: 50 };

let london: NodeCalls;
let tokyo: NodeCalls;

beforeEach(async () => {
  ({ london, tokyo } = await startTwo());
  for (const folder of ['out', 'in']) {
    await mkdir(join(london.node.docroot, folder));
    await mkdir(join(tokyo.node.docroot, folder));
  }
});

const nodeLocation = ({ node }: NodeCalls): Json => ({
  type: 'REMOTE',
  host: '127.0.0.1',
  port: Number(new URL(node.url).port),
  authentication: { type: 'NODE_BASIC', user: node.username, pass: node.password },
});

/** Short periods, so that only a test that moves the clock waits for a longer one. */
const quick = { cool_off: '0s', snapshot_creation_period: '50ms' };

const push = (changes: Json = {}): Json => ({
  ...{ source: { path: '/out' }, target: { path: '/in', location: nodeLocation(tokyo) } },
  ...quick,
  ...changes,
});

const create = async (config: Json) => String((await london.json('POST', '/v3/watchfolders', config, version)).id);
const get = (path: string) => london.json('GET', `/v3/watchfolders/${path}`, undefined, version);
const statistics = async (id: string) => (await get(`${id}/state`)).statistics as Json;
const put = (node: NodeCalls, path: string, text: string) => writeFile(join(node.node.docroot, path), text);
const arrived = (node: NodeCalls, path: string) =>
  expect.poll(() => readFile(join(node.node.docroot, path), 'utf8').catch(() => undefined), patient);

describe('a watch folder that pushes', () => {
  it('sends what is there and what comes, folders and all, and counts it', async () => {
    await put(london, 'out/first.txt', 'first');
    const id = await create(push());
    await arrived(tokyo, 'in/first.txt').toBe('first');
    await mkdir(join(london.node.docroot, 'out/deep/er'), { recursive: true });
    await put(london, 'out/deep/er/ü.txt', 'second!');
    await arrived(tokyo, 'in/deep/er/ü.txt').toBe('second!');
    await expect
      .poll(() => statistics(id), patient)
      .toMatchObject({
        ...{ files_transferred: 2, files_succeeded: 2, files_failed: 0, bytes_completed: 12, bytes_written: 12 },
      });
    expect(await get(`${id}/state`)).toMatchObject({
      state: 'HEALTHY',
      components: { watch: { state: 'HEALTHY' }, transport: { state: 'HEALTHY' }, watchfolderd: { state: 'HEALTHY' } },
    });
    // Every drop is a transfer like any other, known to both nodes.
    expect(await london.list()).toHaveLength(2);
    expect(await tokyo.list()).toHaveLength(2);
  });

  it('sends a file again when it has changed, and not otherwise', async () => {
    await put(london, 'out/a', 'one');
    const id = await create(push());
    await arrived(tokyo, 'in/a').toBe('one');
    await put(london, 'out/a', 'another');
    await arrived(tokyo, 'in/a').toBe('another');
    await expect.poll(async () => (await statistics(id)).files_succeeded, patient).toBe(2);
    await put(london, 'out/b', 'b');
    await arrived(tokyo, 'in/b').toBe('b');
    await expect.poll(async () => (await statistics(id)).files_transferred, patient).toBe(3);
  });

  it('waits until a file has not changed for the cool-off time of the node’s clock', async () => {
    await put(london, 'out/a', 'a');
    const id = await create(push({ cool_off: '1h' }));
    const looked = async () => ((await get(`${id}/state`)).components as { watch: Json }).watch.state;
    await expect.poll(looked, patient).toBe('HEALTHY');
    expect(await london.list()).toEqual([]);
    await london.flip('advanceClock', { milliseconds: 3_700_000 });
    await arrived(tokyo, 'in/a').toBe('a');
  });

  it('counts what went away before it had cooled off', async () => {
    await put(london, 'out/a', 'a');
    const id = await create(push({ cool_off: '1h' }));
    const looked = async () => ((await get(`${id}/state`)).components as { watch: Json }).watch.state;
    await expect.poll(looked, patient).toBe('HEALTHY');
    await rm(join(london.node.docroot, 'out/a'));
    await expect.poll(async () => (await statistics(id)).files_disappeared_before_cool_off, patient).toBe(1);
  });

  it('is impaired while the other node refuses, and says why; tries again, and heals', async () => {
    const location = nodeLocation(tokyo);
    const wrong = { ...location, authentication: { ...(location.authentication as Json), pass: 'wrong' } };
    await put(london, 'out/a', 'a');
    const config = push({ target: { path: '/in', location: wrong } });
    const id = await create(config);
    await expect
      .poll(() => get(`${id}/state`), patient)
      .toMatchObject({
        state: 'IMPAIRED',
        components: { transport: { state: 'IMPAIRED', last_error: 'Unable to authenticate (19)' } },
      });
    await expect.poll(async () => (await statistics(id)).files_failed, patient).toBe(1);
    await london.json('PUT', `/v3/watchfolders/${id}`, push(), version);
    await put(london, 'out/b', 'b');
    await arrived(tokyo, 'in/b').toBe('b');
    await expect.poll(() => get(`${id}/state`), patient).toMatchObject({ state: 'HEALTHY' });
  });

  it('logs in as the transfer user over SSH', async () => {
    await put(london, 'out/a', 'over ssh');
    const { username: user, password: pass, sshPort: port } = tokyo.node;
    const authentication = { type: 'SSH', user, pass };
    await create(
      push({ target: { path: '/in', location: { type: 'REMOTE', host: '127.0.0.1', port, authentication } } }),
    );
    await arrived(tokyo, 'in/a').toBe('over ssh');
  });
});

describe('a watch folder that pulls', () => {
  it('looks at the other node and fetches what is there', async () => {
    await mkdir(join(tokyo.node.docroot, 'out/deep'));
    await put(tokyo, 'out/deep/a', 'pulled');
    const id = await create({
      source: { path: '/out', location: nodeLocation(tokyo) },
      target: { path: '/in' },
      ...quick,
    });
    await arrived(london, 'in/deep/a').toBe('pulled');
    await put(tokyo, 'out/b', 'later');
    await arrived(london, 'in/b').toBe('later');
    await expect.poll(async () => (await statistics(id)).files_succeeded, patient).toBe(2);
  });
});

describe('the calls of watch folders', () => {
  it('need the header that names the version', async () => {
    expect((await london.call('GET', '/v3/watchfolders')).status).toBe(400);
    expect((await london.call('GET', '/v3/watchfolders', undefined, version)).status).toBe(200);
  });

  it('keep the id that was given, list, change and delete', async () => {
    expect(await create(push({ id: 'mine' }))).toBe('mine');
    expect((await london.call('POST', '/v3/watchfolders', push({ id: 'mine' }), version)).status).toBe(409);
    expect(await london.json('GET', '/v3/watchfolders', undefined, version)).toEqual({ ids: ['mine'] });
    expect(await get('mine')).toMatchObject({ id: 'mine', source: { path: '/out' }, cool_off: '0s' });
    await london.json('PUT', '/v3/watchfolders/mine', push({ cool_off: '7s' }), version);
    expect(await get('mine')).toMatchObject({ cool_off: '7s' });
    expect((await london.call('DELETE', '/v3/watchfolders/mine', undefined, version)).status).toBe(204);
    expect((await london.call('GET', '/v3/watchfolders/mine', undefined, version)).status).toBe(404);
    await put(london, 'out/late', 'late');
    await london.flip('advanceClock', { milliseconds: 60_000 });
    expect(await london.list()).toEqual([]);
  });

  it.each<[string, Json]>([
    ['two local ends', { target: { path: '/in' } }],
    ['a duration that is none', { cool_off: 'soon' }],
    ['no source', { source: undefined }],
  ])('refuse %s', async (_name, changes) => {
    expect((await london.call('POST', '/v3/watchfolders', push(changes), version)).status).toBe(400);
  });

  it('show an access key its own only, and nothing to a bearer token', async () => {
    const id = await create(push());
    const { accessKeyId, accessKeySecret } = london.node;
    const key = { ...version, authorization: basicOf(accessKeyId, accessKeySecret) };
    expect(await london.json('GET', '/v3/watchfolders', undefined, key)).toEqual({ ids: [] });
    expect((await london.call('GET', `/v3/watchfolders/${id}`, undefined, key)).status).toBe(404);
    expect((await london.call('GET', '/v3/watchfolders', undefined, { ...version, ...london.bearer() })).status).toBe(
      403,
    );
  });
});
