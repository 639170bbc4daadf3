import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { childPath, resolveInRoot } from './resolve-in-root.ts';
import { errnoOf } from './storage-error.ts';

export type EntryType = 'file' | 'directory' | 'symbolic_link';

/** An entry as reading its folder shows it, without a look at the entry itself. */
export interface Found {
  readonly path: string;
  readonly name: string;
  readonly type: EntryType;
  /** Its place on disk. */
  readonly location: string;
}

function typeOf(entry: Dirent): EntryType {
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symbolic_link' : 'file';
}

/** The entries of a folder, from one read of it. */
export async function readFolder(root: string, path: string): Promise<Found[]> {
  const folder = resolveInRoot(root, path);
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.map((entry) => ({
    path: childPath(path, entry.name),
    name: entry.name,
    type: typeOf(entry),
    location: join(folder, entry.name),
  }));
}

const gone: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

export interface Walk {
  readonly entries: readonly Found[];
  /** Folders that could not be read. */
  readonly failed: number;
}

/** Everything below a folder, links not followed, at most `depth` folders down (its own entries are depth 1). */
export async function walkFolder(root: string, path: string, depth = Number.POSITIVE_INFINITY): Promise<Walk> {
  const entries: Found[] = [];
  let failed = 0;
  let level = [path];
  for (let down = 1; down <= depth && level.length > 0; down += 1) {
    const below: string[] = [];
    for (const folder of level) {
      const found = await readFolder(root, folder).catch((error: unknown) => {
        if (folder === path || !gone.has(errnoOf(error) ?? '')) throw error;
        failed += 1;
        return [];
      });
      for (const entry of found) {
        entries.push(entry);
        if (entry.type === 'directory') below.push(entry.path);
      }
    }
    level = below;
  }
  return { entries, failed };
}
