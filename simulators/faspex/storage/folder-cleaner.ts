import type { Package } from '../package.ts';
import { isDeleted } from '../packages/status.ts';
import type { World } from '../world.ts';
import type { StorageNode } from './storage-node.ts';

/** Removes the folders of deleted packages from the storage node. */
export interface FolderCleaner {
  /** Starts the removal, unless another package still uses the folder. A node that is away keeps its files. */
  remove(pkg: Package): void;
  /** Resolves when no removal is under way. */
  idle(): Promise<void>;
}

export function createFolderCleaner(world: World, storage: StorageNode): FolderCleaner {
  const running = new Set<Promise<void>>();
  const isShared = (pkg: Package) =>
    [...world.packages.values()].some((other) => other !== pkg && other.folder === pkg.folder && !isDeleted(other));
  return {
    remove: (pkg) => {
      if (isShared(pkg)) return;
      const removal: Promise<void> = storage
        .remove(pkg.folder)
        .catch(() => undefined)
        .finally(() => running.delete(removal));
      running.add(removal);
    },
    idle: async () => {
      await Promise.all(running);
    },
  };
}
