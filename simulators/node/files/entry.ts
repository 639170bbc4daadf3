import { realpathSync, type Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { posix, relative } from 'node:path';
import type { NodeError } from '../errors.ts';
import { realRoot, resolveInRoot } from './resolve-in-root.ts';
import type { EntryType, Found } from './scan.ts';
import { isoSeconds } from './seconds.ts';
import { pathError } from './storage-error.ts';

/** What gen3 tells about a path (aspera-node-api.md §3, common entry object). */
export interface Entry {
  readonly path: string;
  readonly basename: string;
  readonly type: EntryType;
  readonly size: number;
  readonly mtime: string;
  readonly permissions: readonly { readonly name: string }[];
  /** What a symbolic link leads to, when that exists inside the root. */
  readonly target?: Entry;
}

/** What is told about an entry that went away after its folder was read. */
interface LostEntry {
  readonly path: string;
  readonly basename: string;
  readonly type: EntryType;
  readonly error: NodeError;
}

/** A gen3 caller acts as the transfer user, who may do everything inside the docroot. */
const permissions = ['view', 'edit', 'delete'].map((name) => ({ name }));

export function typeOfStats(stats: Stats): EntryType {
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symbolic_link' : 'file';
}

function entryOf(path: string, stats: Stats): Entry {
  return {
    path,
    basename: posix.basename(path) || '/',
    type: typeOfStats(stats),
    size: stats.isDirectory() ? 0 : stats.size,
    mtime: isoSeconds(stats.mtimeMs),
    permissions,
  };
}

/** The entry at `path` with links followed, under the path that was asked for. */
export async function describeFollowed(root: string, path: string): Promise<Entry> {
  return entryOf(path, await stat(resolveInRoot(root, path)));
}

async function describeTarget(root: string, link: string): Promise<Entry | undefined> {
  try {
    const location = realpathSync.native(resolveInRoot(root, link));
    return entryOf(`/${relative(realRoot(root), location)}`, await stat(location));
  } catch {
    return undefined;
  }
}

/** The entry for something found in a folder; `known` saves looking at it again. */
export async function describeFound(root: string, found: Found, known?: Stats): Promise<Entry | LostEntry> {
  try {
    const entry = entryOf(found.path, known ?? (await lstat(found.location)));
    const target = entry.type === 'symbolic_link' ? await describeTarget(root, found.path) : undefined;
    return target ? { ...entry, target } : entry;
  } catch (error) {
    return { path: found.path, basename: found.name, type: found.type, error: pathError(error) };
  }
}
