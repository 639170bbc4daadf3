import type { FaspexLoaders, FaspexSource } from '../sources/faspex/source.ts';
import { SourceError } from '../transport/source-error.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import { createChangedPackages } from './changed-packages.ts';
import { type PackageChange, type PackageReadings, packageStateOf } from './package-readings.ts';
import type { PollResult } from './topic.ts';
import type { Watched } from './watchers.ts';

/** The state of a package as a list would show it; undefined before it has been read. */
function knownState(readings: PackageReadings, packageId: string): string | undefined {
  const known = readings.known(packageId);
  return known && packageStateOf(known.pkg);
}

/** Reads how far an upload has come. A server that does not say so now may say it a moment later. */
async function readUpload(readings: PackageReadings, loaders: FaspexLoaders, packageId: string): Promise<void> {
  try {
    readings.noteUpload(packageId, await loaders.uploadDetails.load(packageId));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
}

/**
 * Looks at the watched packages of one identity and tells those that have changed, however many watch them. Faspex tells
 * nothing by itself: where many are watched, the list of what has changed says which of them have to be read, and how
 * far an upload has come is asked for each package that is watched while it uploads (aspera-apps-api.md §5.1, §5.4,
 * part E 12 and 13).
 */
export function createPackagePoll(
  source: FaspexSource,
  identity: UpstreamIdentity,
  readings: PackageReadings,
  now?: () => number,
) {
  const changedPackages = createChangedPackages(now);
  return async (signal: AbortSignal, watched: Watched): Promise<PollResult<PackageChange>> => {
    const ids = [...watched.ids()];
    const client = source.open({ identity, signal });
    // Loaders ask for six at a time. They live for this poll alone, so each poll reads anew.
    const loaders = source.createLoaders(client);
    const toRead = await changedPackages.among(client, ids, (packageId) => knownState(readings, packageId));
    const look = async (packageId: string) => {
      await readings.look(packageId, () => loaders.package.load(packageId));
      changedPackages.noteRead(packageId);
    };
    const looks = await Promise.allSettled(toRead.map(look));
    const failed = looks.find((result) => result.status === 'rejected');
    if (failed && looks.every((result) => result.status === 'rejected')) throw failed.reason;
    const uploading = ids.filter((packageId) => readings.known(packageId)?.pkg?.status === 'UPLOADING');
    await Promise.all(uploading.map((packageId) => readUpload(readings, loaders, packageId)));
    // One package that cannot be read does not hold up the others, but the server is given more time.
    return { changes: readings.takeChanges(ids), busy: failed === undefined && ids.length > 0, startsAnew: false };
  };
}
