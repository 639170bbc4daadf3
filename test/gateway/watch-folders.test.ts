import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { findSecrets } from '../helpers/secrets.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const example = readExample('watch-folders');
const patient = { timeout: 15_000, interval: 50 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await mkdir(join(nodeOf(stack, 'london').docroot, 'Outbound'));
  await mkdir(join(nodeOf(stack, 'tokyo').docroot, 'Inbound'));
});
afterAll(() => stack?.stop());

interface Folder {
  readonly watchFolderId: string;
  readonly state: { readonly health: string; readonly statistics: { readonly filesSucceeded: number } } | null;
}
type Answer = Record<string, { readonly watchFolder?: Folder; readonly code?: string; readonly message?: string }>;

const run = (name: string, input: object, client = stack.everything) =>
  client.data<Answer>(example, { input: { source: 'london', ...input } }, name);

const remote = () => {
  const { url, username: user, password } = nodeOf(stack, 'tokyo');
  return { host: '127.0.0.1', port: Number(new URL(url).port), user, password };
};

const create = async (more: object = {}) => {
  const ends = { sourcePath: '/Outbound', targetPath: '/Inbound', remote: remote() };
  const { createWatchFolder } = await run('CreateWatchFolder', {
    ...ends,
    coolOffSeconds: 1,
    snapshotPeriodSeconds: 1,
    ...more,
  });
  return createWatchFolder;
};

const list = async (client = stack.everything) =>
  client.data<{ asperaNode: { watchFolders: Folder[] } }>(example, { node: 'london' }, 'WatchFolders');

describe('a watch folder', () => {
  it('is made, moves what comes into it, tells how it goes, is changed and given up', async () => {
    const created = await create();
    const id = created?.watchFolder?.watchFolderId ?? '';
    expect(created).toMatchObject({ watchFolder: { sourcePath: '/Outbound', targetPath: '/Inbound' } });
    await writeFile(join(nodeOf(stack, 'london').docroot, 'Outbound', 'ü.txt'), 'watched');
    const arrived = () => readFile(join(nodeOf(stack, 'tokyo').docroot, 'Inbound', 'ü.txt'), 'utf8').catch(() => null);
    await expect.poll(arrived, patient).toBe('watched');
    const succeeded = async () => (await list()).asperaNode.watchFolders[0]?.state?.statistics.filesSucceeded;
    await expect.poll(succeeded, patient).toBe(1);
    expect((await list()).asperaNode.watchFolders).toMatchObject([
      { watchFolderId: id, direction: 'PUSH', remote: { host: '127.0.0.1' }, state: { health: 'HEALTHY' } },
    ]);
    const { updateWatchFolder } = await run('UpdateWatchFolder', { watchFolderId: id, coolOffSeconds: 30 });
    expect(updateWatchFolder).toEqual({ watchFolder: { watchFolderId: id, coolOffSeconds: 30 } });
    const single = `query ($id: String!) { asperaNode(source: "london") { watchFolder(watchFolderId: $id) { coolOffSeconds } } }`;
    expect(await stack.everything.data(single, { id })).toEqual({
      asperaNode: { watchFolder: { coolOffSeconds: 30 } },
    });
    expect(await run('DeleteWatchFolder', { watchFolderId: id })).toEqual({ deleteWatchFolder: { watchFolderId: id } });
    expect((await list()).asperaNode.watchFolders).toEqual([]);
    expect(await stack.everything.data(single, { id })).toEqual({ asperaNode: { watchFolder: null } });
  });

  it('never shows its secrets, although the node tells them', async () => {
    const created = await create();
    const london = nodeOf(stack, 'london');
    const authorization = `Basic ${Buffer.from(`${london.username}:${london.password}`).toString('base64')}`;
    const headers = { authorization, 'x-aspera-wf-version': '2017_10_23' };
    const id = created?.watchFolder?.watchFolderId ?? '';
    const told = await (await fetch(`${london.url}/v3/watchfolders/${id}`, { headers })).text();
    expect(findSecrets(told, stack.secrets)).not.toEqual([]);
    const everything = `{ asperaNode(source: "london") { watchFolders { sourcePath remote { user } config } } }`;
    const shown = JSON.stringify(await stack.everything.data(everything));
    expect(shown).toContain('NODE_BASIC');
    expect(findSecrets(shown, stack.secrets)).toEqual([]);
    await run('DeleteWatchFolder', { watchFolderId: id });
  });

  it('costs one call for the list, and one for each folder and each state', async () => {
    const ids = [];
    for (const _ of [1, 2, 3]) ids.push((await create())?.watchFolder?.watchFolderId ?? '');
    const { requests } = nodeOf(stack, 'london');
    requests.clear();
    await list();
    expect(requests.count('GET', '/v3/watchfolders')).toBe(7);
    for (const watchFolderId of ids) await run('DeleteWatchFolder', { watchFolderId });
  });

  it('has an error in its place when it cannot be read, and the list fails when the node does', async () => {
    const [first, second] = [await create({ watchFolderId: 'first' }), await create({ watchFolderId: 'second' })];
    expect([first, second]).toMatchObject([{ watchFolder: {} }, { watchFolder: {} }]);
    const { faults } = nodeOf(stack, 'london');
    const query = '{ asperaNode(source: "london") { watchFolders { watchFolderId } } }';
    faults.add({ kind: 'wrongJson', path: '/v3/watchfolders/second/state', times: 1 });
    const partly = await stack.everything.send<{ asperaNode: { watchFolders: (Folder | null)[] } }>(
      '{ asperaNode(source: "london") { watchFolders { watchFolderId state { health } } } }',
    );
    const states = partly.data?.asperaNode.watchFolders.map((one) => one?.state);
    expect(states).toEqual([{ health: expect.any(String) }, null]);
    expect(partly.errors).toMatchObject([{ extensions: { code: 'SOURCE_BAD_ANSWER' } }]);
    faults.add({ kind: 'status', status: 500, path: '/v3/watchfolders/second' });
    const one = await stack.everything.send<{ asperaNode: { watchFolders: (Folder | null)[] } }>(query);
    expect(one.data?.asperaNode.watchFolders).toEqual([{ watchFolderId: 'first' }, null]);
    expect(one.errors).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
    faults.clear();
    faults.add({ kind: 'status', status: 500, path: '/v3/watchfolders' });
    const none = await stack.everything.send<{ asperaNode: { watchFolders: null } }>(query);
    faults.clear();
    expect(none.data?.asperaNode.watchFolders).toBeNull();
    for (const watchFolderId of ['first', 'second']) await run('DeleteWatchFolder', { watchFolderId });
  });

  it('is refused as a typed result, with the reason', async () => {
    expect(await create({ coolOffSeconds: -1 })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await create({ snapshotPeriodSeconds: 0 })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await create({ direction: 'PULL', remote: { ...remote(), login: 'SSH' } })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('NODE_BASIC'),
    });
    expect(await run('UpdateWatchFolder', { watchFolderId: 'none' })).toMatchObject({
      updateWatchFolder: { code: 'BAD_INPUT' },
    });
    const change = { watchFolderId: 'none', coolOffSeconds: 1 };
    expect(await run('UpdateWatchFolder', change)).toMatchObject({ updateWatchFolder: { code: 'NOT_FOUND' } });
    expect(await run('DeleteWatchFolder', { watchFolderId: 'none' })).toMatchObject({
      deleteWatchFolder: { code: 'NOT_FOUND' },
    });
    expect(await create({ watchFolderId: 'mine' })).toMatchObject({ watchFolder: { watchFolderId: 'mine' } });
    expect(await create({ watchFolderId: 'mine' })).toMatchObject({ code: 'CONFLICT' });
    await run('DeleteWatchFolder', { watchFolderId: 'mine' });
  });

  it('is read by whoever may read the node, and changed by its administrators only', async () => {
    expect((await list(stack.reader)).asperaNode.watchFolders).toEqual([]);
    const input = { source: 'london', watchFolderId: 'none' };
    const { errors } = await stack.reader.send(example, { input }, 'DeleteWatchFolder');
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'FORBIDDEN' },
      message: expect.stringContaining('node.admin'),
    });
  });
});

describe('the demo', () => {
  it('has a watch folder that works and a sync that waits, as the pages say', async () => {
    const demo = await startStack({ seed: true });
    try {
      const create = `mutation { createFile(input: { source: "london", path: "/Outbound/hello.txt", contentsBase64: "aGVsbG8=" }) {
        ... on CreateFileSuccess { results { ok } } } }`;
      expect(await demo.everything.data(create)).toEqual({ createFile: { results: [{ ok: true }] } });
      // The five seconds in which it cools off.
      nodeOf(demo, 'london').switches.advanceClock?.({ milliseconds: 10_000 });
      const look = async () => {
        nodeOf(demo, 'london').switches.advanceClock?.({ milliseconds: 10_000 });
        return readFile(join(nodeOf(demo, 'tokyo').docroot, 'Inbound/hello.txt'), 'utf8').catch(() => null);
      };
      await expect.poll(look, patient).toBe('hello');
      const waiting = '{ asperaNode(source: "london") { syncJobs { localPath state { status } } } }';
      expect(await demo.everything.data(waiting)).toEqual({
        asperaNode: { syncJobs: [{ localPath: '/Legal', state: { status: 'STOPPED' } }] },
      });
    } finally {
      await demo.stop();
    }
  });
});
