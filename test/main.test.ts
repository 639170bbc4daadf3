import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const root = dirname(import.meta.dirname);

/** Prints where compiled code is kept, when the process ends. */
const tell = `data:text/javascript,${encodeURIComponent(
  'import module from "node:module"; process.on("exit", () => console.error(module.getCompileCacheDir()));',
)}`;

/** Prints the schema in a process of its own; gives where that kept compiled code. */
async function printSchema(env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--import', tell, join(root, 'src/main.ts'), 'schema'];
  const options = { env: { PATH: process.env.PATH, ...env }, maxBuffer: 16 * 1024 * 1024 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
  expect(stdout).toContain('type Query {');
  return stderr.trim();
}

it('keeps compiled code beside the packages, where no other user can write', async () => {
  expect(dirname(await printSchema({}))).toBe(join(root, 'node_modules/.cache/compiled'));
});

it('keeps compiled code where NODE_COMPILE_CACHE says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'compiled-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const kept = await printSchema({ NODE_COMPILE_CACHE: folder });
  expect(dirname(kept)).toBe(folder);
  expect((await readdir(kept)).length).toBeGreaterThan(100);
});

it('does without when it is told to', async () => {
  expect(await printSchema({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('undefined');
});
