import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { MANY, type NodeWorld } from './node-world.ts';

const namesIn = (json: unknown) => listAt(json, 'items').map(({ basename }) => basename);
const errorOf = (json: unknown) => objectAt(json, 'paths', 0, 'error');

/** Paths: node user and access key, never a bearer token (aspera-node-api.md §3). */
export function judgeGen3(world: () => NodeWorld): void {
  judgeListings(world);
  judgeChanges(world);
  judgeReading(world);
}

function judgeListings(world: () => NodeWorld): void {
  const browse = (request: Json) => world().london.user('POST', '/files/browse', request);

  it('browses a folder by 100 entries unless told otherwise, and counts all of them', async () => {
    const { json } = await browse({ path: '/many' });
    expect(json).toMatchObject({
      item_count: 100,
      total_count: MANY,
      self: { type: 'directory', path: '/many', size: 0 },
    });
    expect(listAt(json, 'items')).toHaveLength(100);
    const rest = await browse({ path: '/many', skip: MANY - 2, count: 50 });
    expect(rest.json).toMatchObject({ item_count: 2, total_count: MANY });
  });

  it('describes an entry with its permissions and a time in UTC', async () => {
    const { json } = await browse({ path: '/' });
    const entry = listAt(json, 'items').find(({ basename }) => basename === 'a.txt');
    expect(entry).toMatchObject({ path: '/a.txt', type: 'file', size: 9 });
    expect(listAt(entry, 'permissions').map(({ name }) => name)).toEqual(['view', 'edit', 'delete']);
    expect(entry?.mtime).toMatch(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(Z|\+00:00)$/);
  });

  it('answers a browsed file with itself alone', async () => {
    const { json } = await browse({ path: '/a.txt' });
    expect(json).toMatchObject({ self: { type: 'file', basename: 'a.txt' } });
    expect(listAt(json, 'items')).toEqual([]);
  });

  it('sorts by size and time in both directions', async () => {
    const ordered = async (sort: string) =>
      namesIn((await browse({ path: '/', sort, filters: { types: ['file'] } })).json);
    expect(await ordered('size_a')).toEqual(['a.txt', 'two words.txt']);
    expect(await ordered('size_d')).toEqual(['two words.txt', 'a.txt']);
    expect((await browse({ path: '/', sort: 'type' })).status).toBe(200);
    for (const sort of ['path', 'mtime_a', 'mtime_d']) expect(await ordered(sort)).toHaveLength(2);
    expect((await browse({ path: '/', sort: 'colour' })).status).toBe(400);
  });

  it('filters before it counts; a filter by size means files alone', async () => {
    const counted = async (filters: Json) => objectAt((await browse({ path: '/', filters })).json).total_count;
    expect(await counted({ basenames: ['*.txt'] })).toBe(2);
    expect(await counted({ size_min: 9 })).toBe(2);
    expect(await counted({ size_min: 9, size_max: 5_000 })).toBe(1);
    expect(await counted({ types: ['directory'], paths: ['/m*'] })).toBe(1);
    expect(await counted({ mtime_min: '2011-01-31 12:59:59' })).toBeGreaterThan(2);
    expect(await counted({ mtime_max: '2011-01-31T12:59:59Z' })).toBe(0);
  });

  it('refuses a missing path, a missing parameter and a body that is no JSON', async () => {
    expect((await browse({ path: '/nowhere' })).status).toBe(404);
    expect((await browse({})).status).toBe(400);
    expect((await world().london.user('POST', '/files/browse', '{"path":')).status).toBe(400);
    expect((await world().london.anyone('POST', '/files/browse', { path: '/' })).status).toBe(401);
    expect((await world().london.bearer()('POST', '/files/browse', { path: '/' })).status).toBe(403);
  });

  it('pages through a folder by token, in the body, until none comes back', async () => {
    const names = new Set<unknown>();
    let token: unknown;
    for (let pages = 1; ; pages += 1) {
      const request = { path: '/many', count: 400, ...(token === undefined ? {} : { iteration_token: token }) };
      const { json } = await world().london.key('POST', '/files/page', request);
      for (const name of namesIn(json)) names.add(name);
      token = objectAt(json).next_iteration_token;
      expect(objectAt(json).item_count).toBe(listAt(json, 'items').length);
      if (!token) {
        expect(pages).toBe(3);
        break;
      }
    }
    expect(names.size).toBe(MANY);
    expect((await world().london.key('POST', '/files/page', {})).status).toBe(400);
  });

  it('searches below a folder and echoes the parameters', async () => {
    const search = (request: Json) => world().london.user('POST', '/files/search', request);
    const { json } = await search({ path: '/rushes', filters: { basenames: ['*.bin'] } });
    expect(json).toMatchObject({ item_count: 2, total_count: 2, parameters: { path: '/rushes', skip: 0 } });
    expect(namesIn((await search({ path: '/rushes', filters: { depth_max: 1, types: ['file'] } })).json)).toEqual([
      'big.bin',
    ]);
    const deep = await search({ path: '/rushes', filters: { depth_min: 2 } });
    expect(namesIn(deep.json)).toEqual(['ä.bin']);
    expect(objectAt(deep.json, 'parameters')).toMatchObject({ depth_min: 2 });
    expect((await search({ path: '/nowhere' })).status).toBe(404);
  });
}

function judgeChanges(world: () => NodeWorld): void {
  const change = async (verb: string, ...paths: Json[]) => {
    const answer = await world().london.user('POST', `/files/${verb}`, { paths });
    expect(answer.status).toBe(200);
    return answer.json;
  };

  it('creates folders, files and links, and tells in the path’s own error what exists already', async () => {
    const contents = Buffer.from('made here').toString('base64');
    const made = await change(
      'create',
      { path: '/spare/folder', type: 'directory' },
      { path: '/spare/file.txt', type: 'file', contents },
      { path: '/spare/link', type: 'symbolic_link', target: { path: '/spare/file.txt' } },
    );
    expect(listAt(made, 'paths')).toMatchObject([
      { path: '/spare/folder' },
      { path: '/spare/file.txt' },
      { path: '/spare/link' },
    ]);
    expect(errorOf(made)).toEqual({});
    const again = await change('create', { path: '/spare/folder', type: 'directory' });
    expect(errorOf(again)).toMatchObject({ code: 409, user_message: 'Path already exists' });
    const { json } = await world().london.user('POST', '/files/browse', {
      path: '/spare',
      filters: { types: ['symbolic_link'] },
    });
    expect(listAt(json, 'items')).toMatchObject([
      { basename: 'link', target: { path: '/spare/file.txt', type: 'file' } },
    ]);
  });

  it('renames within a folder and never overwrites', async () => {
    const done = await change('rename', { path: '/spare', source: 'folder', destination: 'box' });
    expect(listAt(done, 'paths')).toEqual([{ path: '/spare', source: 'folder', destination: 'box' }]);
    const over = await change('rename', { path: '/spare', source: 'box', destination: 'file.txt' });
    expect(errorOf(over)).toMatchObject({ code: 409 });
    const gone = await change('rename', { path: '/spare', source: 'nobody', destination: 'somebody' });
    expect(errorOf(gone)).toMatchObject({ code: 404 });
  });

  it('deletes whole folders, but a full one not when told so', async () => {
    await change('create', { path: '/spare/box/inside', type: 'directory' });
    const kept = await change('delete', { path: '/spare/box', recursive_delete: false });
    expect(errorOf(kept)).toMatchObject({ code: 409 });
    const gone = await change('delete', { path: '/spare/box' }, { path: '/spare/nobody' });
    expect(listAt(gone, 'paths')).toMatchObject([
      { path: '/spare/box' },
      { path: '/spare/nobody', error: { code: 404 } },
    ]);
    expect((await world().london.user('POST', '/files/delete', { paths: 'all' })).status).toBe(400);
  });
}

function judgeReading(world: () => NodeWorld): void {
  it('follows links when asked about paths, and tells each error at its path', async () => {
    const paths = [{ path: '/spare/link' }, { path: '/nowhere' }];
    const { json } = await world().london.user('POST', '/files/info', { paths });
    expect(listAt(json, 'paths')).toMatchObject([
      { type: 'file', size: 9 },
      { path: '/nowhere', error: { code: 404, reason: 'Not Found' } },
    ]);
  });

  it('adds up what a folder holds', async () => {
    const { json } = await world().london.user('POST', '/files/du', { path: '/rushes' });
    expect(json).toEqual({
      ...{ path: '/rushes', total_size: 3_002_000, file_count: 2 },
      ...{ dir_count: expect.any(Number), special_count: 0, failed_count: 0 },
    });
  });

  it('reads the first 4096 bytes of a file whose path is form-encoded', async () => {
    const { status, text } = await world().london.user('GET', '/files/%2Ftwo+words.txt/contents');
    expect([status, text.length]).toEqual([200, 4096]);
    expect((await world().london.user('GET', '/files/%2Fnowhere/contents')).status).toBe(404);
  });

  it('tells the room left on the storage', async () => {
    const { json } = await world().london.user('POST', '/space', { paths: [{ path: '/' }] });
    const [space] = listAt(json, 'paths');
    expect(Number(space?.bytes_free)).toBeLessThan(Number(space?.bytes_total));
    expect(space).toMatchObject({ path: '/', percent_free: expect.any(Number) });
    expect((await world().london.user('POST', '/space', {})).status).toBe(400);
  });
}
