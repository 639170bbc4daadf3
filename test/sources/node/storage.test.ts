import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../src/transport/source-error.ts';
import { openClient, startOddNode } from './odd-node.ts';

const file = { id: '417', name: 'a.mov', type: 'file', size: 5, modified_time: '2018-02-09 17:15:17+00:00' };

describe('a file by its id', () => {
  test('comes with what the caller may do and what is below it', async () => {
    const json = {
      ...file,
      type: 'folder',
      access_levels: ['list', 'mkdir', 'levitate'],
      recursive_size: 12,
      recursive_file_count: 3,
      permission_count: 0,
      mount_point: true,
    };
    const node = await startOddNode(() => ({ json }));
    expect(await openClient(node.url).file('417')).toMatchObject({
      fileId: '417',
      type: 'FOLDER',
      sizeBytes: undefined,
      modifiedAt: '2018-02-09T17:15:17.000Z',
      accessLevels: ['LIST', 'MKDIR'],
      recursiveSizeBytes: 12,
      recursiveFileCount: 3,
      recursiveFolderCount: undefined,
      permissionCount: 0,
      isMountPoint: true,
    });
    expect(node.requests[0]?.url).toMatch(/^\/files\/417\?include=/);
  });
});

describe('a folder by its id', () => {
  test('is asked for in version 4 with the token in the query, as IBM’s client does it', async () => {
    const node = await startOddNode(() => ({ json: [] }));
    const client = openClient(node.url);
    await client.listFolder('1');
    await client.listFolder('1', { iterationToken: 'T 1', count: 20, name: 'a', namePattern: '*.mov', type: 'FILE' });
    expect(node.requests.map(({ headers }) => headers['accept-version'])).toEqual(['4.0', '4.0']);
    const queries = node.requests.map(({ url }) => Object.fromEntries(new URL(url, node.url).searchParams));
    expect(queries).toEqual([
      { per_page: '1000', include: 'access_levels' },
      {
        per_page: '20',
        include: 'access_levels',
        iteration_token: 'T 1',
        name: 'a',
        name_glob: '*.mov',
        type: 'file',
      },
    ]);
  });

  test('gives the next token and the total from the headers', async () => {
    const headers = { 'x-aspera-next-iteration-token': 'T2', 'x-aspera-total-count': '1500', 'x-total-count': '2' };
    const node = await startOddNode(() => ({ json: [file, { ...file, id: 418 }], headers }));
    const page = await openClient(node.url).listFolder('1');
    expect(page).toMatchObject({ items: [{ fileId: '417' }, { fileId: '418' }], next: 'T2', total: 1500 });
  });

  test.each([
    ['no token', {}],
    ['an empty token', { 'x-aspera-next-iteration-token': '' }],
    ['the same token again', { 'x-aspera-next-iteration-token': 'T1' }],
  ])('ends with %s', async (_name, headers) => {
    const node = await startOddNode(() => ({ json: [file], headers }));
    const page = await openClient(node.url).listFolder('1', { iterationToken: 'T1' });
    expect(page).toMatchObject({ next: undefined, total: undefined });
  });

  test('keeps its good files when one cannot be read', async () => {
    const node = await startOddNode(() => ({ json: [file, { name: 'no id', type: 'file' }, file] }));
    const { items } = await openClient(node.url).listFolder('1');
    expect(items.map((item) => item instanceof SourceError)).toEqual([false, true, false]);
  });
});

describe('permissions', () => {
  const permission = { id: '9', file_id: '417', access_id: 'ada', access_type: 'user', access_levels: ['read'] };

  test('come in pages; a short page is the last', async () => {
    const node = await startOddNode(({ url }) => ({
      json: url.includes('page=1') ? [permission, permission] : [permission],
      headers: { 'x-total-count': '3' },
    }));
    const client = openClient(node.url);
    const first = await client.permissions('417', { perPage: 2 });
    expect(first).toMatchObject({ next: 2, total: 3, items: [{ accessId: 'ada', accessLevels: ['READ'] }, {}] });
    const last = await client.permissions('417', { perPage: 2, page: first.next });
    expect(last.next).toBeUndefined();
    expect(node.requests[0]?.url).toBe('/permissions?file_id=417&inherited=false&page=1&per_page=2');
  });

  test('for something that is neither user nor group are not guessed', async () => {
    const node = await startOddNode(() => ({ json: [{ ...permission, access_type: 'everybody' }] }));
    const { items } = await openClient(node.url).permissions('417');
    expect(items).toMatchObject([{ code: 'SOURCE_BAD_ANSWER' }]);
  });
});

describe('access keys', () => {
  const key = {
    id: 'ak1',
    root_file_id: '1',
    storage: { type: 'aws_s3', bucket: 'b', path: '/', credentials: { secret_access_key: 'hidden-1' } },
    configuration: {
      transfer: { target_rate_kbps: 5, token_encryption_key: 'hidden-2', content_protection_secret: 'hidden-3' },
    },
  };

  test('never come with a secret', async () => {
    const node = await startOddNode(({ url }) => ({ json: url === '/access_keys' ? [key] : key }));
    const client = openClient(node.url);
    const found = [await client.accessKeySelf(), await client.accessKey('ak1'), ...(await client.accessKeys())];
    for (const one of found) {
      expect(one).toMatchObject({ accessKeyId: 'ak1', rootFileId: '1', storageType: 'aws_s3', storageBucket: 'b' });
    }
    expect(found[0]).toMatchObject({ configuration: { transfer: { target_rate_kbps: 5 } } });
    expect(JSON.stringify(found)).not.toContain('hidden');
    expect(node.requests.map(({ url }) => url)).toEqual(['/access_keys/self', '/access_keys/ak1', '/access_keys']);
  });
});

describe('events', () => {
  test('come in order with the place to go on', async () => {
    const event = {
      id: '5',
      time: '2026-11-23T00:22:56Z',
      user_id: 'ada',
      types: ['file.created'],
      data: { id: '417' },
    };
    const headers = { link: '<https://n/events?iteration_token=6>; rel="next"' };
    const json = [event, { ...event, types: 'file.deleted', data: null }, { ...event, types: 4 }];
    const node = await startOddNode(() => ({ json, headers }));
    const feed = await openClient(node.url).events({ iterationToken: '4', count: 3, typePattern: 'file.*' });
    expect(feed.nextToken).toBe('6');
    expect(feed.events).toMatchObject([
      { eventId: '5', types: ['file.created'], data: { id: '417' } },
      { types: ['file.deleted'], data: {} },
      { code: 'SOURCE_BAD_ANSWER' },
    ]);
    expect(new URL(node.requests[0]?.url ?? '', node.url).searchParams.get('type_glob[]')).toBe('file.*');
  });
});
