import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../src/transport/source-error.ts';
import { openClient, openSource, startOddNode } from './odd-node.ts';

const file = { path: '/in/a.mov', basename: 'a.mov', type: 'file', size: 5, mtime: '2018-02-09T23:08:46Z' };
const folder = { path: '/in', basename: 'in', type: 'directory', size: 0 };
const missing = { code: '404', reason: 'Not Found', user_message: 'File not found' };
const codesOf = (items: readonly unknown[]) => items.map((item) => (item instanceof SourceError ? item.code : 'good'));

describe('a folder by its path', () => {
  test('is asked for in the vendor’s words, with only what was wanted', async () => {
    const node = await startOddNode(() => ({ json: { self: folder, items: [], total_count: 0 } }));
    const client = openClient(node.url);
    await client.browsePath('/in');
    await client.browsePath('/in', {
      skip: 100,
      count: 50,
      sort: 'MODIFIED_DESC',
      caseSensitive: true,
      filter: { types: ['SYMBOLIC_LINK'], names: ['*.mov'], minSizeBytes: 0, modifiedAfter: new Date(0) },
    });
    expect(node.requests[0]).toMatchObject({ method: 'POST', url: '/files/browse' });
    expect(node.requests.map(({ json }) => json)).toEqual([
      { path: '/in' },
      {
        path: '/in',
        skip: 100,
        count: 50,
        sort: 'mtime_d',
        case_sensitive: true,
        filters: { types: ['symbolic_link'], basenames: ['*.mov'], size_min: 0, mtime_min: '1970-01-01T00:00:00Z' },
      },
    ]);
  });

  test('gives its files, where the next page begins, and how many there are', async () => {
    const link = { path: '/in/b', type: 'symbolic_link', target: { path: '/out/b' }, permissions: [{ name: 'view' }] };
    const json = { self: folder, items: [file, link], item_count: 2, total_count: 5 };
    const node = await startOddNode(() => ({ json }));
    const page = await openClient(node.url).browsePath('/in', { skip: 1, count: 2 });
    expect(page).toMatchObject({ self: { type: 'DIRECTORY', sizeBytes: undefined }, next: 3, total: 5 });
    expect(page.items).toMatchObject([
      { path: '/in/a.mov', name: 'a.mov', type: 'FILE', sizeBytes: 5, modifiedAt: '2018-02-09T23:08:46Z' },
      { name: 'b', type: 'SYMBOLIC_LINK', targetPath: '/out/b', permissions: ['view'] },
    ]);
  });

  test.each([
    ['when all have come', { items: [file], total_count: 2 }, 1],
    ['when the folder shrank meanwhile', { items: [], total_count: 9 }, 1],
  ])('has no next page %s', async (_name, json, skip) => {
    const node = await startOddNode(() => ({ json: { self: folder, ...json } }));
    expect((await openClient(node.url).browsePath('/in', { skip })).next).toBeUndefined();
  });

  test('has a next page while a node that does not count still sends files', async () => {
    const node = await startOddNode(() => ({ json: { self: folder, items: [file] } }));
    expect(await openClient(node.url).browsePath('/in')).toMatchObject({ next: 1, total: undefined });
  });

  test('that is a file has itself and no files', async () => {
    const node = await startOddNode(() => ({ json: { self: file } }));
    expect(await openClient(node.url).browsePath('/in/a.mov')).toMatchObject({
      self: { type: 'FILE', sizeBytes: 5 },
      items: [],
      next: undefined,
    });
  });

  test('keeps its good files when one cannot be read or has gone', async () => {
    const items = [file, { ...file, size: 'big' }, { path: '/in/x', type: 'file', error: missing }, 7, file];
    const node = await startOddNode(() => ({ json: { self: folder, items, total_count: 5 } }));
    const page = await openClient(node.url).browsePath('/in');
    expect(codesOf(page.items)).toEqual(['good', 'SOURCE_BAD_ANSWER', 'NOT_FOUND', 'SOURCE_BAD_ANSWER', 'good']);
  });

  test.each([
    ['2018-03-01T22:56:14Z', '2018-03-01T22:56:14Z'],
    ['2020-02-29T22:56:14Z', '2020-02-29T22:56:14.000Z'],
    ['2018-03-01 22:56:14+00:00', '2018-03-01T22:56:14.000Z'],
    ['2018-03-01T22:56:14+0200', '2018-03-01T20:56:14.000Z'],
    ['2018-03-01 22:56:14', '2018-03-01T22:56:14.000Z'],
    ['2018-03-01T22:56:14.5z', '2018-03-01T22:56:14.500Z'],
    ['yesterday', undefined],
    ['2018-99-01T22:56:14Z', undefined],
    [null, undefined],
  ])('reads the time %s', async (mtime, expected) => {
    const node = await startOddNode(() => ({ json: { self: { ...folder, mtime } } }));
    const { self } = await openClient(node.url).browsePath('/in');
    expect(self.modifiedAt).toBe(expected);
  });

  test('is searched in depth', async () => {
    const node = await startOddNode(() => ({ json: { items: [file], item_count: 1, total_count: 1, parameters: {} } }));
    const page = await openClient(node.url).search('/', { minDepth: 1, maxDepth: 3, filter: { paths: ['/in/*'] } });
    expect(page).toMatchObject({ items: [{ name: 'a.mov' }], next: undefined, total: 1 });
    expect(node.requests[0]).toMatchObject({
      url: '/files/search',
      json: { path: '/', filters: { paths: ['/in/*'], depth_min: 1, depth_max: 3 } },
    });
  });

  test.each([
    ['a folder without itself', { items: [] }],
    ['files that are no list', { self: folder, items: {} }],
  ])('is a bad answer when the node sends %s', async (_name, json) => {
    const node = await startOddNode(() => ({ json }));
    await expect(openClient(node.url).browsePath('/in')).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });
});

describe('files by their paths', () => {
  test('come in the order they were asked for, each with its own error', async () => {
    const node = await startOddNode(() => ({ json: { paths: [file, { path: '/gone', error: missing }] } }));
    const [found, lost] = await openClient(node.url).filesInfo(['/in/a.mov', '/gone']);
    expect(found).toMatchObject({ name: 'a.mov' });
    expect(lost).toMatchObject({ code: 'NOT_FOUND', vendorCode: '404' });
  });

  test('are matched by path when the node leaves one out', async () => {
    const node = await startOddNode(() => ({ json: { paths: [file] } }));
    const [lost, found] = await openClient(node.url).filesInfo(['/other', '/in/a.mov']);
    expect(lost).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    expect(found).toMatchObject({ path: '/in/a.mov' });
  });

  test('are one call for all that one operation asks for', async () => {
    const node = await startOddNode(({ json }) => ({
      json: { paths: (json as { paths: { path: string }[] }).paths.map(({ path }) => ({ ...file, path })) },
    }));
    const source = openSource(node.url);
    const { file: loader } = source.createLoaders(source.open({ identity: source.identify(undefined) }));
    const found = await Promise.all(['/a', '/b', '/a', '/c'].map((path) => loader.load(path)));
    expect(found.map(({ path }) => path)).toEqual(['/a', '/b', '/a', '/c']);
    expect(node.requests).toHaveLength(1);
  });
});

describe('sizes', () => {
  test('of a folder are counted by the node', async () => {
    const node = await startOddNode(() => ({
      json: { path: '/in', total_size: 12, file_count: 3, dir_count: 1, special_count: 0, failed_count: null },
    }));
    expect(await openClient(node.url).diskUsage('/in')).toEqual({
      path: '/in',
      totalBytes: 12,
      fileCount: 3,
      directoryCount: 1,
      specialCount: 0,
      failedCount: undefined,
    });
  });

  test('of storages come per path', async () => {
    const json = { paths: [{ path: '/', bytes_total: 100, bytes_free: 25, percent_free: 25.5 }] };
    const node = await startOddNode(() => ({ json }));
    expect(await openClient(node.url).space(['/'])).toEqual([
      { path: '/', totalBytes: 100, freeBytes: 25, percentFree: 25.5 },
    ]);
  });
});

describe('changing files', () => {
  const conflict = { code: 409, reason: 'Conflict', user_message: 'Path already exists' };

  test('creates files, folders and links in one call, each with a result of its own', async () => {
    const json = { paths: [{ path: '/d' }, { path: '/f', error: conflict }, { path: '/l' }] };
    const node = await startOddNode(() => ({ json }));
    const results = await openClient(node.url).createFiles([
      { path: '/d', type: 'DIRECTORY' },
      { path: '/f', type: 'FILE', contentsBase64: 'aGk=' },
      { path: '/l', type: 'SYMBOLIC_LINK', targetPath: '/d' },
    ]);
    expect(node.requests).toHaveLength(1);
    expect(node.requests[0]).toMatchObject({ method: 'POST', url: '/files/create' });
    expect(node.requests[0]?.json).toEqual({
      paths: [
        { path: '/d', type: 'directory' },
        { path: '/f', type: 'file', contents: 'aGk=' },
        { path: '/l', type: 'symbolic_link', target: { path: '/d' } },
      ],
    });
    expect(results.map(({ path, error }) => [path, error?.code])).toEqual([
      ['/d', undefined],
      ['/f', 'CONFLICT'],
      ['/l', undefined],
    ]);
  });

  test('renames inside a folder and names the result by the new path', async () => {
    const json = { paths: [{ path: '/in/', source: 'a', destination: 'b' }] };
    const node = await startOddNode(() => ({ json }));
    const results = await openClient(node.url).renameFiles([{ folder: '/in/', name: 'a', newName: 'b' }]);
    expect(results).toEqual([{ path: '/in/b', error: undefined }]);
    expect(node.requests[0]).toMatchObject({
      url: '/files/rename',
      json: { paths: [{ path: '/in/', source: 'a', destination: 'b' }] },
    });
  });

  test('deletes, and says so when the node says nothing of a path', async () => {
    const node = await startOddNode(() => ({ json: { paths: [{ path: '/a' }] } }));
    const results = await openClient(node.url).deleteFiles([
      { path: '/a', recursive: false },
      { path: '/b', recursive: true },
    ]);
    expect(node.requests[0]?.json).toEqual({
      paths: [
        { path: '/a', recursive_delete: false },
        { path: '/b', recursive_delete: true },
      ],
    });
    expect(results.map(({ error }) => error?.code)).toEqual([undefined, 'SOURCE_BAD_ANSWER']);
  });

  test('is never tried again by itself', async () => {
    const node = await startOddNode(() => ({ status: 503 }));
    const deleting = openClient(node.url, { retries: 3 }).deleteFiles([{ path: '/a', recursive: true }]);
    await expect(deleting).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(node.requests).toHaveLength(1);
  });

  test('is not overtaken: a read after a change never joins a read that began before it', async () => {
    const node = await startOddNode(({ url }) => ({
      json: url === '/files/browse' ? { self: folder, items: [], total_count: 0 } : { paths: [{ path: '/d' }] },
    }));
    const client = openClient(node.url);
    const before = client.browsePath('/in');
    const change = client.createFiles([{ path: '/d', type: 'DIRECTORY' }]);
    await Promise.all([before, change, client.browsePath('/in')]);
    expect(node.requests.filter(({ url }) => url === '/files/browse')).toHaveLength(2);
  });
});
