import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ErrorBody, type FileBody, mountFiles } from './mounted-files.ts';

const version4 = { 'accept-version': '4.0' };
const names = (listed: readonly FileBody[]) => listed.map(({ name }) => name);

/** a.txt 5 bytes, B.TXT 3, c.bin 9, a folder D with d/e/f below, each a day older than the one before. */
async function small() {
  const files = await mountFiles();
  files.write('a.txt', 'aaaaa');
  files.write('B.TXT', 'bbb');
  files.write('c.bin', 'ccccccccc');
  files.write('D/e/f.txt', '1234567');
  const start = Date.parse('2026-05-10T12:00:00Z') / 1000;
  for (const [index, name] of ['a.txt', 'B.TXT', 'c.bin', 'D'].entries()) {
    utimesSync(join(files.root, name), start - index * 86_400, start - index * 86_400);
  }
  const list = (query = '', headers = {}) =>
    files.call<FileBody[]>('accessKey', 'GET', `/files/1/files${query}`, { headers });
  return { ...files, list };
}

describe('GET /files/{id}/files', () => {
  it('lists the whole folder with types, sizes and times, and counts it', async () => {
    const { list } = await small();
    const { json, headers } = await list();
    expect(headers.get('x-total-count')).toBe('4');
    expect(json.find(({ name }) => name === 'a.txt')).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'a.txt',
      path: '/a.txt',
      size: 5,
      type: 'file',
      modified_time: '2026-05-10T12:00:00Z',
      content_type: 'text/plain',
    });
    const folder = json.find(({ name }) => name === 'D');
    expect(folder).toMatchObject({ type: 'folder', path: '/D', mount_point: false });
    expect(folder).not.toHaveProperty('size');
  });

  it('gives numbered pages when both page and per_page are sent, and refuses one alone', async () => {
    const { list, call } = await small();
    const pages = [
      await list('?page=1&per_page=3'),
      await list('?page=2&per_page=3'),
      await list('?page=3&per_page=3'),
    ];
    expect(pages.flatMap(({ json }) => names(json)).sort()).toEqual(['B.TXT', 'D', 'a.txt', 'c.bin']);
    expect(pages.map(({ json }) => json.length)).toEqual([3, 1, 0]);
    expect(pages.map(({ headers }) => headers.get('x-total-count'))).toEqual(['4', '4', '4']);
    for (const query of ['?page=1', '?per_page=10', '?page=0&per_page=1', '?page=x&per_page=1']) {
      const { status, json } = await call<ErrorBody>('accessKey', 'GET', `/files/1/files${query}`);
      expect([query, status, json.error.code]).toEqual([query, 400, 400]);
    }
  });

  it.each([
    ['name', ['B.TXT', 'D', 'a.txt', 'c.bin']],
    ['size', ['D', 'B.TXT', 'a.txt', 'c.bin']],
    ['type', ['D', 'B.TXT', 'a.txt', 'c.bin']],
    ['modified_time', ['D', 'c.bin', 'B.TXT', 'a.txt']],
    ['recursive_size', ['B.TXT', 'a.txt', 'c.bin', 'D']],
    ['recursive_file_count', ['B.TXT', 'a.txt', 'c.bin', 'D']],
    ['recursive_folder_count', ['B.TXT', 'a.txt', 'c.bin', 'D']],
    ['recursive_link_count', ['B.TXT', 'D', 'a.txt', 'c.bin']],
  ])('sorts by %s', async (sort, expected) => {
    const { list } = await small();
    expect(names((await list(`?sort=${sort}`)).json)).toEqual(expected);
  });

  it.each([
    ['name=a.txt', ['a.txt']],
    ['name_glob=*.txt', ['a.txt']],
    ['name_iglob=*.txt', ['B.TXT', 'a.txt']],
    ['type=folder', ['D']],
    ['min_size=3', ['a.txt', 'c.bin']],
    ['max_size=9', ['B.TXT', 'a.txt']],
    ['min_modified_time=2026-05-08T12:00:00Z', ['B.TXT', 'a.txt']],
    ['max_modified_time=2026-05-08T12:00:00Z', ['D']],
    ['min_size=1&type=file&name_iglob=*.TXT&max_size=4', ['B.TXT']],
    ['target_id=5', []],
  ])('filters by %s', async (query, expected) => {
    const { list } = await small();
    const { json, headers } = await list(`?${query}`);
    expect(names(json)).toEqual(expected);
    expect(headers.get('x-total-count')).toBe(String(expected.length));
  });

  it('adds levels, permission counts and recursive counts when they are asked for', async () => {
    const { list, call } = await small();
    const [folder] = (await list('?name=D')).json;
    const body = { file_id: folder?.id, access_type: 'user', access_id: 'ada', access_levels: ['list'] };
    await call('accessKey', 'POST', '/permissions', { body });
    const expected = {
      access_levels: ['list', 'read', 'write', 'delete', 'mkdir', 'rename', 'preview'],
      access_level: 'edit',
      permission_count: 1,
      recursive_size: 7,
      recursive_file_count: 1,
      recursive_folder_count: 1,
      recursive_link_count: 0,
    };
    const whole = await list('?name=D&include=access_levels,permission_count,recursive_counts');
    expect(whole.json[0]).toMatchObject(expected);
    const one = await call<FileBody>('accessKey', 'GET', `/files/${folder?.id}?include[]=permission_count`);
    expect(one.json).toMatchObject({ permission_count: 1 });
    expect(one.json).not.toHaveProperty('recursive_size');
    expect(one.json).not.toHaveProperty('access_levels');
  });

  it('refuses unknown ids, files and unknown orders', async () => {
    const { list, call } = await small();
    const [file] = (await list('?name=a.txt')).json;
    expect((await call('accessKey', 'GET', '/files/999/files')).status).toBe(404);
    expect((await call('accessKey', 'GET', `/files/${file?.id}/files`)).status).toBe(400);
    expect((await list('?sort=colour')).status).toBe(400);
  });

  it('shows a link of the file system as what it leads to, and not at all when that is outside or nothing', async () => {
    const { list, root, call } = await small();
    symlinkSync('D/e', join(root, 'to-e'));
    symlinkSync('a.txt', join(root, 'to-a'));
    symlinkSync('/etc', join(root, 'out'));
    symlinkSync('nothing', join(root, 'dangling'));
    const { json } = await list();
    expect(names(json)).toEqual(['B.TXT', 'D', 'a.txt', 'c.bin', 'to-a', 'to-e']);
    expect(json.find(({ name }) => name === 'to-a')).toMatchObject({ type: 'file', size: 5 });
    const folder = json.find(({ name }) => name === 'to-e');
    expect(folder?.type).toBe('folder');
    expect(names((await call<FileBody[]>('accessKey', 'GET', `/files/${folder?.id}/files`)).json)).toEqual(['f.txt']);
  });
});

describe('GET /files/{id}/files with Accept-Version 4.0', () => {
  const TOKEN = 'x-aspera-next-iteration-token';

  /** As ascli does it: until the header is absent. */
  async function walk(
    list: (query: string, headers: Record<string, string>) => Promise<{ json: FileBody[]; headers: Headers }>,
    perPage: number,
    by: 'query' | 'header',
  ) {
    const seen: string[] = [];
    let token: string | null = '';
    while (token !== null) {
      const query: string = token && by === 'query' ? `&iteration_token=${encodeURIComponent(token)}` : '';
      const sent: Record<string, string> = token && by === 'header' ? { iteration_token: token } : {};
      const answer = await list(`?per_page=${perPage}${query}`, { ...version4, ...sent });
      expect(answer.headers.get('x-total-count')).toBe('6');
      expect(answer.headers.get('x-aspera-total-count')).toBe('6');
      expect(answer.json.length).toBeLessThanOrEqual(perPage);
      seen.push(...names(answer.json));
      token = answer.headers.get(TOKEN);
    }
    return seen;
  }

  it.each(['query', 'header'] as const)('gives every entry once behind tokens sent as %s', async (by) => {
    const { list, write } = await small();
    write('大 阪');
    write('B.TXTa');
    for (const perPage of [1, 2, 3, 6, 1000]) {
      expect(await walk(list, perPage, by)).toEqual(['B.TXT', 'B.TXTa', 'D', 'a.txt', 'c.bin', '大 阪']);
    }
  });

  it('shows 1,000 entries at most', async () => {
    const { list, write } = await small();
    for (let index = 0; index < 1010; index += 1) write(`n${index}`);
    const { json, headers } = await list('?per_page=5000', version4);
    expect(json).toHaveLength(1000);
    expect(headers.get('x-total-count')).toBe('1014');
    expect(headers.get(TOKEN)).not.toBeNull();
  });

  it('filters by name, name_glob and type, and lets what it does not know do nothing', async () => {
    const { list } = await small();
    expect(names((await list('?name=D', version4)).json)).toEqual(['D']);
    expect(names((await list('?name_glob=*.txt', version4)).json)).toEqual(['a.txt']);
    expect(names((await list('?type=folder', version4)).json)).toEqual(['D']);
    const query = '?sort=size&page=2&min_size=9&max_size=1&name_iglob=x&target_id=1&min_modified_time=x';
    expect(names((await list(query, version4)).json)).toEqual(['B.TXT', 'D', 'a.txt', 'c.bin']);
  });

  it('refuses a token of another folder', async () => {
    const { list, call, root } = await small();
    mkdirSync(join(root, 'D', 'second'));
    const first = await list('?per_page=1', version4);
    const folder = (await list('?name=D')).json[0];
    const path = `/files/${folder?.id}/files?iteration_token=${first.headers.get(TOKEN)}`;
    expect((await call('accessKey', 'GET', path, { headers: version4 })).status).toBe(400);
  });
});
