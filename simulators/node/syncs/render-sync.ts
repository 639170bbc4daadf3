import type { BandwidthLog } from '../activity/bandwidth.ts';
import { type Fields, present } from '../fields.ts';
import { isoSeconds } from '../info.ts';
import type { SyncJob } from './sync-job.ts';

/*
 * [GUESS] All members here but `snid`, `name`, `local_dir`, `remote_dir`, `fnid` and `data` are ours: the inside of
 * the answers of `/asyncs` and `/async` is not publicly sampled (aspera-node-api.md §6, §11).
 */

const optionalTime = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : isoSeconds(milliseconds);

export const renderState = ({ progress }: SyncJob): Fields =>
  present({
    state: progress.state,
    started_at: optionalTime(progress.startedMs),
    ended_at: optionalTime(progress.endedMs),
    error_code: progress.error?.code,
    error_desc: progress.error?.message,
  });

export const renderSummary = (job: SyncJob): Fields => ({
  snid: job.snid,
  name: job.config.name,
  local_dir: job.config.local.path,
  remote_dir: job.config.remote.path,
  remote_host: job.config.remote.host,
  remote_user: job.config.remote.user,
  direction: job.config.direction,
  mode: job.config.mode,
  ...renderState(job),
});

export function renderCounters(job: SyncJob): Fields {
  const files = job.files();
  const count = (status: string) => files.filter((file) => file.status === status).length;
  const { progress } = job;
  return {
    passes: progress.passes,
    files_total: files.length,
    files_synchronized: count('synchronized'),
    files_pending: count('pending'),
    files_error: count('error'),
    files_transferred: progress.filesMoved,
    files_skipped: progress.filesSkipped,
    bytes_transferred: progress.bytesMoved,
  };
}

export interface SyncFileQuery {
  readonly skip: number;
  readonly count: number;
  readonly filename: string | undefined;
  readonly status: string | undefined;
}

export const renderFiles = (job: SyncJob, { skip, count, filename, status }: SyncFileQuery): readonly Fields[] =>
  job
    .files()
    .filter((file) => filename === undefined || file.name.includes(filename))
    .filter((file) => status === undefined || file.status === status)
    .slice(skip, skip + count)
    .map((file) => ({
      fnid: file.fnid,
      path: file.name,
      size: file.size,
      mtime: isoSeconds(file.modifiedMs),
      status: file.status,
    }));

/** The rates of the job's transfers over the last seconds: seconds since 1970 and kilobits per second. */
export function renderBandwidth(job: SyncJob, log: BandwidthLog, sinceMs: number): readonly Fields[] {
  const ids = new Set(job.progress.transferIds);
  return log
    .since(0)
    .filter(({ record }) => ids.has(record.id))
    .flatMap(({ points }) => points)
    .filter(({ atMs }) => atMs >= sinceMs)
    .map(({ atMs, kbps }) => ({ time: atMs / 1000, rate: kbps }));
}
