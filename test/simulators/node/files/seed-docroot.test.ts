import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../simulators/kit/random.ts';
import { seedDocroot } from '../../../../simulators/node/files/seed-docroot.ts';

const made: string[] = [];
let root = '';
beforeAll(async () => {
  root = docroot();
  await seedDocroot(root, createRandom(7));
});
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function docroot(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'seed-')));
  made.push(folder);
  return folder;
}

const filesIn = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

describe('a seeded docroot', () => {
  it('holds nested folders, names in many scripts, real files, 3,000 frames and a file without content', () => {
    const files = filesIn(root);
    const small = files.filter((path) => !path.includes('frame_') && !path.endsWith('.bin'));
    expect(small.length).toBeGreaterThan(36);
    expect(readdirSync(join(root, 'Archive/Frames 2K'))).toHaveLength(3000);
    const sparse = statSync(join(root, 'Archive/sensor dump 1GiB.bin'));
    expect(sparse.size).toBe(1024 ** 3);
    expect(sparse.blocks * 512).toBeLessThan(1024 ** 2);
    for (const script of [/[\u3040-\u30ff]/, /[äöüß]/, /\p{Extended_Pictographic}/u, /["']/, / /, /e\u0301/, /[+%#]/]) {
      expect(files.some((path) => script.test(path))).toBe(true);
    }
    expect(Math.max(...small.map((path) => path.split('/').length))).toBeGreaterThanOrEqual(4);
    expect(new Set(small.map((path) => statSync(join(root, path)).size)).size).toBeGreaterThan(30);
    expect(readFileSync(join(root, 'Finance/2026/invoices/INV-2026-0117.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('has times spread over the last months and none in the future', () => {
    const ages = filesIn(root).map((path) => (Date.now() - statSync(join(root, path)).mtimeMs) / 86_400_000);
    expect(Math.min(...ages)).toBeGreaterThan(0);
    expect(Math.max(...ages)).toBeGreaterThan(100);
    expect(new Set(ages.map((age) => Math.floor(age / 30))).size).toBeGreaterThan(3);
  });

  it('is the same for the same seed', async () => {
    const other = docroot();
    await seedDocroot(other, createRandom(7));
    const files = filesIn(root);
    expect(filesIn(other)).toEqual(files);
    for (const path of files.filter((name) => !name.endsWith('.bin'))) {
      expect(readFileSync(join(root, path)).equals(readFileSync(join(other, path)))).toBe(true);
    }
  });

  it('is left as it is by a second run, which only fills gaps', async () => {
    const before = filesIn(root).map((path) => [path, statSync(join(root, path)).mtimeMs]);
    const folderTime = statSync(join(root, 'Projects')).mtimeMs;
    writeFileSync(join(root, 'README.txt'), 'changed by a user');
    rmSync(join(root, 'Finance'), { recursive: true });
    await seedDocroot(root, createRandom(7));
    expect(readFileSync(join(root, 'README.txt'), 'utf8')).toBe('changed by a user');
    expect(existsSync(join(root, 'Finance/2026/ledger.csv'))).toBe(true);
    expect(statSync(join(root, 'Projects')).mtimeMs).toBe(folderTime);
    const kept = before.filter(([path]) => path !== 'README.txt' && !String(path).startsWith('Finance/'));
    expect(kept.map(([path]) => [path, statSync(join(root, String(path))).mtimeMs])).toEqual(kept);
    expect(filesIn(root)).toHaveLength(before.length);
  });
});
