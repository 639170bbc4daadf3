import { relative, sep } from 'node:path';
import { normalizePath } from './resolve-in-root.ts';

/** What an access key opens: a folder on disk, and the file id that stands for it. */
export interface Storage {
  readonly root: string;
  readonly rootFileId: string;
}

/**
 * The file ids of gen4 (aspera-node-api.md §4). A file gets its id when it is first seen and keeps it when it is
 * renamed through the API; an id is never given to a second file.
 */
export interface FileIds {
  /** The id of a path below the storage's root, made at first sight. */
  fileIdOf(storage: Storage, path: string): string;
  /** The path that an id stands for, or undefined for an id that was never given out or whose file was deleted. */
  pathOfFileId(storage: Storage, id: string): string | undefined;
  /** Tells that an entry, with all below it, moved from one place on disk to another. */
  moved(from: string, to: string): void;
  /** Tells that an entry, with all below it, is gone from disk. */
  removed(location: string): void;
}

interface Tree {
  readonly root: string;
  readonly idOf: Map<string, string>;
  readonly pathOf: Map<string, string>;
  last: number;
}

function plant({ root, rootFileId }: Storage): Tree {
  return { root, idOf: new Map([['/', rootFileId]]), pathOf: new Map([[rootFileId, '/']]), last: 0 };
}

function give(tree: Tree, path: string): string {
  do tree.last += 1;
  while (tree.pathOf.has(String(tree.last)));
  const id = String(tree.last);
  tree.idOf.set(path, id);
  tree.pathOf.set(id, path);
  return id;
}

function pathIn(tree: Tree, location: string): string | undefined {
  const path = relative(tree.root, location);
  return path === '' || path === '..' || path.startsWith(`..${sep}`) ? undefined : `/${path}`;
}

/** Takes the ids of an entry and of all below it out of the tree. */
function uproot(tree: Tree, location: string): [id: string, below: string][] {
  const path = pathIn(tree, location);
  if (path === undefined) return [];
  const taken: [string, string][] = [];
  for (const [known, id] of tree.idOf) {
    if (known !== path && !known.startsWith(`${path}/`)) continue;
    tree.idOf.delete(known);
    tree.pathOf.delete(id);
    taken.push([id, known.slice(path.length)]);
  }
  return taken;
}

function move(tree: Tree, from: string, to: string): void {
  uproot(tree, to);
  const taken = uproot(tree, from);
  const path = pathIn(tree, to);
  if (path === undefined) return;
  for (const [id, below] of taken) {
    tree.idOf.set(`${path}${below}`, id);
    tree.pathOf.set(id, `${path}${below}`);
  }
}

export function createFileIds(): FileIds {
  const trees = new Map<string, Tree>();
  const treeOf = (storage: Storage): Tree => {
    const key = `${storage.rootFileId}\0${storage.root}`;
    const tree = trees.get(key) ?? plant(storage);
    trees.set(key, tree);
    return tree;
  };
  return {
    fileIdOf: (storage, path) => {
      const tree = treeOf(storage);
      const known = normalizePath(path);
      return tree.idOf.get(known) ?? give(tree, known);
    },
    pathOfFileId: (storage, id) => treeOf(storage).pathOf.get(id),
    moved: (from, to) => {
      for (const tree of trees.values()) move(tree, from, to);
    },
    removed: (location) => {
      for (const tree of trees.values()) uproot(tree, location);
    },
  };
}
