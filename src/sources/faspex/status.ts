import type { FaspexPackageStatus } from './types.ts';

/** Statuses as people see them (aspera-apps-api.md §5.2, column "status shown"). */
const byStatus: ReadonlyMap<string, FaspexPackageStatus> = new Map([
  ['pre_initiation', 'STARTING'],
  ['starting', 'STARTING'],
  ['uploading', 'UPLOADING'],
  ['transferring', 'UPLOADING'],
  ['paused', 'PAUSED'],
  ['uploaded_for_processing', 'PROCESSING'],
  ['uploaded_for_file_processing', 'PROCESSING'],
  ['processing', 'PROCESSING'],
  ['checking_relays', 'PROCESSING'],
  ['relaying', 'PROCESSING'],
  ['completed', 'AVAILABLE'],
  ['expiring', 'EXPIRED'],
  ['deleting', 'DELETING'],
  ['deleted', 'DELETED'],
  ['failed', 'FAILED'],
  ['file_processing_failed', 'FAILED'],
  ['file_processing_timed_out', 'FAILED'],
  ['incorrect_transfer_spec', 'FAILED'],
]);

/** States that settle the matter whatever the statuses say. */
const byState: ReadonlyMap<string, FaspexPackageStatus> = new Map([
  ['expired', 'EXPIRED'],
  ['deleted', 'DELETED'],
  ['file_processing_failed', 'FAILED'],
  ['file_processing_timeout', 'FAILED'],
  ['incorrect_transfer_spec', 'FAILED'],
  ['transient_file_processing_needed', 'PROCESSING'],
  ['transient_file_processing', 'PROCESSING'],
  ['transient_held_to_released_start', 'PROCESSING'],
  ['transient_held_to_released_routing_packages', 'PROCESSING'],
  ['transient_held_to_released_finish', 'PROCESSING'],
  ['transient_held_to_expired', 'EXPIRED'],
  ['transient_released_to_expired', 'EXPIRED'],
]);

/** Lists of shared inboxes and workgroups have only this; `completed` in it does not mean available (§5.2). */
const byUploadStatus: ReadonlyMap<string, FaspexPackageStatus> = new Map([
  ['pre_initiation', 'STARTING'],
  ['submitted', 'STARTING'],
  ['queued', 'UPLOADING'],
  ['transferring', 'UPLOADING'],
  ['paused', 'PAUSED'],
  ['stopped', 'PAUSED'],
  ['timed_out', 'FAILED'],
  ['will_retry', 'FAILED'],
  ['error', 'FAILED'],
  ['failed', 'FAILED'],
]);

function fromState(state: string | undefined): FaspexPackageStatus | undefined {
  if (state === undefined) return undefined;
  return byState.get(state) ?? (state.endsWith('_to_deleted') ? 'DELETING' : undefined);
}

/**
 * One word for Faspex's state and statuses (aspera-apps-api.md §5.2). AVAILABLE only for a released package: a held
 * one whose files are complete is still being worked on.
 */
export function packageStatus(
  state: string | undefined,
  status: string | undefined,
  uploadStatus: string | undefined,
): FaspexPackageStatus {
  const settled = fromState(state);
  if (settled) return settled;
  const shown = status === undefined ? undefined : byStatus.get(status);
  if (shown === 'AVAILABLE' && state !== undefined && state !== 'released') return 'PROCESSING';
  if (shown) return shown;
  if (state === 'released') return 'AVAILABLE';
  const uploading = uploadStatus === undefined ? undefined : byUploadStatus.get(uploadStatus);
  if (uploading) return uploading;
  return state === 'held' && uploadStatus === 'completed' ? 'PROCESSING' : 'UNKNOWN';
}
