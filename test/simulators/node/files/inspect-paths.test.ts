import { mkdirSync, rmSync, statfsSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Asker, type ErrorBody, mountFiles, type PathsBody } from './mounted-files.ts';

describe('POST /files/info', () => {
  it('follows links and puts the error of a missing path inside the 200', async () => {
    const { call, root, write } = await mountFiles();
    write('a.txt', '12345');
    symlinkSync('a.txt', join(root, 'link'));
    const body = { paths: [{ path: '/a.txt' }, { path: '/link' }, { path: '/' }, { path: '/no' }] };
    const { status, json } = await call<PathsBody>('nodeUser', 'POST', '/files/info', { body });
    expect(status).toBe(200);
    expect(json.paths[0]).toMatchObject({ path: '/a.txt', basename: 'a.txt', type: 'file', size: 5 });
    expect(json.paths[1]).toMatchObject({ path: '/link', basename: 'link', type: 'file', size: 5 });
    expect(json.paths[2]).toMatchObject({ path: '/', type: 'directory', size: 0 });
    expect(json.paths[3]).toEqual({
      path: '/no',
      error: { code: 404, reason: 'Not Found', user_message: 'Path not found' },
    });
  });

  it('says so when the docroot itself is gone', async () => {
    const { call, root } = await mountFiles();
    rmSync(root, { recursive: true });
    const { json } = await call<ErrorBody>('nodeUser', 'POST', '/files/browse', { body: { path: '/' } });
    expect(json.error).toMatchObject({ code: 500, user_message: 'Docroot check failed' });
  });
});

describe('POST /files/du', () => {
  it('sums sizes and counts files, folders and what is neither', async () => {
    const { call, root, write } = await mountFiles();
    write('d/a', '123');
    write('d/e/b', '4567');
    mkdirSync(join(root, 'd', 'empty'));
    symlinkSync('a', join(root, 'd', 'link'));
    const usage = (path: string) => call('nodeUser', 'POST', '/files/du', { body: { path } });
    expect((await usage('/d/')).json).toEqual({
      path: '/d',
      total_size: 7,
      file_count: 2,
      dir_count: 2,
      special_count: 1,
      failed_count: 0,
    });
    expect((await usage('/d/a')).json).toMatchObject({ total_size: 3, file_count: 1, dir_count: 0 });
    expect((await usage('/no')).status).toBe(404);
  });
});

describe('POST /space', () => {
  it('tells the room of the file system under each path', async () => {
    const { call, root, write } = await mountFiles();
    write('a');
    const body = { paths: [{ path: '/' }, { path: '/no' }] };
    const { json } = await call<PathsBody>('nodeUser', 'POST', '/space', { body });
    const { blocks, bsize } = statfsSync(root);
    expect(json.paths[0]).toMatchObject({ path: '/', bytes_total: blocks * bsize });
    const { bytes_free, percent_free } = json.paths[0] as { bytes_free: number; percent_free: number };
    expect(percent_free).toBeCloseTo((bytes_free / (blocks * bsize)) * 100, 1);
    expect(json.paths[1]).toMatchObject({ error: { code: 404 } });
  });
});

describe('GET /files/{path}/contents', () => {
  it('reads a file whose path is encoded as a form does it', async () => {
    const { call, write } = await mountFiles();
    write('d/a b+c 大%.txt', 'inside');
    const formEncoded = new URLSearchParams({ p: '/d/a b+c 大%.txt' }).toString().slice('p='.length);
    expect(formEncoded).toContain('a+b%2Bc');
    const answer = await call('nodeUser', 'GET', `/files/${formEncoded}/contents`);
    expect(answer.bytes.toString()).toBe('inside');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    const percentEncoded = encodeURIComponent('/d/a b+c 大%.txt');
    expect((await call('nodeUser', 'GET', `/files/${percentEncoded}/contents`)).bytes.toString()).toBe('inside');
  });

  it('answers at most 4096 bytes and nothing more than the file has', async () => {
    const { call, root, write } = await mountFiles();
    write('big', 'x'.repeat(5000));
    write('empty');
    write('sparse');
    truncateSync(join(root, 'sparse'), 1024 ** 3);
    expect((await call('nodeUser', 'GET', '/files/%2Fbig/contents')).bytes).toHaveLength(4096);
    expect((await call('nodeUser', 'GET', '/files/%2Fempty/contents')).bytes).toHaveLength(0);
    expect((await call('nodeUser', 'GET', '/files/%2Fsparse/contents')).bytes).toEqual(Buffer.alloc(4096));
  });

  it('has none for folders, links, bad encodings and what is not there', async () => {
    const { call, root, write } = await mountFiles();
    write('d/a');
    symlinkSync('d/a', join(root, 'link'));
    const status = async (path: string) => (await call('nodeUser', 'GET', `/files/${path}/contents`)).status;
    expect(await status('%2Fd')).toBe(400);
    expect(await status('%2Flink')).toBe(400);
    expect(await status('%E0%A4')).toBe(400);
    expect(await status('%2Fno')).toBe(404);
    expect(await status('%2F..%2Fetc%2Fpasswd')).toBe(403);
  });
});

describe('calls by path', () => {
  it.each<[string, string]>([
    ['POST', '/files/browse'],
    ['POST', '/files/page'],
    ['POST', '/files/search'],
    ['POST', '/files/info'],
    ['POST', '/files/create'],
    ['POST', '/files/delete'],
    ['POST', '/files/rename'],
    ['POST', '/files/du'],
    ['POST', '/space'],
    ['GET', '/files/%2Fa/contents'],
  ])('refuse bearer tokens: %s %s', async (method, path) => {
    const { call } = await mountFiles();
    for (const asker of ['admin', 'ada'] satisfies Asker[]) {
      const answer = await call<ErrorBody>(asker, method, path, method === 'POST' ? { body: { path: '/' } } : {});
      expect(answer.status).toBe(403);
      expect(answer.json.error).toMatchObject({ code: 403, reason: 'Forbidden' });
    }
  });
});
