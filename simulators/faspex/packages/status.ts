import type { Package, PackageState, UploadStatus } from '../package.ts';

const statusOfUpload: Readonly<Record<UploadStatus, string>> = {
  submitted: 'starting',
  queued: 'uploading',
  transferring: 'transferring',
  paused: 'paused',
  stopped: 'paused',
  timed_out: 'failed',
  will_retry: 'failed',
  error: 'failed',
  failed: 'failed',
  completed: 'uploaded_for_processing',
  pre_initiation: 'pre_initiation',
};

const statusOfState: Readonly<Record<Exclude<PackageState, 'held'>, string>> = {
  transient_file_processing: 'uploaded_for_file_processing',
  transient_held_to_released_start: 'processing',
  transient_held_to_released_routing_packages: 'checking_relays',
  transient_held_to_released_finish: 'relaying',
  released: 'completed',
  transient_released_to_expired: 'expiring',
  // The table has no word of its own for the state `expired`; it stands in the row of `expiring`.
  expired: 'expiring',
  transient_held_to_deleted: 'deleting',
  transient_released_to_deleted: 'deleting',
  transient_expired_to_deleted: 'deleting',
  deleted: 'deleted',
  file_processing_failed: 'file_processing_failed',
  file_processing_timeout: 'file_processing_timed_out',
};

/** The status that Faspex shows for a package (IBM “package states and statuses”, aspera-apps-api.md §5.2). */
export const statusOf = ({ state, uploadStatus }: Package): string =>
  state === 'held' ? statusOfUpload[uploadStatus] : statusOfState[state];

export const isDeleted = ({ state }: Package): boolean => state === 'deleted' || state.endsWith('_to_deleted');

export const isExpired = ({ state }: Package): boolean =>
  state === 'expired' || state === 'transient_released_to_expired';

/** Whether recipients may know of the package: not before its release date, never while its release is withheld. */
export const isRevealed = (pkg: Package, now: number): boolean =>
  pkg.releasePolicy === 'now' ||
  (pkg.releasePolicy === 'on_date' && pkg.releaseDate !== undefined && pkg.releaseDate <= now);

export function downloadAvailability(pkg: Package): 'full' | 'partial' | 'not_available' {
  if (pkg.state === 'released') return 'full';
  return pkg.state === 'held' && pkg.upload.bytesWritten > 0 ? 'partial' : 'not_available';
}

export function filesOnServer(pkg: Package): 'no' | 'yes' | 'partial' | 'deleted' | 'deleting' {
  if (pkg.state === 'deleted') return 'deleted';
  if (isDeleted(pkg)) return 'deleting';
  if (pkg.uploadStatus === 'completed') return 'yes';
  return pkg.upload.bytesWritten > 0 ? 'partial' : 'no';
}
