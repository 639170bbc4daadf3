import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
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

it('reads a folder of 3,000 entries once and looks only at what it shows, where the order allows it', async () => {
  const { call, write } = await mountFiles();
  for (let index = 0; index < 3000; index += 1) write(`many/${String(index).padStart(4, '0')}.dpx`);
  const [folder] = (await call<FileBody[]>('accessKey', 'GET', '/files/1/files')).json;
  const browse = async (asked: object) =>
    (await call<ListBody>('nodeUser', 'POST', '/files/browse', { body: { path: '/many', count: 50, ...asked } })).json;
  const counted = countCalls();

  const page = await browse({ skip: 2000, filters: { types: ['file'], basenames: ['*.dpx'] } });
  expect(page).toMatchObject({ item_count: 50, total_count: 3000 });
  expect(page.items[0]?.basename).toBe('2000.dpx');
  // One look more, at the folder itself.
  expect(counted()).toEqual({ reads: 1, looks: 51 });

  await browse({ sort: 'size_d' });
  expect(counted()).toEqual({ reads: 1, looks: 3001 });

  const headers = { 'accept-version': '4.0' };
  const listed = await call<FileBody[]>('accessKey', 'GET', `/files/${folder?.id}/files?per_page=100`, { headers });
  expect(listed.json).toHaveLength(100);
  expect(counted()).toEqual({ reads: 1, looks: 101 });
});
