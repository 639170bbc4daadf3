import { mkdirSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ErrorBody, type ListBody, mountFiles } from './mounted-files.ts';

const names = ({ items }: ListBody) => items.map(({ basename }) => basename);

/** a.txt 5 bytes, B.txt 3, c.bin 9, an empty folder D, a link to a.txt; each a day older than the one before. */
async function small() {
  const files = await mountFiles();
  files.write('a.txt', 'aaaaa');
  files.write('B.txt', 'bbb');
  files.write('c.bin', 'ccccccccc');
  mkdirSync(join(files.root, 'D'));
  symlinkSync('a.txt', join(files.root, 'e-link'));
  const day = 86_400;
  const start = Date.parse('2026-05-10T12:00:00Z') / 1000;
  for (const [index, name] of ['a.txt', 'B.txt', 'c.bin', 'D'].entries()) {
    utimesSync(join(files.root, name), start - index * day, start - index * day);
  }
  const browse = async (body: object) =>
    (await files.call<ListBody>('nodeUser', 'POST', '/files/browse', { body })).json;
  return { ...files, browse };
}

describe('POST /files/browse', () => {
  it('tells the folder itself, its entries, their counts and the parameters', async () => {
    const { browse } = await small();
    const answer = await browse({ path: '/' });
    expect(answer.self).toMatchObject({ path: '/', type: 'directory', size: 0 });
    expect(answer).toMatchObject({ item_count: 5, total_count: 5, parameters: { path: '/', skip: 0, count: 100 } });
    expect(answer.items[0]).toEqual({
      path: '/a.txt',
      basename: 'a.txt',
      type: 'file',
      size: 5,
      mtime: '2026-05-10T12:00:00Z',
      permissions: [{ name: 'view' }, { name: 'edit' }, { name: 'delete' }],
    });
  });

  it('shows a link with what it leads to', async () => {
    const { browse } = await small();
    const link = (await browse({ path: '/' })).items.find(({ type }) => type === 'symbolic_link');
    expect(link).toMatchObject({ basename: 'e-link', target: { path: '/a.txt', type: 'file', size: 5 } });
  });

  it.each([
    ['path', false, ['a.txt', 'B.txt', 'c.bin', 'D', 'e-link']],
    ['path', true, ['B.txt', 'D', 'a.txt', 'c.bin', 'e-link']],
    ['type', false, ['D', 'a.txt', 'B.txt', 'c.bin', 'e-link']],
    ['size_a', false, ['D', 'B.txt', 'a.txt', 'e-link', 'c.bin']],
    ['size_d', false, ['c.bin', 'a.txt', 'e-link', 'B.txt', 'D']],
    ['mtime_a', false, ['D', 'c.bin', 'B.txt', 'a.txt', 'e-link']],
    ['mtime_d', false, ['e-link', 'a.txt', 'B.txt', 'c.bin', 'D']],
  ])('sorts by %s, case sensitive: %s', async (sort, case_sensitive, expected) => {
    const { browse } = await small();
    expect(names(await browse({ path: '/', sort, case_sensitive }))).toEqual(expected);
  });

  it.each([
    ['types', { types: ['directory', 'symbolic_link'] }, ['D', 'e-link']],
    ['basenames, any case', { basenames: ['*.TXT'] }, ['a.txt', 'B.txt']],
    ['several basenames', { basenames: ['?.bin', 'a*'] }, ['a.txt', 'c.bin']],
    ['paths from the root', { paths: ['/[a-b]*'] }, ['a.txt']],
    ['paths from the folder', { paths: ['*.txt'] }, ['a.txt', 'B.txt']],
    ['size_min, inclusive', { size_min: 5 }, ['a.txt', 'c.bin']],
    ['size_max, exclusive', { size_max: 5 }, ['B.txt']],
    ['sizes, which leave folders and links out', { size_min: 0 }, ['a.txt', 'B.txt', 'c.bin']],
    ['mtime_min, without T and Z', { mtime_min: '2026-05-09 12:00:00' }, ['a.txt', 'e-link']],
    ['mtime_max, exclusive', { mtime_max: '2026-05-08T12:00:00Z' }, ['D']],
    ['everything at once', { types: ['file'], basenames: ['*.txt'], size_min: 4 }, ['a.txt']],
  ])('filters by %s', async (_what, filters, expected) => {
    const { browse } = await small();
    const answer = await browse({ path: '/', filters });
    expect(names(answer)).toEqual(expected);
    expect(answer.total_count).toBe(expected.length);
  });

  it('compares basenames by case only when it is asked to', async () => {
    const { browse } = await small();
    expect(names(await browse({ path: '/', case_sensitive: true, filters: { basenames: ['b*'] } }))).toEqual([]);
  });

  it('skips and counts after the filters', async () => {
    const { browse } = await small();
    const answer = await browse({ path: '/', skip: 1, count: 1, filters: { types: ['file'] } });
    expect(names(answer)).toEqual(['B.txt']);
    expect(answer).toMatchObject({ item_count: 1, total_count: 3, parameters: { skip: 1, count: 1 } });
  });

  it('answers at most 100 entries by default and 1,000 whatever is asked', async () => {
    const { browse, write } = await small();
    for (let index = 0; index < 1100; index += 1) write(`many/${index}`);
    expect(await browse({ path: '/many' })).toMatchObject({ item_count: 100, total_count: 1100 });
    const largest = await browse({ path: '/many', count: 5000 });
    expect(largest).toMatchObject({ item_count: 1000, total_count: 1100, parameters: { count: 1000 } });
  });

  it('answers a file with itself alone and follows a link to a folder', async () => {
    const { browse, root, write } = await small();
    expect(Object.keys(await browse({ path: '/a.txt' }))).toEqual(['self']);
    write('D/inside.txt');
    symlinkSync('D', join(root, 'to-D'));
    expect((await browse({ path: '/to-D/' })).items[0]).toMatchObject({ path: '/to-D/inside.txt' });
  });

  it('keeps names as they are on disk, composed or not', async () => {
    const { browse, write } = await small();
    const composed = 'caf\u00e9 "100%" + 大阪 🎬';
    const decomposed = 'cafe\u0301 "100%" + 大阪 🎬';
    write(`names/${composed}`);
    write(`names/${decomposed}`);
    expect(new Set(names(await browse({ path: '/names' })))).toEqual(new Set([composed, decomposed]));
    expect(names(await browse({ path: '/names', filters: { basenames: ['caf? *🎬'] } }))).toEqual([composed]);
    expect((await browse({ path: `/names/${decomposed}` })).self.basename).toBe(decomposed);
  });

  it('knows sizes beyond 32 bits', async () => {
    const { browse, root, write } = await small();
    write('big');
    truncateSync(join(root, 'big'), 6 * 1024 ** 3);
    expect((await browse({ path: '/big' })).self.size).toBe(6 * 1024 ** 3);
  });

  it.each([
    [404, { path: '/nowhere' }],
    [404, { path: '/a.txt/below' }],
    [400, {}],
    [400, { path: 7 }],
    [400, { path: '/', count: -1 }],
    [400, { path: '/', sort: 'name' }],
    [400, { path: '/', filters: { types: ['folder'] } }],
    [400, { path: '/', filters: { mtime_min: 'yesterday' } }],
    [400, '{"path":'],
  ])('refuses with %i: %j', async (status, body) => {
    const { call } = await small();
    const answer = await call<ErrorBody>('accessKey', 'POST', '/files/browse', { body });
    expect(answer.status).toBe(status);
    expect(answer.json.error).toMatchObject({ code: status, user_message: expect.any(String) });
  });
});

describe('POST /files/search', () => {
  async function tree() {
    const files = await mountFiles();
    for (const path of ['one.txt', 'x/two.txt', 'x/y/three.txt', 'x/y/z/four.bin']) files.write(path, path);
    const search = async (body: object) =>
      (await files.call<ListBody>('accessKey', 'POST', '/files/search', { body })).json;
    return { ...files, search };
  }
  const paths = ({ items }: ListBody) => items.map(({ path }) => path);

  it('finds everything below the path with its counts', async () => {
    const { search } = await tree();
    const answer = await search({ path: '/' });
    expect(paths(answer)).toEqual([
      '/one.txt',
      '/x',
      '/x/two.txt',
      '/x/y',
      '/x/y/three.txt',
      '/x/y/z',
      '/x/y/z/four.bin',
    ]);
    expect(answer).toMatchObject({ item_count: 7, total_count: 7, parameters: { path: '/', skip: 0, count: 100 } });
  });

  it('keeps to the depths that are asked for', async () => {
    const { search } = await tree();
    const answer = await search({ path: '/', filters: { depth_min: 2, depth_max: 3, types: ['file'] } });
    expect(paths(answer)).toEqual(['/x/two.txt', '/x/y/three.txt']);
    expect(answer.parameters).toMatchObject({ depth_min: 2, depth_max: 3 });
    expect(paths(await search({ path: '/x', filters: { depth_max: 1 } }))).toEqual(['/x/two.txt', '/x/y']);
  });

  it('takes globs of whole paths and of paths below the start', async () => {
    const { search } = await tree();
    expect(paths(await search({ path: '/', filters: { paths: ['/x/*.txt'] } }))).toEqual([
      '/x/two.txt',
      '/x/y/three.txt',
    ]);
    expect(paths(await search({ path: '/x', filters: { paths: ['y/*/f*'] } }))).toEqual(['/x/y/z/four.bin']);
  });

  it('does not walk through links, so that a loop ends', async () => {
    const { search, root } = await tree();
    symlinkSync('..', join(root, 'x', 'loop'));
    const links = (await search({ path: '/', filters: { basenames: ['loop'] } })).items;
    expect(links).toHaveLength(1);
    expect(links[0]).toMatchObject({ type: 'symbolic_link', target: { path: '/', type: 'directory' } });
  });

  it('starts at a file too, and refuses what is not there', async () => {
    const { search, call } = await tree();
    expect(paths(await search({ path: '/x/two.txt' }))).toEqual(['/x/two.txt']);
    expect((await call('accessKey', 'POST', '/files/search', { body: { path: '/no' } })).status).toBe(404);
  });
});

describe('POST /files/page', () => {
  it('gives every entry once while entries come and go between the pages', async () => {
    const { call, write } = await mountFiles();
    for (let index = 10; index < 35; index += 1) write(`f/${index}`);
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const body = { path: '/f', count: 10, ...(token ? { iteration_token: token } : {}) };
      const { json } = await call<ListBody>('accessKey', 'POST', '/files/page', { body });
      expect(json.item_count).toBe(json.items.length);
      expect(json.parameters).toMatchObject({ path: '/f', count: 10, retrieve_metadata: true });
      seen.push(...names(json));
      token = json.next_iteration_token;
      write('f/00-new');
    } while (token);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => String(index + 10)));
  });

  it('filters by type, by basenames and by basenames to leave out', async () => {
    const { call, write } = await mountFiles();
    for (const path of ['a.jpg', 'b.jpg', 'b.gif', 'c.pdf', 'sub/x']) write(path);
    const filters = { types: ['file'], basenames: ['*.jpg', '*.gif'], out_basenames: ['b.*'] };
    const { json } = await call<ListBody>('accessKey', 'POST', '/files/page', { body: { path: '/', filters } });
    expect(names(json)).toEqual(['a.jpg']);
    expect(json).not.toHaveProperty('next_iteration_token');
  });

  it('leaves metadata out when it is not wanted', async () => {
    const { call, write } = await mountFiles();
    write('a');
    const body = { path: '/', retrieve_metadata: false };
    const { json } = await call<ListBody>('accessKey', 'POST', '/files/page', { body });
    expect(json.items).toEqual([{ path: '/a', basename: 'a', type: 'file' }]);
  });

  it('refuses a token that is none and one of another folder', async () => {
    const { call, write } = await mountFiles();
    write('f/1');
    write('f/2');
    const first = await call<ListBody>('accessKey', 'POST', '/files/page', { body: { path: '/f', count: 1 } });
    const others = [
      { path: '/f', iteration_token: 'bm9uc2Vuc2U' },
      { path: '/', iteration_token: first.json.next_iteration_token },
    ];
    for (const body of others) {
      expect((await call('accessKey', 'POST', '/files/page', { body })).status).toBe(400);
    }
  });
});
