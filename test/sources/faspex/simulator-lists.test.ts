import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/transport/source-error.ts';
import { failure, openFor } from './fixture.ts';
import { listed, type Simulated, startSimulated, usable } from './simulated.ts';

let world: Simulated;
beforeAll(async () => {
  world = await startSimulated();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.simulator.requests.clear());

describe('the lists of the simulated server', () => {
  it('are read to the end, each package once', async () => {
    await using source = world.open();
    const client = openFor(source);
    const ids: string[] = [];
    let offset: number | undefined = 0;
    let total: number | undefined;
    while (offset !== undefined) {
      const page = await client.listPackages({ mailbox: 'ADMIN', offset, limit: 5 });
      ids.push(...usable(page.items).map((pkg) => pkg.packageId));
      ({ next: offset, total } = page);
    }
    expect(ids.length).toBeGreaterThanOrEqual(12);
    expect(ids).toHaveLength(total ?? 0);
    expect(new Set(ids).size).toBe(ids.length);
    expect(world.simulator.requests.count('GET', '/packages')).toBe(Math.ceil(ids.length / 5));
  });

  it('can be anchored at the server’s present, so that what is made later does not shift them', async () => {
    await using source = world.open();
    const client = openFor(source);
    const before = await listed(client);
    const createdBefore = new Date(Math.max(...before.map((pkg) => Date.parse(pkg.createdAt ?? ''))));
    await openFor(source, world.plain).createPackage({ title: 'later', recipients: [{ name: world.admin }] });
    const anchored = await client.listPackages({ mailbox: 'ADMIN', filter: { createdBefore } });
    expect(usable(anchored.items).map((pkg) => pkg.packageId)).toEqual(before.map((pkg) => pkg.packageId));
    const now = await client.serverNow();
    const all = await client.listPackages({ mailbox: 'ADMIN', filter: { createdBefore: now } });
    expect(all.total).toBe(before.length + 1);
  });

  it('are filtered by the server', async () => {
    await using source = world.open();
    const client = openFor(source);
    const all = await listed(client);
    const completed = await client.listPackages({ mailbox: 'ADMIN', filter: { vendorStatus: 'completed' } });
    const available = all.filter((pkg) => pkg.status === 'AVAILABLE');
    expect(usable(completed.items).map((pkg) => pkg.packageId)).toEqual(available.map((pkg) => pkg.packageId));
    const title = all[0]?.title ?? '';
    const found = await client.listPackages({ mailbox: 'ADMIN', filter: { search: title } });
    expect(usable(found.items).map((pkg) => pkg.title)).toContain(title);
    const none = await client.listPackages({
      mailbox: 'ADMIN',
      filter: { createdAfter: new Date('2000-01-01'), createdBefore: new Date('2000-01-02') },
    });
    expect(none).toEqual({ items: [], next: undefined, total: 0 });
  });

  it('hold what the identity may see, and no more', async () => {
    await using source = world.open();
    expect(await failure(listed(openFor(source, world.plain)))).toBeInstanceOf(SourceError);
    const outbox = await listed(openFor(source, world.plain), 'OUTBOX');
    expect(new Set(outbox.map((pkg) => pkg.sender?.name))).toEqual(new Set([world.plain]));
  });

  it('name accounts, contacts, groups, members, forms and folders', async () => {
    await using source = world.open();
    const client = openFor(source);
    expect(await client.account()).toMatchObject({ name: world.admin, role: 'admin' });
    expect((await client.health()).connected).toBe(true);
    expect(await client.version()).toMatch(/^5\./);
    const contacts = usable((await client.contacts({ search: world.plain })).items);
    expect(contacts.map((contact) => contact.name)).toContain(world.plain);
    for (const kind of ['SHARED_INBOX', 'WORKGROUP'] as const) {
      const [group] = usable((await client.groups(kind)).items);
      expect(group?.name).toBeTruthy();
      expect(usable((await client.groupMembers(kind, group?.groupId ?? '')).items).length).toBeGreaterThan(0);
      usable((await client.groupPackages(kind, group?.groupId ?? '')).items);
    }
    const [profile] = usable((await client.metadataProfiles()).items);
    expect(await client.metadataProfile(profile?.profileId ?? '')).toEqual(profile);
    const [folder] = usable((await client.sharedFolders()).items);
    const files = await client.sharedFolderFiles(folder?.nodeId ?? '', folder?.sharedFolderId ?? '', { count: 2 });
    expect(usable(files.items).length).toBeGreaterThan(0);
  });

  it('of files go on where the page before ended, in both generations', async () => {
    await using source = world.open();
    const client = openFor(source);
    const [folder] = usable((await client.sharedFolders()).items);
    const names = async () => {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await client.sharedFolderFiles(folder?.nodeId ?? '', folder?.sharedFolderId ?? '', {
          count: 2,
          after,
        });
        found.push(...usable(page.items).map((file) => file.path));
        after = page.next;
      } while (after !== undefined);
      return found;
    };
    const byToken = await names();
    expect(byToken.length).toBeGreaterThan(0);
    world.simulator.faults.add({ kind: 'status', status: 404, path: '/browse/page' });
    try {
      expect((await names()).toSorted()).toEqual(byToken.toSorted());
    } finally {
      world.simulator.faults.clear();
    }
  });

  it('make one call for each package that is loaded by id, however often it is asked for', async () => {
    await using source = world.open();
    const client = openFor(source);
    const ids = (await listed(client)).map((pkg) => pkg.packageId);
    world.simulator.requests.clear();
    const loaders = source.faspex.createLoaders(client);
    const pkgs = await loaders.package.loadMany([...ids, ...ids, '999999']);
    expect(world.simulator.requests.count('GET', '/packages/')).toBe(ids.length + 1);
    expect(pkgs.at(-1)).toBeInstanceOf(SourceError);
    expect(pkgs.slice(0, -1).every((pkg) => !(pkg instanceof Error))).toBe(true);
  });
});
