import { mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { type FileBody, type ListBody, mountFiles } from './mounted-files.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Counts the file system's calls about the folder and what is in it, which still happen, since the last count. */
function countCalls() {
  const spies = [vi.spyOn(fs, 'readdir'), vi.spyOn(fs, 'lstat'), vi.spyOn(fs, 'stat')] as const;
  syncBuiltinESMExports();
  return () => {
    const [reads, ...looks] = spies.map(
      ({ mock }) => mock.calls.filter(([path]) => /\/many\b/.test(String(path))).length,
    );
    for (const spy of spies) spy.mockClear();
    return { reads, looks: looks.reduce((sum, calls) => sum + calls, 0) };
  };
}

/** As if nothing had come into the folder for long. */
const rest = (root: string) => utimesSync(join(root, 'many'), 1_700_000_000, 1_700_000_000);

it('reads a folder of 3,000 entries once and looks only at what it shows, where the order allows it', async () => {
  const { call, write, root } = await mountFiles();
  for (let index = 0; index < 3000; index += 1) write(`many/${String(index).padStart(4, '0')}.dpx`);
  rest(root);
  const [folder] = (await call<FileBody[]>('accessKey', 'GET', '/files/1/files')).json;
  const browse = async (asked: object) =>
    (await call<ListBody>('nodeUser', 'POST', '/files/browse', { body: { path: '/many', count: 50, ...asked } })).json;
  const counted = countCalls();

  const page = await browse({ skip: 2000, filters: { types: ['file'], basenames: ['*.dpx'] } });
  expect(page).toMatchObject({ item_count: 50, total_count: 3000 });
  expect(page.items[0]?.basename).toBe('2000.dpx');
  // Two looks more, at the folder itself.
  expect(counted()).toEqual({ reads: 1, looks: 52 });

  await browse({ sort: 'size_d' });
  expect(counted()).toEqual({ reads: 0, looks: 3002 });

  const headers = { 'accept-version': '4.0' };
  const listed = await call<FileBody[]>('accessKey', 'GET', `/files/${folder?.id}/files?per_page=100`, { headers });
  expect(listed.json).toHaveLength(100);
  expect(counted()).toEqual({ reads: 0, looks: 102 });
});

it('reads a folder that has come to rest once for all of its pages, and anew when it has changed', async () => {
  const { call, write, root } = await mountFiles();
  const names = Array.from({ length: 300 }, (_, index) => `${String(index).padStart(3, '0')}.dpx`);
  for (const name of names) write(`many/${name}`);
  const [folder] = (await call<FileBody[]>('accessKey', 'GET', '/files/1/files')).json;
  const browse = async (skip: number, filters = {}) => {
    const body = { path: '/many', skip, count: 100, filters };
    return (await call<ListBody>('nodeUser', 'POST', '/files/browse', { body })).json.items.map(
      ({ basename }) => basename,
    );
  };
  const list = async (token: string) => {
    const headers = { 'accept-version': '4.0', ...(token === '' ? {} : { iteration_token: token }) };
    return call<FileBody[]>('accessKey', 'GET', `/files/${folder?.id}/files?per_page=100`, { headers });
  };
  const listAll = async () => {
    const listed: string[] = [];
    for (let token: string | null = ''; token !== null; ) {
      const { json, headers } = await list(token);
      listed.push(...json.map(({ name }) => name));
      token = headers.get('x-aspera-next-iteration-token');
    }
    return listed;
  };
  rest(root);
  const counted = countCalls();
  expect([...(await browse(0)), ...(await browse(100)), ...(await browse(200))]).toEqual(names);
  expect(await listAll()).toEqual(names);
  expect(await browse(0, { basenames: ['*7.dpx'] })).toEqual(names.filter((name) => name.endsWith('7.dpx')));
  expect(counted().reads).toBe(1);

  write('many/000b.dpx');
  const [first = '', ...others] = names;
  expect(await listAll()).toEqual([first, '000b.dpx', ...others]);
  expect(await browse(0)).toEqual([first, '000b.dpx', ...others].slice(0, 100));
  rest(root);
  expect(await browse(200)).toEqual(others.slice(198, 298));
});

it('follows the links of a folder anew for every page', async () => {
  const { call, write, root } = await mountFiles();
  write('target/a.txt');
  mkdirSync(join(root, 'many'));
  symlinkSync('../target/a.txt', join(root, 'many', 'link'));
  rest(root);
  const folders = (await call<FileBody[]>('accessKey', 'GET', '/files/1/files')).json;
  const id = folders.find(({ name }) => name === 'many')?.id;
  const headers = { 'accept-version': '4.0' };
  const list = async () => (await call<FileBody[]>('accessKey', 'GET', `/files/${id}/files`, { headers })).json.length;
  expect(await list()).toBe(1);
  rmSync(join(root, 'target', 'a.txt'));
  expect(await list()).toBe(0);
});
