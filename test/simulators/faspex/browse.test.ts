import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, JONAS, MINA, type PackageJson, type Running, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;
let tomas: Api;
let mina: Api;
let id: string;

const NAMES = Array.from({ length: 7 }, (_, index) => `file-${index}.txt`);

beforeAll(async () => {
  running = await startFaspex();
  [tomas, mina] = await Promise.all([running.signIn(TOMAS), running.signIn(MINA)]);
  id = await tomas.send(MINA, { title: 'Folder' });
  const { json } = await tomas.get<PackageJson>(`/packages/${id}`);
  const content = join(running.storage.docroot, `Folder - ${json.package_uuid}.aspera-package`, 'PKG - Folder');
  await mkdir(join(content, 'für später'));
  await writeFile(join(content, 'für später', 'notes.txt'), 'x');
  await Promise.all(NAMES.map((name, index) => writeFile(join(content, name), 'y'.repeat(index))));
});
afterAll(() => running.stop());

interface Files {
  readonly items: readonly { readonly path: string; readonly size: string; readonly type: string }[];
  readonly item_count: number;
}

const browse = (api: Api, query = '', body: object = { path: '/', filters: { basenames: [] } }) =>
  api.post<Files>(`/packages/${id}/files/received${query}`, body);

describe('browsing by offset', () => {
  it('shows entries relative to the package, with sizes as text, until a page is empty', async () => {
    const first = await browse(mina, '?recipient_user_id=3&offset=0&limit=5');
    expect(first.json).toMatchObject({ self: [{ path: '/', type: 'directory' }], item_count: 5, total_count: 8 });
    const second = await browse(mina, '?recipient_user_id=3&offset=5&limit=5');
    const third = await browse(mina, '?recipient_user_id=3&offset=8&limit=5');
    expect([second.json.item_count, third.json.item_count]).toEqual([3, 0]);
    const items = [...first.json.items, ...second.json.items];
    expect(items.map(({ path }) => path).toSorted()).toEqual(
      ['/für später', ...NAMES.map((name) => `/${name}`)].toSorted(),
    );
    expect(items.find(({ path }) => path === '/file-3.txt')).toMatchObject({ size: '3', type: 'file' });
  });

  it('goes into folders, filters and sorts', async () => {
    const query = '?recipient_user_id=3';
    const inside = await browse(mina, query, { path: '/für später' });
    expect(inside.json.items).toMatchObject([{ path: '/für später/notes.txt', basename: 'notes.txt' }]);
    const filtered = await browse(mina, query, { path: '/', filters: { basenames: ['*-1.txt'] } });
    expect(filtered.json.items).toMatchObject([{ path: '/file-1.txt' }]);
    const largest = await browse(mina, `${query}&limit=1`, { path: '/', sort: 'size_d' });
    expect(largest.json.items).toMatchObject([{ path: '/file-6.txt' }]);
  });
});

describe('browsing by token', () => {
  it('continues with the token of the header, in the query or in the body, until there is none', async () => {
    const page = (more = '', body: object = {}) =>
      browse(mina, `/page?recipient_user_id=3&per_page=3${more}`, { path: '/', ...body });
    const first = await page();
    const token = first.headers.get('x-aspera-next-iteration-token');
    const byQuery = await page(`&iteration_token=${token}`);
    const byBody = await page('', { iteration_token: token });
    expect(byBody.json.items).toEqual(byQuery.json.items);
    const last = await page(`&iteration_token=${byQuery.headers.get('x-aspera-next-iteration-token')}`);
    expect(last.headers.get('x-aspera-next-iteration-token')).toBeNull();
    const items = [first, byQuery, last].flatMap(({ json }) => json.items);
    expect(new Set(items.map(({ path }) => path)).size).toBe(8);
  });

  it('refuses page sizes that differ and tokens that it did not give', async () => {
    const sizes = await browse(mina, '/page?recipient_user_id=3&per_page=3&limit=4');
    expect(sizes.json).toMatchObject({ code: '1035' });
    const token = await browse(mina, '/page?recipient_user_id=3&iteration_token=made-up');
    expect([token.status, token.json]).toMatchObject([400, { code: '1003' }]);
  });
});

describe('who may browse', () => {
  it('is a recipient who names one, or the sender on the sent side', async () => {
    expect((await browse(mina)).json).toMatchObject({ code: '2088', message: 'Not authorized.' });
    const jonas = await running.signIn(JONAS);
    expect((await browse(jonas, '?recipient_user_id=3')).json).toMatchObject({ code: '2088' });
    const sent = await tomas.post(`/packages/${id}/files/sent/page?recipient_user_id=3&per_page=500`, { path: '/' });
    expect(sent.json.item_count).toBe(8);
    expect((await mina.post(`/packages/${id}/files/sent`, { path: '/' })).json.code).toBe('2088');
  });

  it('cannot leave the package', async () => {
    expect((await browse(mina, '?recipient_user_id=3', { path: '/../..' })).json).toMatchObject({ code: '1003' });
    expect((await browse(mina, '?recipient_user_id=3', {})).json).toMatchObject({ code: '1003' });
  });

  it('is told 500/1202 when the node has no such folder', async () => {
    const { status, json } = await browse(mina, '?recipient_user_id=3', { path: '/nowhere' });
    expect([status, json]).toMatchObject([500, { code: '1202' }]);
  });
});

describe('shared folders', () => {
  it('are listed and browsed in both generations', async () => {
    const { json } = await tomas.get('/shared_folders?q=server&sort=name');
    expect(json.shared_folders).toMatchObject([{ id: '1', node_id: '1', name: 'Server Files' }]);
    const byToken = await tomas.post('/nodes/1/shared_folders/1/browse/page?per_page=500', { path: '/stills' });
    expect(byToken.json.items).toMatchObject([{ path: '/stills/day 1.txt' }]);
    const byOffset = await tomas.post('/nodes/1/shared_folders/1/browse', { path: '/' });
    expect(byOffset.json).toMatchObject({ self: [{ path: '/' }], total_count: 2 });
    expect((await tomas.post('/nodes/1/shared_folders/2/browse', { path: '/' })).status).toBe(404);
  });
});
