/** A package and what hangs on it (aspera-apps-api.md §5.2). Times are milliseconds since 1970. */

export type PackageState =
  | 'held'
  | 'released'
  | 'expired'
  | 'deleted'
  | 'file_processing_failed'
  | 'file_processing_timeout'
  | 'transient_file_processing'
  | 'transient_held_to_released_start'
  | 'transient_held_to_released_routing_packages'
  | 'transient_held_to_released_finish'
  | 'transient_held_to_deleted'
  | 'transient_released_to_expired'
  | 'transient_released_to_deleted'
  | 'transient_expired_to_deleted';

export type UploadStatus =
  | 'submitted'
  | 'queued'
  | 'transferring'
  | 'paused'
  | 'stopped'
  | 'will_retry'
  | 'error'
  | 'failed'
  | 'timed_out'
  | 'completed'
  | 'pre_initiation';

export type ReleasePolicy = 'now' | 'on_date' | 'later';
export type ExpirationPolicy =
  | 'none'
  | 'delete_after_any_download'
  | 'delete_after_all_download'
  | 'delete_after_expiration_date';

/** One recipient: a user, or a group whose members with at least standard access receive the package. */
export interface Delivery {
  readonly kind: 'user' | 'workgroup' | 'shared_inbox';
  readonly id: string;
  readonly isPrivate: boolean;
  /** Ids of the users who have put it away. */
  readonly archivedBy: Set<string>;
}

export interface UploadProgress {
  startedAt: number | undefined;
  completedAt: number | undefined;
  bytesWritten: number;
  bytesTotal: number;
}

export interface Download {
  readonly grantId: string;
  readonly userId: string;
  readonly isPartial: boolean;
  readonly startedAt: number;
  stoppedAt: number | undefined;
  ip: string;
  status: 'active' | 'completed' | 'failed';
  percentage: number;
  secondsLeft: number;
}

export type PackageEventType =
  | 'package_sent'
  | 'package_updated'
  | 'package_archived'
  | 'package_deleted'
  | 'file_processing_failed';

export interface PackageEvent {
  readonly id: string;
  readonly at: number;
  readonly type: PackageEventType;
  readonly userId: string | undefined;
}

export interface ProcessedFile {
  readonly id: string;
  readonly name: string;
  readonly status: 'to_be_processed' | 'processing' | 'processing_completed' | 'processing_failed';
}

/** What the sender fixed at creation. */
export interface PackageOptions {
  readonly earEnabled: boolean;
  readonly obfuscationEnabled: boolean;
  readonly preventHttpDownload: boolean;
  readonly downloadLimit: number | undefined;
  readonly notifiedOnUpload: readonly string[];
  readonly notifiedOnDownload: readonly string[];
  readonly notifiedOnReceipt: readonly string[];
}

export interface Package {
  readonly id: string;
  readonly uuid: string;
  readonly title: string;
  readonly note: string;
  readonly senderId: string;
  readonly deliveries: readonly Delivery[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly options: PackageOptions;
  readonly createdAt: number;
  modifiedAt: number;
  /** Folder on the storage node, and that of the files in it; a forwarded package shares those of its original. */
  readonly folder: string;
  readonly content: string;
  state: PackageState;
  stateSince: number;
  uploadStatus: UploadStatus;
  readonly upload: UploadProgress;
  /** When anything of the upload was last seen: creation, a transfer spec, a change on the node. */
  uploadSeenAt: number;
  releasePolicy: ReleasePolicy;
  releaseDate: number | undefined;
  expirationPolicy: ExpirationPolicy;
  expirationDate: number | undefined;
  totalBytes: number;
  totalFiles: number;
  errorDescription: string;
  isArchivedBySender: boolean;
  readonly downloads: Download[];
  readonly events: PackageEvent[];
  processedFiles: readonly ProcessedFile[];
  processingMessage: string | null;
  /** A fault switch has decided that file processing will fail. */
  failsProcessing: boolean;
  /** Seed data that shows a passing state: time does not move it until somebody acts on it. */
  isFrozen: boolean;
}
