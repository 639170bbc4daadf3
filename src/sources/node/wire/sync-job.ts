import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';
import { publicJson } from '../../../transfer-spec/public-json.ts';
import { isJsonObject, type JsonObject } from '../../../transfer-spec/transfer-spec.ts';
import { vendorText } from '../../../transport/source-error.ts';
import type { SyncDirection } from '../types/transfer-spec.ts';
import type { SyncJobCounters, SyncJobFile, SyncJobState, SyncJobStatus, SyncMode, SyncSummary } from '../types.ts';
import { code, count, text } from '../wire.ts';

/**
 * The JSON of `/asyncs` and `/async` (aspera-node-api.md §6) and of a configuration (the vendor's sync-conf schema).
 * [GUESS] Inside the answers only `snid`, `name`, `local_dir`, `remote_dir` and `fnid` are known. Every other member
 * is read under the likeliest names and may be missing; `details` has whatever the node really said.
 */

const id = code.pipe(z.string());

export const syncIds = fromSchema(z.object({ ids: z.array(id) }), ({ ids }) => ids);

export const statisticsIds = fromSchema(z.object({ sync_ids: z.array(id) }), ({ sync_ids }) => sync_ids);

const object = z.custom<JsonObject>(isJsonObject);

/** An object read twice: the members that are known, and the whole of it without secrets. */
const withDetails = <T extends z.ZodType>(members: T) =>
  object.transform((raw, context): { known: z.output<T>; details: JsonObject } => {
    const read = members.safeParse(raw);
    if (read.success) return { known: read.data, details: publicJson(raw) };
    for (const { path, message } of read.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

const directions: Readonly<Record<string, SyncDirection>> = { push: 'PUSH', pull: 'PULL', bidi: 'BOTH' };
const modes: Readonly<Record<string, SyncMode>> = { one_time: 'ONE_TIME', continuous: 'CONTINUOUS' };

/** Defaults are those of the vendor's schema: push, one_time. */
const configuration = withDetails(
  z.object({
    name: text,
    direction: text,
    mode: text,
    local: z.object({ path: text }).nullish(),
    remote: z.object({ host: text, user: text, path: text }).nullish(),
  }),
).transform(({ known: { name, direction = 'push', mode = 'one_time', local, remote }, details }) => ({
  name,
  direction: directions[direction],
  mode: modes[mode],
  localPath: local?.path,
  remotePath: remote?.path,
  remoteHost: remote?.host,
  remoteUser: remote?.user,
  config: details,
}));

export const syncConfiguration = fromSchema(configuration, (read) => read);

export const syncJob = fromSchema(z.object({ configuration }), (job) => job.configuration);

const statuses: Readonly<Record<string, SyncJobStatus>> = {
  stopped: 'STOPPED',
  running: 'RUNNING',
  completed: 'COMPLETED',
  error: 'FAILED',
  failed: 'FAILED',
};

export const syncJobState = fromSchema(
  withDetails(z.object({ state: text, status: text, error_desc: text })),
  ({ known: { state, status, error_desc }, details }): SyncJobState => {
    const word = state ?? status;
    return {
      status: statuses[word?.toLowerCase() ?? ''] ?? 'UNKNOWN',
      vendorState: word,
      error: error_desc === undefined ? undefined : vendorText(error_desc),
      details,
    };
  },
);

const counters = z.object({
  files_total: count,
  files_synchronized: count,
  files_pending: count,
  files_error: count,
  bytes_transferred: count,
});

export const syncJobCounters = fromSchema(
  withDetails(counters),
  ({ known, details }): SyncJobCounters => ({
    filesTotal: known.files_total,
    filesSynchronized: known.files_synchronized,
    filesPending: known.files_pending,
    filesFailed: known.files_error,
    bytesTransferred: known.bytes_transferred,
    details,
  }),
);

export const syncJobFile = fromSchema(
  withDetails(z.object({ path: text, size: count, status: text })),
  ({ known: { path, size, status }, details }): SyncJobFile => ({
    path,
    sizeBytes: size,
    vendorStatus: status,
    details,
  }),
);

export const syncJobFiles = fromSchema(z.object({ files: z.array(z.unknown()) }), ({ files }) => files);

export const syncSummary = fromSchema(
  withDetails(z.object({ snid: id, name: text, local_dir: text, remote_dir: text })),
  ({ known: { snid, name, local_dir, remote_dir }, details }): SyncSummary => ({
    snid,
    name,
    localPath: local_dir,
    remotePath: remote_dir,
    details,
  }),
);

export const syncSummaries = fromSchema(
  z.object({ sync_summaries: z.array(z.unknown()) }),
  ({ sync_summaries }) => sync_summaries,
);
