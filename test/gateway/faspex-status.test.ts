import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runDesktopClient } from '../../simulators/node/protocol/desktop-client.ts';
import { readExample } from '../helpers/read-example.ts';
import type { GraphQLAnswer } from '../helpers/test-client.ts';
import { type People, type Person, startPeople } from './faspex-people.ts';
import { eventually, isWatching, STATUS, type Told, watch } from './package-watch.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => people.stack.simulators.faspex.faults.clear());

async function uploadSpec({ faspex }: Person, packageId: string) {
  const path = `/packages/${packageId}/transfer_spec/upload?transfer_type=connect`;
  return (await faspex.post(path, { paths: ['/a.mov'] })).json;
}

async function desktop(bytes: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'desktop-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'a.mov'), randomBytes(bytes));
  return folder;
}

describe('the status of a package', () => {
  it('is told from its beginning until it is available, each state once, and then no more', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username, { title: 'Rushes' });
    const watcher = watch(mina, packageId, undefined, readExample('package-status').replace('title', 'title status'));
    await isWatching(people, watcher, packageId);
    const spec = await uploadSpec(tomas, packageId);
    await runDesktopClient(spec, await desktop(600_000), { targetRateKbps: 6_000 });
    await watcher.ended;
    const statuses = watcher.statuses();
    expect(statuses.filter((status, index) => status !== statuses[index - 1])).toEqual([
      ...['STARTING', 'UPLOADING', 'PROCESSING', 'AVAILABLE'],
    ]);
    expect(statuses.filter((status) => status === 'STARTING')).toHaveLength(1);
    expect(watcher.told.every(({ data }) => data?.packageStatus.gap === false)).toBe(true);
    const late = watch(mina, packageId);
    await late.ended;
    expect(late.statuses()).toEqual(['AVAILABLE']);
  });

  it('tells how far its upload has come, for one request a poll', async () => {
    const { tomas, mina, stack } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const document = STATUS.replace('title', 'title ... on FaspexPackage { uploadProgress { bytesWritten } }');
    const watchers = Array.from({ length: 3 }, () => watch(tomas, packageId, undefined, document));
    await Promise.all(watchers.map((watcher) => isWatching(people, watcher, packageId)));
    stack.simulators.faspex.requests.clear();
    await runDesktopClient(await uploadSpec(tomas, packageId), await desktop(600_000), { targetRateKbps: 4_000 });
    await Promise.all(watchers.map(({ ended }) => ended));
    for (const { told } of watchers) {
      const written = told
        .map(({ data }) => (data?.packageStatus.package as { uploadProgress?: { bytesWritten: number | null } }) ?? {})
        .map(({ uploadProgress }) => uploadProgress?.bytesWritten ?? 0);
      expect(written.filter((bytes) => bytes > 0 && bytes < 600_000).length).toBeGreaterThan(0);
    }
    const details = stack.simulators.faspex.requests.count('GET', '/upload_details');
    const polls = stack.simulators.faspex.requests.count('GET', `/packages/${packageId}`) - details;
    // What an event shows came with it; only what is over has to be asked for by those who want to know.
    expect(details).toBeLessThanOrEqual(polls + watchers.length * 3);
  });

  it('ends as failed when the upload is canceled', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const watcher = watch(tomas, packageId);
    await isWatching(people, watcher, packageId);
    const aborter = new AbortController();
    const onProgress = () => aborter.abort();
    const options = { targetRateKbps: 4_000, signal: aborter.signal, onProgress };
    await runDesktopClient(await uploadSpec(tomas, packageId), await desktop(300_000), options);
    await watcher.ended;
    expect(watcher.statuses().at(-1)).toBe('FAILED');
  });

  it('ends when the package is deleted, and with null when it is no longer the viewer’s to see', async () => {
    const { tomas, mina, jonas } = people;
    const deleted = await tomas.faspex.send(mina.username);
    const withdrawn = await tomas.faspex.send(jonas.username);
    const purged = await tomas.faspex.send(jonas.username);
    const watchers = [watch(tomas, deleted), watch(jonas, withdrawn), watch(jonas, purged)] as const;
    await Promise.all([
      isWatching(people, watchers[0], deleted),
      isWatching(people, watchers[1], withdrawn),
      isWatching(people, watchers[2], purged),
    ]);
    await tomas.faspex.call('DELETE', `/packages/${deleted}`);
    await tomas.faspex.call('PUT', `/packages/${withdrawn}`, { release_policy: 'later' });
    const json = { status: 'Not Found', code: '1224', message: 'The package could not be found.' };
    people.stack.simulators.faspex.faults.add({ kind: 'status', status: 404, json, path: `/packages/${purged}` });
    await Promise.all(watchers.map(({ ended }) => ended));
    expect(watchers[0].statuses()).toEqual(['STARTING', 'DELETING', 'DELETED']);
    expect(watchers[1].statuses()).toEqual(['STARTING', null]);
    expect(watchers[2].statuses()).toEqual(['STARTING', null]);
    const late = watch(jonas, withdrawn, watchers[1].cursor());
    await late.ended;
    expect(late.statuses()).toEqual([null]);
  });

  it('goes on where a viewer left it, without what they have seen', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const first = watch(tomas, packageId);
    await isWatching(people, first, packageId);
    await first.leave();
    const second = watch(tomas, packageId, first.cursor());
    const other = watch(tomas, packageId);
    await isWatching(people, other, packageId);
    expect(second.told).toEqual([]);
    await second.leave();
    await tomas.faspex.call('DELETE', `/packages/${packageId}`);
    await other.ended;
    const third = watch(tomas, packageId, first.cursor());
    await third.ended;
    expect(third.statuses()).toEqual(['DELETING', 'DELETED']);
  });

  it('is told once to each of those who come at different times', async () => {
    const { tomas, mina } = people;
    const ids = await Promise.all(Array.from({ length: 5 }, () => tomas.faspex.send(mina.username)));
    const early = ids.map((id) => watch(tomas, id));
    await Promise.all(ids.map((id, index) => isWatching(people, early[index] as ReturnType<typeof watch>, id)));
    await Promise.all(ids.map((id) => tomas.faspex.call('DELETE', `/packages/${id}`)));
    const late = ids.map((id) => watch(tomas, id));
    await Promise.all([...early, ...late].map(({ ended }) => ended));
    expect(early.map(({ statuses }) => statuses())).toEqual(ids.map(() => ['STARTING', 'DELETING', 'DELETED']));
    // Who comes just after the others were told something is told the same, before what comes next.
    const sinceThen = late.map(({ statuses }) => statuses().filter((status) => status !== 'STARTING'));
    expect(sinceThen).toEqual(ids.map(() => ['DELETING', 'DELETED']));
  });

  it('says that something may have been missed to a cursor that is too old', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const first = watch(tomas, packageId);
    await isWatching(people, first, packageId);
    await first.leave();
    const cursor = Buffer.from(first.cursor() ?? '', 'base64url').toString();
    const old = cursor.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '00000000-0000-4000-8000-000000000000');
    const second = watch(tomas, packageId, Buffer.from(old).toString('base64url'));
    await eventually(() => expect(second.told).toHaveLength(1));
    expect(second.told[0]?.data?.packageStatus).toMatchObject({ gap: true, package: { status: 'STARTING' } });
    await tomas.faspex.call('DELETE', `/packages/${packageId}`);
    await second.ended;
    const third = watch(tomas, packageId, Buffer.from(old).toString('base64url'));
    await third.ended;
    expect(third.told).toMatchObject([{ data: { packageStatus: { gap: true, package: { status: 'DELETED' } } } }]);
  });

  it.each([
    ['garbage', 'AAAA'],
    ['the cursor of nothing', ''],
  ])('refuses %s', async (_what, after) => {
    const packageId = await people.tomas.faspex.send(people.mina.username);
    const [answer] = await watch(people.tomas, packageId, after).ended;
    expect(answer?.errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
  });

  it('is not found by another viewer, or for a package that is not there', async () => {
    const { tomas, mina, jonas } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const mine = watch(mina, packageId);
    await isWatching(people, mine, packageId);
    for (const id of [packageId, '999999']) {
      const [answer] = await watch(jonas, id).ended;
      expect(answer?.errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
    }
    const [foreign] = await watch(jonas, packageId, mine.cursor()).ended;
    expect(foreign?.errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
    await mine.leave();
  });

  it('is refused for an id that is not of a package', async () => {
    const refused = async (id: string) => {
      const events = people.tomas.subscribe<Told>(STATUS, { id: Buffer.from(id).toString('base64') });
      const { value } = await events.next();
      return (value as GraphQLAnswer<Told>).errors?.[0]?.extensions?.code;
    };
    expect(await refused('NodeTransfer:london/1')).toBe('BAD_INPUT');
    expect(await refused('FaspexPackage:packages')).toBe('BAD_INPUT');
    expect(await refused('FaspexPackage:nowhere/1')).toBe('BAD_INPUT');
    expect(await refused(`FaspexPackage:packages/${encodeURIComponent('../account')}`)).toBe('BAD_INPUT');
  });
});
