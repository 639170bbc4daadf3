import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NodeSimulator } from '../../../simulators/node/node-simulator.ts';
import type { TransferSpec } from '../../../src/transfer-spec/transfer-spec.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { failure, openFor, type TestSource } from './fixture.ts';
import { listed, type Simulated, startSimulated, usable } from './simulated.ts';

let world: Simulated;
beforeAll(async () => {
  world = await startSimulated();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.simulator.requests.clear());

/** A client that acts as the sender of a package that is available, and that package. */
async function openForSender(source: TestSource) {
  const pkg = (await listed(openFor(source))).find((one) => one.status === 'AVAILABLE');
  if (!pkg) throw new Error('The seed has an available package.');
  return { client: openFor(source, pkg.sender?.name), packageId: pkg.packageId };
}

/** Starts a transfer at a node, as its own client would. */
async function transfer(node: NodeSimulator, spec: TransferSpec, changes: object): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${node.username}:${node.password}`).toString('base64')}`;
  const body = JSON.stringify({ ...spec.json, ...changes });
  const response = await fetch(`${node.url}/ops/transfers`, { method: 'POST', headers: { authorization }, body });
  expect(response.status).toBe(200);
}

describe('a package of the simulated server', () => {
  it('travels: made, uploaded, available, received by its recipient', async () => {
    await using source = world.open();
    const sender = openFor(source, world.plain);
    const made = await sender.createPackage({
      title: 'Rushes: day 1',
      note: 'hello',
      recipients: [{ name: world.admin, recipientType: 'USER' }],
    });
    expect(made).toMatchObject({ title: 'Rushes: day 1', note: 'hello', status: 'STARTING', state: 'held' });
    expect(made.sender?.name).toBe(world.plain);

    await writeFile(join(world.desktop.docroot, 'a.mov'), 'x'.repeat(5000));
    const upload = await sender.uploadSpec(made.packageId, ['/a.mov']);
    expect(upload).toMatchObject({ direction: 'SEND', authorizationKind: 'TRANSFER_TOKEN' });
    expect(upload.cookie).toMatch(/^aspera\.faspex20:u:/);
    await transfer(world.desktop, upload, { paths: [{ source: '/a.mov' }] });

    const seen = new Set<string>();
    const available = await vi.waitFor(
      async () => {
        const pkg = await sender.package(made.packageId);
        seen.add(pkg.status);
        expect(pkg.status).toBe('AVAILABLE');
        return pkg;
      },
      { timeout: 10_000, interval: 20 },
    );
    expect([...seen].every((status) => ['STARTING', 'UPLOADING', 'PROCESSING', 'AVAILABLE'].includes(status))).toBe(
      true,
    );
    expect(available).toMatchObject({ sizeBytes: 5000, fileCount: 1, uploadStatus: 'completed' });
    expect(await sender.uploadDetails(made.packageId)).toMatchObject({ uploadStatus: 'completed', progress: 1 });

    const recipient = openFor(source, world.admin);
    const recipientUserId = available.recipients[0]?.recipientId ?? '';
    const files = await recipient.packageFiles(made.packageId, {
      direction: 'RECEIVED',
      recipient: { recipientUserId },
    });
    expect(usable(files.items)).toMatchObject([{ path: '/a.mov', fileType: 'FILE', sizeBytes: 5000 }]);
    const download = await recipient.downloadSpec(made.packageId, {
      direction: 'RECEIVED',
      recipient: { recipientUserId },
    });
    expect(download.direction).toBe('RECEIVE');
    await transfer(world.desktop, download, { destination_root: '/fetched', create_dir: true });
    await vi.waitFor(
      async () => {
        const { complete, receipts } = await sender.downloadDetails(made.packageId);
        expect(complete).toHaveLength(1);
        expect(receipts).toHaveLength(1);
      },
      { timeout: 10_000, interval: 20 },
    );
    const fetched = await readdir(join(world.desktop.docroot, 'fetched'), { recursive: true });
    const file = fetched.find((name) => name.endsWith('a.mov')) ?? '';
    expect(await readFile(join(world.desktop.docroot, 'fetched', file), 'utf8')).toBe('x'.repeat(5000));
    const events = usable((await sender.applicationEvents(made.packageId)).items);
    expect(events.map((event) => event.eventType)).toContain('package_sent');
  });

  it('gets a spec for some of its paths', async () => {
    await using source = world.open();
    const { client, packageId } = await openForSender(source);
    const files = usable((await client.packageFiles(packageId, { direction: 'SENT' })).items);
    const path = files[0]?.path ?? '';
    const spec = await client.downloadSpec(packageId, { direction: 'SENT', paths: [path] });
    expect(spec.paths).toHaveLength(1);
    expect(spec.paths[0]?.source?.endsWith(path)).toBe(true);
  });

  it('can be changed, forwarded and archived', async () => {
    await using source = world.open();
    const { client, packageId } = await openForSender(source);
    const expiresAt = new Date(Date.now() + 86_400_000);
    const changed = await client.updatePackage(packageId, {
      expirationPolicy: 'DELETE_AFTER_EXPIRATION_DATE',
      expiresAt,
    });
    expect(Math.abs(Date.parse(changed.expiresAt ?? '') - expiresAt.getTime())).toBeLessThan(1000);
    const recipients = [{ name: world.plain, recipientType: 'USER' }] as const;
    const forwarded = await client.forwardPackage(packageId, { title: 'Again', recipients });
    expect(forwarded).toMatchObject({ title: 'Again', recipients: [{ name: world.plain }] });
    expect(forwarded.packageId).not.toBe(packageId);
    await client.archivePackage(packageId, 'SENT');
    expect((await listed(client, 'OUTBOX')).map((one) => one.packageId)).not.toContain(packageId);
    expect((await listed(client, 'OUTBOX_HISTORY')).map((one) => one.packageId)).toContain(packageId);
  });

  it('is deleted, and those that one may not delete are told apart', async () => {
    await using source = world.open();
    const sender = openFor(source, world.plain);
    const made = await sender.createPackage({ title: 'x', recipients: [{ name: world.admin }] });
    const results = await sender.deletePackages([made.packageId, '999999']);
    expect(results[0]).toEqual({ packageId: made.packageId, error: undefined });
    expect(results[1]?.error).toBeInstanceOf(SourceError);
    expect(world.simulator.requests.count('DELETE')).toBe(2);
    expect((await sender.package(made.packageId)).status).toMatch(/^DELET(ED|ING)$/);
  });

  it('is refused with the vendor’s reason', async () => {
    await using source = world.open();
    const client = openFor(source, world.plain);
    const unknown = await failure(client.createPackage({ title: 'x', recipients: [{ name: 'nobody@nowhere' }] }));
    expect(unknown).toMatchObject({ code: 'BAD_INPUT', vendorCode: '1009' });
    const foreign = (await listed(openFor(source))).filter((pkg) => pkg.sender?.name !== world.plain);
    const codes = await Promise.all(
      foreign.map(
        async (pkg) =>
          (await client.uploadSpec(pkg.packageId, ['/a']).catch((error: SourceError) => error)) as SourceError,
      ),
    );
    expect(new Set(codes.map((error) => error.code))).toEqual(new Set(['SOURCE_FORBIDDEN']));
  });
});

describe('sending from a folder of the simulated server', () => {
  it('fills a package without an upload', async () => {
    await using source = world.open();
    const client = openFor(source);
    const [folder] = usable((await client.sharedFolders()).items);
    const { sharedFolderId = '', nodeId = '' } = folder ?? {};
    const files = usable((await client.sharedFolderFiles(nodeId, sharedFolderId)).items);
    const path = files.find((file) => file.fileType === 'FILE')?.path ?? files[0]?.path ?? '';
    const made = await client.createPackage({ title: 'From here', recipients: [{ name: world.plain }] });
    expect((await client.remoteTransfer(made.packageId, sharedFolderId, [path])).transferId).toBeTruthy();
    await vi.waitFor(async () => expect((await client.package(made.packageId)).status).toBe('AVAILABLE'), {
      timeout: 10_000,
      interval: 20,
    });
  });
});
