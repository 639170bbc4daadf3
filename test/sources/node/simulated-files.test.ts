import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NodeFile, StorageFile } from '../../../src/sources/node/types.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { type SimulatedNode, startSimulatedNodes } from './simulated-nodes.ts';

async function fill({ node }: SimulatedNode) {
  await mkdir(join(node.docroot, 'rushes/deep'), { recursive: true });
  await writeFile(join(node.docroot, 'rushes/c.mov'), 'ccc');
  await writeFile(join(node.docroot, 'rushes/a.mov'), 'a');
  await writeFile(join(node.docroot, 'rushes/deep/ä b.mov'), 'bb');
  await symlink('c.mov', join(node.docroot, 'rushes/link'));
}

const namesOf = (items: readonly (NodeFile | StorageFile | SourceError)[]) =>
  items.map((item) => (item instanceof SourceError ? item.code : item.name));

describe('files of a node, by path', () => {
  test('are browsed page by page until none is left', async () => {
    const [london] = await startSimulatedNodes(['london']);
    await fill(london);
    const seen: string[] = [];
    let skip: number | undefined = 0;
    while (skip !== undefined) {
      const page = await london.client.browsePath('/rushes', { skip, count: 3, sort: 'PATH' });
      expect(page).toMatchObject({ self: { path: '/rushes', type: 'DIRECTORY' }, total: 4 });
      seen.push(...namesOf(page.items));
      skip = page.next;
    }
    expect(seen).toEqual(['a.mov', 'c.mov', 'deep', 'link']);
    expect(london.node.requests.count('POST', '/files/browse')).toBe(2);
  });

  test('are sorted and filtered by the node', async () => {
    const [london] = await startSimulatedNodes(['london']);
    await fill(london);
    const { items } = await london.client.browsePath('/rushes', { sort: 'SIZE_DESC', filter: { types: ['FILE'] } });
    expect(namesOf(items)).toEqual(['c.mov', 'a.mov']);
    const found = await london.client.search('/', { filter: { names: ['*b.mov'] } });
    expect(found).toMatchObject({ total: 1, next: undefined, items: [{ path: '/rushes/deep/ä b.mov', sizeBytes: 2 }] });
  });

  test('are told one by one, in one call', async () => {
    const [london] = await startSimulatedNodes(['london']);
    await fill(london);
    const { file } = london.source.createLoaders(london.client);
    const [link, gone] = await Promise.allSettled([file.load('/rushes/link'), file.load('/gone')]);
    expect(link).toMatchObject({ value: { type: 'FILE', sizeBytes: 3 } });
    expect(gone).toMatchObject({ reason: { code: 'NOT_FOUND' } });
    expect(london.node.requests.count()).toBe(1);
  });

  test('are measured', async () => {
    const [london] = await startSimulatedNodes(['london']);
    await fill(london);
    expect(await london.client.diskUsage('/rushes')).toMatchObject({ path: '/rushes', fileCount: expect.any(Number) });
    const [space] = await london.client.space(['/']);
    expect(space).toMatchObject({ path: '/', freeBytes: expect.any(Number), percentFree: expect.any(Number) });
  });

  test('are created, renamed and deleted, each path on its own', async () => {
    const [london] = await startSimulatedNodes(['london']);
    await fill(london);
    const { client, node } = london;
    const created = await client.createFiles([
      { path: '/new', type: 'DIRECTORY' },
      { path: '/rushes/a.mov', type: 'FILE', contentsBase64: 'eA==' },
      { path: '/new/note.txt', type: 'FILE', contentsBase64: btoa('hello') },
    ]);
    expect(created.map(({ error }) => error?.code)).toEqual([undefined, 'CONFLICT', undefined]);
    expect(await readFile(join(node.docroot, 'new/note.txt'), 'utf8')).toBe('hello');
    expect(await client.renameFiles([{ folder: '/new', name: 'note.txt', newName: 'letter.txt' }])).toEqual([
      { path: '/new/letter.txt', error: undefined },
    ]);
    const deleted = await client.deleteFiles([
      { path: '/rushes', recursive: false },
      { path: '/new', recursive: true },
      { path: '/gone', recursive: true },
    ]);
    expect(deleted.map(({ path, error }) => [path, error?.code])).toEqual([
      ['/rushes', 'CONFLICT'],
      ['/new', undefined],
      ['/gone', 'NOT_FOUND'],
    ]);
    expect(namesOf((await client.browsePath('/')).items)).toEqual(['rushes']);
  });
});

describe('files of an access key, by id', () => {
  const start = async () => {
    const [london] = await startSimulatedNodes(['london'], 'accessKey');
    await fill(london);
    const { rootFileId = '' } = await london.client.accessKeySelf();
    const { items } = await london.client.listFolder(rootFileId);
    const rushes = items.find((item) => !(item instanceof SourceError)) as StorageFile;
    return { london, rootFileId, rushes };
  };

  test('are found from the root of the key, page by page', async () => {
    const { london, rushes } = await start();
    expect(rushes).toMatchObject({ name: 'rushes', type: 'FOLDER' });
    const seen: string[] = [];
    let iterationToken: string | undefined;
    do {
      const page = await london.client.listFolder(rushes.fileId, { iterationToken, count: 3 });
      seen.push(...namesOf(page.items));
      iterationToken = page.next;
    } while (iterationToken !== undefined);
    expect(seen.toSorted()).toEqual(['a.mov', 'c.mov', 'deep', 'link']);
    expect(await london.client.file(rushes.fileId)).toMatchObject({ name: 'rushes', accessLevels: expect.any(Array) });
    await expect(london.client.file('999999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('begin at the root of the key for viewers too, who see no other key', async () => {
    const { london, rootFileId } = await start();
    const self = { accessKeyId: london.node.accessKeyId, rootFileId, storageType: 'local' };
    expect(await london.as('ada@example.com').accessKeySelf()).toMatchObject(self);
    expect(await london.client.accessKeys()).toEqual(
      expect.arrayContaining([expect.objectContaining({ accessKeyId: london.node.accessKeyId })]),
    );
    await expect(london.client.accessKey('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await london.client.events()).toMatchObject({ events: expect.any(Array) });
  });

  test('are shown to a viewer only where a permission says so, whoever else asks at the same time', async () => {
    const { london, rushes } = await start();
    const { node } = london;
    await fetch(`${node.url}/permissions`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${node.accessKeyId}:${node.accessKeySecret}`)}` },
      body: JSON.stringify({
        file_id: rushes.fileId,
        access_type: 'user',
        access_id: 'ada@example.com',
        access_levels: ['list', 'read'],
      }),
    });
    const [ada, grace] = await Promise.allSettled([
      london.as('ada@example.com').listFolder(rushes.fileId),
      london.as('grace@example.com').listFolder(rushes.fileId),
    ]);
    expect(ada).toMatchObject({ status: 'fulfilled', value: { items: expect.any(Array) } });
    expect(grace.status).toBe('rejected');
    expect(await london.client.permissions(rushes.fileId)).toMatchObject({
      items: [{ accessId: 'ada@example.com', accessType: 'USER', accessLevels: ['LIST', 'READ'] }],
      next: undefined,
      total: 1,
    });
  });
});
