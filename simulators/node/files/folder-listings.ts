import { stat } from 'node:fs/promises';
import { resolveInRoot } from './resolve-in-root.ts';
import { type Found, readFolder } from './scan.ts';

/** A folder as it was read. */
export interface FolderListing {
  readonly entries: readonly Found[];
  /** What is made of the entries, once for each name: an order of them is the same until the folder changes. */
  derive<T>(name: string, make: (entries: readonly Found[]) => T): T;
}

/**
 * The folders that were read last, so that paging through a large one does not read and sort all of it for every page.
 * A folder that has changed is read anew; what is behind its entries (sizes, times, where links lead) is not kept.
 */
export interface FolderListings {
  read(root: string, path: string): Promise<FolderListing>;
}

/** Folders that are kept at most. */
const KEPT = 8;

/** The clock of a file system ticks: within one tick a folder may change again without showing it. */
const SETTLED_MS = 1_000;

interface Kept {
  /** What changes whenever an entry comes, goes or gets another name. */
  readonly state: string;
  readonly listing: FolderListing;
}

function createListing(entries: readonly Found[]): FolderListing {
  const derived = new Map<string, unknown>();
  return {
    entries,
    derive: <T>(name: string, make: (entries: readonly Found[]) => T): T => {
      if (!derived.has(name)) derived.set(name, make(entries));
      return derived.get(name) as T;
    },
  };
}

async function stateOf(folder: string) {
  const { dev, ino, mtimeNs, ctimeNs, mtimeMs } = await stat(folder, { bigint: true });
  const isSettled = Number(mtimeMs) < Date.now() - SETTLED_MS;
  return { state: [dev, ino, mtimeNs, ctimeNs].join(), isSettled };
}

export function createFolderListings(): FolderListings {
  // The one that was asked for last is the last one.
  const kept = new Map<string, Kept>();
  const keep = (key: string, one: Kept) => {
    kept.delete(key);
    kept.set(key, one);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  };
  return {
    read: async (root, path) => {
      const folder = resolveInRoot(root, path);
      const { state, isSettled } = await stateOf(folder);
      // The same folder has other paths for another root.
      const key = `${root}\0${path}`;
      const known = kept.get(key);
      const listing = known?.state === state ? known.listing : createListing(await readFolder(root, path));
      if (isSettled) keep(key, { state, listing });
      else kept.delete(key);
      return listing;
    },
  };
}
