import { rm, rmdir } from 'node:fs/promises';
import type { Hello } from './message.ts';
import type { Entry } from './scan-sources.ts';

/**
 * Deletes what was sent: the files, and with `folders` also the folders that are empty then, the innermost first
 * (transfer spec `remove_after_transfer`, `remove_empty_directories`, `delete_source`).
 */
export async function removeSources(entries: readonly Entry[], what: Hello['removeSources']): Promise<void> {
  if (what === 'nothing') return;
  for (const { place, isFolder } of entries) if (!isFolder) await rm(place, { force: true });
  if (what === 'files') return;
  for (const { place, isFolder } of entries.toReversed()) {
    // A folder that is not empty, because somebody put something there meanwhile, stays.
    if (isFolder) await rmdir(place).catch(() => undefined);
  }
}
