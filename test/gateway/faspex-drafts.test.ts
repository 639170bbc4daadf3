import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runDesktopClient } from '../../simulators/node/protocol/desktop-client.ts';
import { contentFolder, type People, type Person, startPeople } from './faspex-people.ts';
import { basics, countSent, type Package, run } from './faspex-sending.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => {
  for (const { faults } of [people.stack.simulators.faspex, ...people.stack.simulators.nodes]) faults.clear();
});

const find = async (person: Person, packageId: string, selection: string) =>
  (
    await person.data<{ faspex: { package: Package & { transfers: object[]; uploadProgress: object } } }>(
      `query ($id: String!) { faspex { package(packageId: $id) { ${selection} } } }`,
      { id: packageId },
    )
  ).faspex.package;

const becomesAvailable = (person: Person, packageId: string) =>
  vi.waitFor(async () => expect(await find(person, packageId, 'status')).toEqual({ status: 'AVAILABLE' }), {
    timeout: 15_000,
  });

describe('a package whose upload could not be authorized', () => {
  it('is left as a draft, from which its sender goes on until it is available', async () => {
    const { tomas, stack } = people;
    const bytes = randomBytes(50_000);
    const desktop = await mkdtemp(join(tmpdir(), 'desktop-'));
    onTestFinished(() => rm(desktop, { recursive: true, force: true }));
    await writeFile(join(desktop, 'a.mov'), bytes);
    stack.simulators.nodes[1]?.faults.add({ kind: 'status', status: 503, path: '/files/upload_setup', times: 1 });
    const before = await countSent(tomas);
    const left = await run('sendPackage', tomas, basics(people));
    expect(left).toMatchObject({
      __typename: 'DraftLeftError',
      code: 'DRAFT_LEFT',
      source: 'packages',
      retryable: true,
    });
    expect(left.message).toContain('authorizePackageUpload');
    expect(left.draft).toMatchObject({ title: 'Rushes', status: 'STARTING' });
    expect(await countSent(tomas)).toBe(before + 1);

    const { packageId, uuid } = left.draft;
    const { spec } = await run('authorizePackageUpload', tomas, { packageId, paths: ['/a.mov'] });
    expect(spec.json).toMatchObject({ paths: [{ source: '/a.mov' }] });
    expect(await runDesktopClient(spec.json, desktop)).toMatchObject({ status: 'completed' });
    await becomesAvailable(tomas, packageId);
    const content = await contentFolder(people, uuid);
    expect((await readFile(join(content, 'a.mov'))).equals(bytes)).toBe(true);
    expect(await countSent(tomas)).toBe(before + 1);
    expect(await run('authorizePackageUpload', tomas, { packageId, paths: ['/a.mov'] })).toMatchObject({
      ...{ __typename: 'ConflictError', message: expect.stringContaining('completed') },
    });
  });

  it('may be gone on with by its sender alone', async () => {
    const packageId = await people.tomas.faspex.send(people.mina.username);
    const refused = await run('authorizePackageUpload', people.mina, { packageId, paths: ['/a'] });
    expect(refused).toMatchObject({ __typename: 'NotAllowedError', code: 'SOURCE_FORBIDDEN' });
    for (const id of ['999999', 'x/../1', '']) {
      expect((await run('authorizePackageUpload', people.tomas, { packageId: id, paths: ['/a'] })).__typename).toMatch(
        /^(NotFound|InvalidInput)Error$/,
      );
    }
  });

  it('is left as a draft when the node does not start the transfer', async () => {
    people.stack.simulators.nodes[0]?.faults.add({ kind: 'status', status: 500, path: '/ops/transfers', times: 1 });
    const left = await run('sendPackageFromNode', people.tomas, { ...basics(people), node: 'london' });
    expect(left).toMatchObject({ __typename: 'DraftLeftError', draft: { status: 'STARTING' } });
  });
});

describe('a package from a node', () => {
  it('arrives byte for byte, by a transfer that the package shows', async () => {
    const bytes = randomBytes(200_000);
    const london = people.stack.simulators.nodes[0];
    await writeFile(join(london?.docroot ?? '', 'Schnitt – 第1巻.mov'), bytes);
    const { package: pkg, transfer } = await run('sendPackageFromNode', people.tomas, {
      ...{ ...basics(people), node: 'london', paths: ['/Schnitt – 第1巻.mov'] },
    });
    expect(pkg.status).toBe('STARTING');
    await becomesAvailable(people.tomas, pkg.packageId);
    const content = await contentFolder(people, pkg.uuid);
    expect((await readFile(join(content, 'Schnitt – 第1巻.mov'))).equals(bytes)).toBe(true);
    const found = await find(
      people.tomas,
      pkg.packageId,
      'transfers { id status } uploadProgress { progress bytesTotal }',
    );
    expect(found.transfers).toContainEqual({ id: transfer.id, status: 'COMPLETED' });
    expect(found.uploadProgress).toEqual({ progress: 1, bytesTotal: bytes.length });
  });

  it('needs a node that is configured, before anything is made', async () => {
    const before = await countSent(people.tomas);
    const refused = await run('sendPackageFromNode', people.tomas, { ...basics(people), node: 'paris' });
    expect(refused).toMatchObject({
      __typename: 'InvalidInputError',
      message: expect.stringContaining('london, tokyo'),
    });
    expect(await countSent(people.tomas)).toBe(before);
  });
});

describe('a package from a shared folder', () => {
  const fromFolder = (more: object = {}, person: Person = people.tomas) =>
    run('sendPackageFromSharedFolder', person, { ...basics(people), sharedFolderId: '1', paths: ['/stills'], ...more });

  it('is filled by Faspex itself', async () => {
    const { package: pkg, transferId } = await fromFolder();
    expect(transferId).toEqual(expect.any(String));
    await becomesAvailable(people.mina, pkg.packageId);
  });

  it('is not made when there is no such folder, or it is not for the sender', async () => {
    const before = await countSent(people.tomas);
    for (const sharedFolderId of ['99', '2', '', '1/../2']) {
      const refused = await fromFolder({ sharedFolderId });
      expect(refused).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND', source: 'packages' });
    }
    expect(await countSent(people.tomas)).toBe(before);
  });

  it('is left as a draft when Faspex does not fill it', async () => {
    people.stack.simulators.nodes[1]?.faults.add({
      kind: 'status',
      status: 500,
      path: '/ops/transfers',
      method: 'POST',
    });
    const left = await fromFolder();
    expect(left).toMatchObject({ __typename: 'DraftLeftError', draft: { title: 'Rushes', status: 'STARTING' } });
    const again = await run('authorizePackageUpload', people.tomas, { packageId: left.draft.packageId, paths: ['/a'] });
    expect(again.spec.json).toMatchObject({ direction: 'send' });
  });
});
