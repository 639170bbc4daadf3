import type { FaspexPackage } from '../sources/faspex/types.ts';
import { SourceError } from '../transport/source-error.ts';

/** What somebody has read of a package that is watched: its state, or that it is gone. */
export interface PackageChange {
  readonly packageId: string;
  /** undefined when the package is gone, or is no longer the reader's to see. */
  readonly pkg: FaspexPackage | undefined;
  /** The same for two readings between which nothing happened that a watcher is told of. */
  readonly state: string;
  /** Readings with a higher number are newer. */
  readonly order: number;
}

type ReadPackage = () => Promise<FaspexPackage>;

/** What is known of the packages that one identity watches, whoever has read it: the poll or a subscriber who came. */
export interface PackageReadings {
  /** What is known of the package once `read` has answered: the newest that anybody has read. */
  look(packageId: string, read: ReadPackage): Promise<PackageChange>;
  /** Those of these packages that are not as they were when this was last called. Others are forgotten. */
  takeChanges(packageIds: readonly string[]): PackageChange[];
}

/** Packages that are remembered at most; one that is forgotten is told of once more. */
const MAX_REMEMBERED = 10_000;

/** What makes a package different from what it was, for somebody who watches its status. */
function stateOf(pkg: FaspexPackage | undefined): string {
  if (pkg === undefined) return 'gone';
  const { status, vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount } = pkg;
  return JSON.stringify([status, vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount]);
}

/** Faspex answers 403 for a package that one may not see (aspera-apps-api.md §5.4): for the watcher it is gone. */
function goneToUndefined(error: unknown): undefined {
  const isGone = error instanceof SourceError && (error.code === 'NOT_FOUND' || error.code === 'SOURCE_FORBIDDEN');
  if (!isGone) throw error;
}

/** Keeps the entry, and of too many those that were kept longest ago not. */
function remember<T>(memory: Map<string, T>, packageId: string, value: T): void {
  memory.delete(packageId);
  memory.set(packageId, value);
  for (const oldest of memory.keys()) {
    if (memory.size <= MAX_REMEMBERED) return;
    memory.delete(oldest);
  }
}

export function createPackageReadings(): PackageReadings {
  const newest = new Map<string, PackageChange>();
  /** States that were told, also of packages that nobody watches now: who comes back is not told them again. */
  const told = new Map<string, string>();
  let readings = 0;
  return {
    // Readings may overtake each other: each is numbered when it begins, and an older one does not replace a newer.
    look: async (packageId, read) => {
      readings += 1;
      const order = readings;
      const pkg = await read().catch(goneToUndefined);
      const found: PackageChange = { packageId, pkg, state: stateOf(pkg), order };
      const known = newest.get(packageId);
      if (known && known.order > order) return known;
      // A package that nobody has seen cannot go: a made-up id leaves no trace.
      if (known || pkg) remember(newest, packageId, found);
      return found;
    },
    takeChanges: (packageIds) => {
      const watched = new Set(packageIds);
      for (const packageId of newest.keys()) if (!watched.has(packageId)) newest.delete(packageId);
      const changes = [...newest.values()].filter(({ packageId, state }) => told.get(packageId) !== state);
      for (const { packageId, state } of changes) remember(told, packageId, state);
      return changes;
    },
  };
}
