import { mkdir, open, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Random } from '../../kit/random.ts';
import { seedContent } from './seed-content.ts';
import { emptyFolders, FRAME_COUNT, frameFolder, plannedFiles, seededLink, sparseFile } from './seed-plan.ts';
import { errnoOf } from './storage-error.ts';

interface SeedFile {
  readonly path: string;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Undefined for a file without content, which takes no room. */
  readonly seed: number | undefined;
}

const DAY = 24 * 60 * 60;
const OLDEST = 180 * DAY;

/** How many files are written at the same time. */
const AT_ONCE = 64;

/** Every number is drawn whether the file exists or not, so that a second run draws the same ones. */
function planFiles(random: Random, now: number): SeedFile[] {
  const draw = (path: string, least: number, most: number, mtime: number): SeedFile => ({
    path,
    size: random.integer(least, most),
    mtime,
    seed: random.integer(0, 2 ** 32 - 1),
  });
  const files = plannedFiles.map(([path, least, most]) => draw(path, least, most, now - random.integer(60, OLDEST)));
  const shot = now - random.integer(30 * DAY, OLDEST);
  for (let frame = 1; frame <= FRAME_COUNT; frame += 1) {
    files.push(draw(`${frameFolder}/frame_${String(frame).padStart(6, '0')}.dpx`, 64, 512, shot + frame));
  }
  return [...files, { ...sparseFile, mtime: now - random.integer(DAY, OLDEST), seed: undefined }];
}

/** Whether `make` made something; false when it was there before. */
async function madeNew(make: () => Promise<unknown>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeNew(location: string, { size, mtime, seed }: SeedFile): Promise<void> {
  const file = await open(location, 'wx');
  try {
    if (seed === undefined) await file.truncate(size);
    else await file.writeFile(seedContent(location, size, seed));
    await file.utimes(mtime, mtime);
  } finally {
    await file.close();
  }
}

/** Every folder that the paths need, parents first. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = path; folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort((left, right) => left.split('/').length - right.split('/').length);
}

/**
 * Fills a docroot with data that looks like work: nested folders, names in several scripts, small files of many types,
 * a folder of 3,000 frames and a 1 GiB file without content. What exists already is left as it is.
 */
export async function seedDocroot(docroot: string, random: Random): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const files = planFiles(random, now);
  const madeFolders: string[] = [];
  for (const folder of foldersOf([...emptyFolders, ...files.map(({ path }) => dirname(path))])) {
    if (await madeNew(() => mkdir(join(docroot, folder)))) madeFolders.push(folder);
  }
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const batch = files.slice(start, start + AT_ONCE);
    await Promise.all(batch.map((file) => madeNew(() => writeNew(join(docroot, file.path), file))));
  }
  await madeNew(() => symlink(seededLink.target, join(docroot, seededLink.path)));
  for (const folder of madeFolders) {
    const newest = files.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ mtime }) => mtime);
    const mtime = newest.reduce((latest, one) => Math.max(latest, one), newest[0] ?? now);
    await utimes(join(docroot, folder), mtime, mtime);
  }
}
