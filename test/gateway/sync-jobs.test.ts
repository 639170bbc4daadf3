import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { findSecretShapes, findSecrets } from '../helpers/secrets.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const example = readExample('sync-jobs');
const patient = { timeout: 15_000, interval: 50 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

let pair = 0;
beforeEach(async () => {
  pair += 1;
  await mkdir(join(nodeOf(stack, 'london').docroot, `here-${pair}`));
  await mkdir(join(nodeOf(stack, 'tokyo').docroot, `there-${pair}`));
});

interface Job {
  readonly syncJobId: string;
  readonly name: string;
  readonly state: { readonly status: string; readonly error: string | null } | null;
  readonly counters: { readonly filesSynchronized: number; readonly bytesTransferred: number } | null;
}
type Answer = Record<string, { readonly syncJob?: Job; readonly code?: string; readonly message?: string }>;

const run = (name: string, input: object, client = stack.everything) =>
  client.data<Answer>(example, { input: { source: 'london', ...input } }, name);

const create = async (more: object = {}) => {
  const remote = { node: { name: 'tokyo', path: `/there-${pair}` } };
  const input = { name: `pair-${pair}`, localPath: `/here-${pair}`, remote, ...more };
  return (await run('CreateSyncJob', input)).createSyncJob;
};

const jobs = async (client = stack.everything) =>
  (await client.data<{ asperaNode: { syncJobs: Job[] } }>(example, { node: 'london' }, 'SyncJobs')).asperaNode.syncJobs;

const jobOf = async (id: string) => (await jobs()).find(({ syncJobId }) => syncJobId === id);
const reaches = (id: string, status: string) =>
  expect.poll(async () => (await jobOf(id))?.state?.status, patient).toBe(status);

const text = (node: string, path: string) => readFile(join(nodeOf(stack, node).docroot, path), 'utf8');
const put = (node: string, path: string, content: string) =>
  writeFile(join(nodeOf(stack, node).docroot, path), content);

describe('a sync', () => {
  it('is made with a token of the other node, started, done, and given up', async () => {
    await put('london', `here-${pair}/ü.txt`, 'pushed');
    const created = await create();
    const id = created?.syncJob?.syncJobId ?? '';
    expect(created).toMatchObject({ syncJob: { name: `pair-${pair}` } });
    expect(await jobOf(id)).toMatchObject({ direction: 'PUSH', mode: 'ONE_TIME', state: { status: 'STOPPED' } });
    expect(await run('StartSyncJob', { syncJobId: id })).toMatchObject({
      startSyncJob: { syncJob: { syncJobId: id } },
    });
    await reaches(id, 'COMPLETED');
    expect(await text('tokyo', `there-${pair}/ü.txt`)).toBe('pushed');
    expect(await jobOf(id)).toMatchObject({ counters: { filesSynchronized: 1, bytesTransferred: 6 } });
    const variables = { node: 'london', syncJobId: id, first: 10, skip: 0 };
    expect(await stack.everything.data(example, variables, 'SyncJobFiles')).toMatchObject({
      asperaNode: { syncJob: { files: [{ path: 'ü.txt', sizeBytes: 6, vendorStatus: 'synchronized' }] } },
    });
    expect(await run('DeleteSyncJob', { syncJobId: id })).toEqual({ deleteSyncJob: { syncJobId: id } });
    const gone = '{ asperaNode(source: "london") { syncJob(syncJobId: "none") { name } } }';
    expect(await stack.everything.data(gone)).toEqual({ asperaNode: { syncJob: null } });
  });

  it('goes both ways with a password, until it is stopped', async () => {
    await put('london', `here-${pair}/l`, 'london');
    await put('tokyo', `there-${pair}/t`, 'tokyo');
    const { username: user, password, sshPort: port } = nodeOf(stack, 'tokyo');
    const remote = { server: { host: '127.0.0.1', port, user, password, path: `/there-${pair}` } };
    const created = await create({ remote, direction: 'BOTH', mode: 'CONTINUOUS', scanIntervalSeconds: 1 });
    const id = created?.syncJob?.syncJobId ?? '';
    await run('StartSyncJob', { syncJobId: id });
    await expect.poll(() => text('tokyo', `there-${pair}/l`).catch(() => ''), patient).toBe('london');
    await expect.poll(() => text('london', `here-${pair}/t`).catch(() => ''), patient).toBe('tokyo');
    expect(await run('StartSyncJob', { syncJobId: id })).toMatchObject({ startSyncJob: { code: 'CONFLICT' } });
    expect(await run('StopSyncJob', { syncJobId: id })).toMatchObject({
      stopSyncJob: { syncJob: { state: { status: 'STOPPED' } } },
    });
    await run('DeleteSyncJob', { syncJobId: id });
  });

  it('shows neither its token nor its password', async () => {
    const { username: user, password } = nodeOf(stack, 'tokyo');
    const ids = [
      (await create())?.syncJob?.syncJobId,
      (await create({ name: 'other', remote: { server: { host: 'h', user, password, path: '/' } } }))?.syncJob
        ?.syncJobId,
    ];
    const everything =
      '{ asperaNode(source: "london") { syncJobs { config state { details } } syncSummaries { snid name localPath details } } }';
    const shown = JSON.stringify(await stack.everything.data(everything));
    expect(shown).toContain('"host":"h"');
    expect(shown).toContain(`"localPath":"/here-${pair}"`);
    expect([...findSecrets(shown, stack.secrets), ...findSecretShapes(shown)]).toEqual([]);
    for (const syncJobId of ids) await run('DeleteSyncJob', { syncJobId });
  });

  it('survives the second answer that a node puts behind its JSON, in every call', async () => {
    nodeOf(stack, 'london').switches.glueAnswers?.({ times: 1000 });
    const id = (await create())?.syncJob?.syncJobId ?? '';
    expect(await jobOf(id)).toMatchObject({ state: { status: 'STOPPED' }, counters: { filesSynchronized: 0 } });
    expect(await run('DeleteSyncJob', { syncJobId: id })).toEqual({ deleteSyncJob: { syncJobId: id } });
    nodeOf(stack, 'london').switches.glueAnswers?.({ times: 0 });
  });

  it('is refused as a typed result, with the reason', async () => {
    expect(await create({ name: 'two words' })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await create({ scanIntervalSeconds: 0 })).toMatchObject({ code: 'BAD_INPUT' });
    const itself = { node: { name: 'london', path: '/' } };
    expect(await create({ remote: itself })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('two nodes'),
    });
    expect(await run('StartSyncJob', { syncJobId: 'none' })).toMatchObject({ startSyncJob: { code: 'NOT_FOUND' } });
    const id = (await create())?.syncJob?.syncJobId ?? '';
    expect(await create()).toMatchObject({ code: 'CONFLICT' });
    await run('DeleteSyncJob', { syncJobId: id });
  });

  it('tells why it failed', async () => {
    await put('london', `here-${pair}/a`, 'a');
    const { sshPort: port } = nodeOf(stack, 'tokyo');
    const remote = { server: { host: '127.0.0.1', port, user: 'nobody', password: 'not the password', path: '/' } };
    const id = (await create({ remote }))?.syncJob?.syncJobId ?? '';
    await run('StartSyncJob', { syncJobId: id });
    await reaches(id, 'FAILED');
    expect((await jobOf(id))?.state?.error).toBe('Unable to authenticate');
    await run('DeleteSyncJob', { syncJobId: id });
  });

  it('is read by whoever may read the node, and changed by its administrators only', async () => {
    expect(await jobs(stack.reader)).toEqual([]);
    const input = { source: 'london', syncJobId: 'none' };
    for (const operation of ['StartSyncJob', 'StopSyncJob', 'DeleteSyncJob']) {
      const { errors } = await stack.reader.send(example, { input }, operation);
      expect(errors?.[0]).toMatchObject({
        extensions: { code: 'FORBIDDEN' },
        message: expect.stringContaining('node.admin'),
      });
    }
  });
});
