import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../../../simulators/kit/message.ts';
import { resolveInRoot } from '../../../../simulators/node/files/resolve-in-root.ts';
import { mountFiles, type PathsBody } from './mounted-files.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A root with a secret beside it. */
function folders() {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'in-root-')));
  made.push(base);
  const root = join(base, 'root');
  mkdirSync(join(root, 'd'), { recursive: true });
  mkdirSync(join(base, 'root-beside'));
  writeFileSync(join(base, 'secret'), 'secret');
  return { base, root };
}

function statusOf(act: () => unknown): number {
  try {
    act();
    return 200;
  } catch (error) {
    if (error instanceof Refusal) return error.response.status;
    throw error;
  }
}

describe('resolveInRoot', () => {
  it('places paths below the root, whatever slashes they have', () => {
    const { root } = folders();
    expect(resolveInRoot(root, '/')).toBe(root);
    expect(resolveInRoot(root, '')).toBe(root);
    expect(resolveInRoot(root, '//d/./new name/')).toBe(join(root, 'd', 'new name'));
  });

  it('refuses every way out: dots, NUL, links out, links to links out, dangling links out', () => {
    const { base, root } = folders();
    symlinkSync(join(base, 'secret'), join(root, 'out'));
    symlinkSync('..', join(root, 'up'));
    symlinkSync('up', join(root, 'd', '..', 'twice'));
    symlinkSync(join(base, 'not-there-yet'), join(root, 'dangling'));
    symlinkSync(join(base, 'root-beside'), join(root, 'beside'));
    const paths = ['..', '/../secret', '/d/../../secret', 'd/..', 'out', 'up', 'up/secret', 'twice/new', 'dangling'];
    for (const path of [...paths, 'dangling/below', 'beside', 'beside/new']) {
      expect([path, statusOf(() => resolveInRoot(root, path))]).toEqual([path, 403]);
    }
    expect(statusOf(() => resolveInRoot(root, 'a\0b'))).toBe(400);
    expect(statusOf(() => resolveInRoot(root, 'x'.repeat(300)))).toBe(400);
  });

  it('lets links inside the root pass, dangling ones too, and refuses loops', () => {
    const { root } = folders();
    symlinkSync('d', join(root, 'in'));
    symlinkSync('d/later', join(root, 'later'));
    symlinkSync('loop', join(root, 'loop'));
    expect(resolveInRoot(root, 'in/x')).toBe(join(root, 'in', 'x'));
    expect(resolveInRoot(root, 'later')).toBe(join(root, 'later'));
    expect(statusOf(() => resolveInRoot(root, 'loop/x'))).toBe(400);
  });

  it('works below a root that is itself reached by a link', () => {
    const { base, root } = folders();
    symlinkSync(root, join(base, 'alias'));
    expect(resolveInRoot(join(base, 'alias'), '/d')).toBe(join(base, 'alias', 'd'));
  });
});

describe('calls by path and by id', () => {
  it('never read or change anything through a link that leaves the root', async () => {
    const { base } = folders();
    const { call, root, write } = await mountFiles();
    write('a');
    symlinkSync(base, join(root, 'out'));
    const post = async (verb: string, body: object) => call<PathsBody>('nodeUser', 'POST', `/files/${verb}`, { body });
    expect((await post('browse', { path: '/out' })).status).toBe(403);
    expect((await post('search', { path: '/out' })).status).toBe(403);
    expect((await post('page', { path: '/out' })).status).toBe(403);
    const refused = [
      await post('info', { paths: [{ path: '/out/secret' }] }),
      await post('create', { paths: [{ path: '/out/new', type: 'directory' }] }),
      await post('create', { paths: [{ path: '/esc', type: 'symbolic_link', target: { path: '/../secret' } }] }),
      await post('delete', { paths: [{ path: '/out/secret' }] }),
      await post('rename', { paths: [{ path: '/', source: 'a', destination: 'out/a' }] }),
      await post('rename', { paths: [{ path: '/', source: '../x', destination: 'y' }] }),
    ];
    for (const { json } of refused) expect(json.paths[0]?.error?.code).toBe(403);
    expect(existsSync(join(base, 'secret'))).toBe(true);
    expect(existsSync(join(root, 'a'))).toBe(true);
    const listing = await call<{ name: string }[]>('accessKey', 'GET', '/files/1/files');
    expect(listing.json.map(({ name }) => name)).toEqual(['a']);
    await post('delete', { paths: [{ path: '/out' }] });
    expect(existsSync(join(root, 'out'))).toBe(false);
    expect(existsSync(join(base, 'secret'))).toBe(true);
  });
});
