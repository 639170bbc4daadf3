import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';
import { vendorText } from '../../../transport/source-error.ts';
import type { WatchFolderComponent, WatchFolderHealth, WatchFolderState } from '../types.ts';
import { code, count, date, jsonObject, text } from '../wire.ts';

/** The JSON of `/v3/watchfolders` (aspera-node-api.md §6). */

export const watchFolderIds = fromSchema(z.object({ ids: z.array(z.string()) }), ({ ids }) => ids);

export const createdId = fromSchema(z.object({ id: code.pipe(z.string()) }), ({ id }) => id);

const location = z.object({
  host: text,
  port: count,
  authentication: z.object({ type: text, user: text, pass: text, keypath: text }).nullish(),
});
export type WireLocation = z.output<typeof location>;

const end = z.object({ path: text, location: location.nullish() }).nullish();

/** Both forms: that of 2017_10_23, and the older one with `source_dir`, `target_dir` and `transport`. */
const configuration = z
  .object({
    source: end,
    target: end,
    source_dir: text,
    target_dir: text,
    transport: z.object({ host: text, user: text }).nullish(),
    cool_off: text,
    snapshot_creation_period: text,
    watchd: z.object({ scan_period: text }).nullish(),
  })
  .refine(({ source, source_dir }) => (source ?? source_dir) != null);
export type WireWatchFolder = z.output<typeof configuration>;

export const watchFolderConfig = fromSchema(configuration, (read) => read);

/** Only HEALTHY and UNKNOWN are sampled; what a node calls everything else is not public (§6). */
function healthOf(word: string | undefined): WatchFolderHealth {
  if (word === undefined || word === 'UNKNOWN') return 'UNKNOWN';
  return word === 'HEALTHY' ? 'HEALTHY' : 'IMPAIRED';
}

const component = z.object({ state: text, state_changed_at: date, last_error: text, last_error_at: date });

const componentOf = (name: string, one: z.output<typeof component>): WatchFolderComponent => ({
  name,
  health: healthOf(one.state),
  vendorState: one.state,
  changedAt: one.state_changed_at,
  lastError: one.last_error === undefined ? undefined : vendorText(one.last_error),
  lastErrorAt: one.last_error_at,
});

const statistics = z.object({
  files_transferred: count,
  files_succeeded: count,
  files_failed: count,
  files_skipped: count,
  files_ignored: count,
  files_disappeared_before_cool_off: count,
  bytes_completed: count,
  bytes_written: count,
});

export const watchFolderState = fromSchema(
  z.object({ state: z.string(), statistics: statistics.nullish(), components: jsonObject }),
  (state): WatchFolderState => {
    const counts = state.statistics;
    return {
      health: healthOf(state.state),
      vendorState: state.state,
      statistics: {
        filesTransferred: counts?.files_transferred,
        filesSucceeded: counts?.files_succeeded,
        filesFailed: counts?.files_failed,
        filesSkipped: counts?.files_skipped,
        filesIgnored: counts?.files_ignored,
        filesDisappeared: counts?.files_disappeared_before_cool_off,
        bytesCompleted: counts?.bytes_completed,
        bytesWritten: counts?.bytes_written,
      },
      components: Object.entries(state.components ?? {}).flatMap(([name, value]) => {
        const parsed = component.safeParse(value);
        return parsed.success ? [componentOf(name, parsed.data)] : [];
      }),
    };
  },
);
