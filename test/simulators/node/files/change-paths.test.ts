import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mountFiles, type PathsBody } from './mounted-files.ts';

async function mount() {
  const files = await mountFiles();
  const post = async (verb: string, paths: readonly object[]) =>
    (await files.call<PathsBody>('nodeUser', 'POST', `/files/${verb}`, { body: { paths } })).json.paths;
  return { ...files, post };
}

const conflict = { code: 409, reason: 'Conflict', user_message: 'Path already exists' };

describe('POST /files/create', () => {
  it('makes folders, files with their contents, and links', async () => {
    const { post, root, write } = await mount();
    write('a.txt', 'hello');
    const answer = await post('create', [
      { type: 'directory', path: '/newd' },
      { type: 'file', path: '/newd/empty' },
      { type: 'file', path: '/newd/ü 大.bin', contents: Buffer.from([0, 255, 10]).toString('base64') },
      { type: 'symbolic_link', path: '/newd/link', target: { path: '/a.txt' } },
    ]);
    expect(answer).toEqual([
      { path: '/newd' },
      { path: '/newd/empty' },
      { path: '/newd/ü 大.bin' },
      { path: '/newd/link' },
    ]);
    expect(readFileSync(join(root, 'newd', 'empty'))).toHaveLength(0);
    expect(readFileSync(join(root, 'newd', 'ü 大.bin'))).toEqual(Buffer.from([0, 255, 10]));
    expect(readlinkSync(join(root, 'newd', 'link'))).toBe('../a.txt');
    expect(readFileSync(join(root, 'newd', 'link'), 'utf8')).toBe('hello');
  });

  it('answers 200 with an error at each path that fails and does the others', async () => {
    const { post, root, write } = await mount();
    write('here', 'kept');
    const answer = await post('create', [
      { type: 'directory', path: '/here' },
      { type: 'file', path: '/here' },
      { type: 'symbolic_link', path: '/here', target: { path: '/x' } },
      { type: 'directory', path: '/no/parent' },
      { type: 'fifo', path: '/f' },
      { type: 'file', path: '/g', contents: 'not base64!' },
      { type: 'symbolic_link', path: '/h' },
      { type: 'symbolic_link', path: '/no/link', target: { path: '/here' } },
      { type: 'directory', path: '/made' },
    ]);
    expect(answer.slice(0, 3).map(({ error }) => error)).toEqual([conflict, conflict, conflict]);
    expect(answer.slice(3).map(({ error }) => error?.code)).toEqual([404, 400, 400, 400, 404, undefined]);
    expect(readFileSync(join(root, 'here'), 'utf8')).toBe('kept');
    expect(existsSync(join(root, 'made'))).toBe(true);
  });

  it('refuses contents beyond what a request may create', async () => {
    const { post } = await mount();
    const contents = Buffer.alloc(1024 * 1024 + 1).toString('base64');
    expect((await post('create', [{ type: 'file', path: '/f', contents }]))[0]?.error?.code).toBe(400);
  });
});

describe('POST /files/delete', () => {
  it('deletes files and folders with all below them', async () => {
    const { post, root, write } = await mount();
    write('f/g/h');
    write('k');
    expect(await post('delete', [{ path: '/f' }, { path: '/k' }])).toEqual([{ path: '/f' }, { path: '/k' }]);
    expect(existsSync(join(root, 'f'))).toBe(false);
    expect(existsSync(join(root, 'k'))).toBe(false);
  });

  it('keeps a folder that is not empty when it must not delete in depth', async () => {
    const { post, root, write } = await mount();
    write('f/g');
    mkdirSync(join(root, 'empty'));
    const answer = await post('delete', [
      { path: '/f', recursive_delete: false },
      { path: '/empty', recursive_delete: false },
      { path: '/gone' },
      { path: '/' },
    ]);
    expect(answer[0]).toMatchObject({ path: '/f', error: { code: 409, user_message: 'Directory not empty' } });
    expect(answer[1]).toEqual({ path: '/empty' });
    expect(answer[2]).toMatchObject({ error: { code: 404, user_message: 'No such file or directory' } });
    expect(answer[3]).toMatchObject({ error: { code: 403 } });
    expect(existsSync(join(root, 'f', 'g'))).toBe(true);
  });

  it('deletes a link and never what it leads to', async () => {
    const { post, root, write } = await mount();
    write('f/g');
    symlinkSync('f', join(root, 'link'));
    await post('delete', [{ path: '/link' }]);
    expect(existsSync(join(root, 'link'))).toBe(false);
    expect(existsSync(join(root, 'f', 'g'))).toBe(true);
  });
});

describe('POST /files/rename', () => {
  it('renames inside the parent and answers what was asked', async () => {
    const { post, root, write } = await mount();
    write('d/f0', 'bytes');
    const renamed = { path: '/d', source: 'f0', destination: 'f1 ü' };
    expect(await post('rename', [renamed])).toEqual([renamed]);
    expect(readFileSync(join(root, 'd', 'f1 ü'), 'utf8')).toBe('bytes');
  });

  it('never overwrites, and tells what is missing', async () => {
    const { post, root, write } = await mount();
    write('a', 'a');
    write('b', 'b');
    write('d/x');
    const answer = await post('rename', [
      { path: '/', source: 'a', destination: 'b' },
      { path: '/', source: 'd', destination: 'a' },
      { path: '/', source: 'no', destination: 'c' },
      { path: '/', source: 'd', destination: 'd/x/y' },
      { path: '/', source: '.', destination: 'root' },
    ]);
    expect(answer.map(({ error }) => error?.code)).toEqual([409, 409, 404, 404, 403]);
    expect(readFileSync(join(root, 'b'), 'utf8')).toBe('b');
  });
});
