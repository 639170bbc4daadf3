import type { FaspexSource } from '../sources/faspex/source.ts';
import type { FaspexPackage } from '../sources/faspex/types.ts';
import { SourceError } from '../transport/source-error.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import type { PollResult } from './topic.ts';

/** What became of a watched package: its new state, or that it is gone. */
export type PackageChange =
  | { readonly packageId: string; readonly pkg: FaspexPackage }
  | { readonly packageId: string; readonly pkg: undefined };

/** Packages that somebody watches, each counted once for every watcher. */
export interface WatchedPackages {
  add(packageId: string): () => void;
  readonly ids: readonly string[];
}

export function createWatchedPackages(): WatchedPackages {
  const counts = new Map<string, number>();
  return {
    add: (packageId) => {
      counts.set(packageId, (counts.get(packageId) ?? 0) + 1);
      return () => {
        const left = (counts.get(packageId) ?? 1) - 1;
        if (left > 0) counts.set(packageId, left);
        else counts.delete(packageId);
      };
    },
    get ids() {
      return [...counts.keys()];
    },
  };
}

/** What makes a package different from what it was, for somebody who watches its status. */
const fingerprint = ({ status, vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount }: FaspexPackage) =>
  JSON.stringify([status, vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount]);

const isGone = (error: unknown) =>
  error instanceof SourceError && (error.code === 'NOT_FOUND' || error.code === 'SOURCE_FORBIDDEN');

/**
 * Looks at the watched packages of one identity, each once however many watch it, and tells those that have changed.
 * Faspex tells nothing by itself (aspera-apps-api.md part E 12, 13).
 */
export function createPackagePoll(source: FaspexSource, identity: UpstreamIdentity, watched: WatchedPackages) {
  const seen = new Map<string, string>();

  const look = async (packageId: string, signal: AbortSignal): Promise<PackageChange[]> => {
    const client = source.open({ identity, signal });
    try {
      const pkg = await client.package(packageId);
      const now = fingerprint(pkg);
      if (seen.get(packageId) === now) return [];
      seen.set(packageId, now);
      return [{ packageId, pkg }];
    } catch (error) {
      if (!isGone(error)) throw error;
      return [{ packageId, pkg: undefined }];
    }
  };

  return async (signal: AbortSignal): Promise<PollResult<PackageChange>> => {
    const { ids } = watched;
    for (const packageId of seen.keys()) if (!ids.includes(packageId)) seen.delete(packageId);
    const looks = await Promise.allSettled(ids.map((packageId) => look(packageId, signal)));
    const changes = looks.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const failed = looks.find((result) => result.status === 'rejected');
    // One package that cannot be read now does not hold up the others; it is looked at again with the next poll.
    if (failed && looks.every((result) => result.status === 'rejected')) throw failed.reason;
    return { changes, busy: ids.length > 0, startsAnew: false };
  };
}
