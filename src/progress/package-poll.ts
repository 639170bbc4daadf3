import type { FaspexSource } from '../sources/faspex/source.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import type { PackageChange, PackageReadings } from './package-readings.ts';
import type { PollResult } from './topic.ts';
import type { Watched } from './watchers.ts';

/**
 * Looks at the watched packages of one identity and tells those that have changed: one upstream call for each package,
 * however many watch it, and six at a time at most. Faspex tells nothing by itself, and no list of it can be asked for
 * certain packages (aspera-apps-api.md §5.1, part E 12 and 13).
 */
export function createPackagePoll(source: FaspexSource, identity: UpstreamIdentity, readings: PackageReadings) {
  return async (signal: AbortSignal, watched: Watched): Promise<PollResult<PackageChange>> => {
    const ids = [...watched.ids()];
    // Loaders ask for six at a time. They live for this poll alone, so each poll reads anew.
    const loaders = source.createLoaders(source.open({ identity, signal }));
    const looks = await Promise.allSettled(ids.map((id) => readings.look(id, () => loaders.package.load(id))));
    const failed = looks.find((result) => result.status === 'rejected');
    if (failed && looks.every((result) => result.status === 'rejected')) throw failed.reason;
    // One package that cannot be read does not hold up the others, but the server is given more time.
    return { changes: readings.takeChanges(ids), busy: failed === undefined && ids.length > 0, startsAnew: false };
  };
}
