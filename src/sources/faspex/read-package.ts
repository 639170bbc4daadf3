import type { z } from 'zod';
import { packageStatus } from './status.ts';
import type {
  FaspexDownloadDetails,
  FaspexDownloader,
  FaspexEvent,
  FaspexExpirationPolicy,
  FaspexFile,
  FaspexFileType,
  FaspexPackage,
  FaspexPerson,
  FaspexRecipient,
  FaspexRecipientType,
  FaspexReleasePolicy,
  FaspexUploadDetails,
} from './types.ts';
import type { wireDownloadDetails, wireEvent, wireFile, wirePackage, wireUploadDetails } from './wire.ts';

type WirePackage = z.output<typeof wirePackage>;
type WireRecipient = WirePackage['recipients'][number];
type WirePerson = z.output<typeof wireEvent>['user'][number];
type WireDownloader = z.output<typeof wireDownloadDetails>['full_downloads'][number];

/** Offsets come without a colon (`+0000`, aspera-apps-api.md §1), which RFC 3339 does not allow. */
export const dateTime = (value: string | undefined): string | undefined =>
  value?.replace(/(:\d\d(?:\.\d+)?)([+-]\d\d)(\d\d)$/, '$1$2:$3').replace(/\+00:00$/, 'Z');

/** Percent to 0..1. */
export const share = (percent: number | undefined): number | undefined =>
  percent === undefined ? undefined : Math.min(1, Math.max(0, percent / 100));

const recipientTypes: Readonly<Record<string, FaspexRecipientType>> = {
  user: 'USER',
  external_user: 'EXTERNAL_USER',
  workgroup: 'WORKGROUP',
  shared_inbox: 'SHARED_INBOX',
  distribution_list: 'DISTRIBUTION_LIST',
};

/** The vendor's default is `user`. */
export const recipientType = (value: string | undefined): FaspexRecipientType =>
  recipientTypes[value ?? 'user'] ?? 'OTHER';

const releasePolicies: Readonly<Record<string, FaspexReleasePolicy>> = {
  now: 'NOW',
  later: 'LATER',
  on_date: 'ON_DATE',
};

const expirationPolicies: Readonly<Record<string, FaspexExpirationPolicy>> = {
  none: 'NONE',
  delete_after_any_download: 'DELETE_AFTER_ANY_DOWNLOAD',
  delete_after_all_download: 'DELETE_AFTER_ALL_DOWNLOAD',
  delete_after_expiration_date: 'DELETE_AFTER_EXPIRATION_DATE',
};

const fileTypes: Readonly<Record<string, FaspexFileType>> = {
  file: 'FILE',
  directory: 'DIRECTORY',
  symbolic_link: 'SYMBOLIC_LINK',
};

const readPerson = (person: WirePerson): FaspexPerson => ({
  userId: person.id ?? undefined,
  name: person.name,
  firstName: person.first_name,
  lastName: person.last_name,
  email: person.email,
});

const readRecipient = (recipient: WireRecipient): FaspexRecipient => ({
  recipientId: recipient.id ?? undefined,
  recipientType: recipientType(recipient.recipient_type),
  name: recipient.name,
  firstName: recipient.first_name,
  lastName: recipient.last_name,
  email: recipient.email,
  vendorStatus: recipient.status,
  archived: recipient.archived ?? false,
});

const readPolicies = (pkg: WirePackage) => ({
  releasePolicy: releasePolicies[pkg.release_policy ?? ''],
  releasedAt: dateTime(pkg.release_date),
  expirationPolicy: expirationPolicies[pkg.expiration_policy ?? ''],
  expiresAt: dateTime(pkg.expiration_date),
  downloadLimit: pkg.download_limit,
});

export const readPackage = (pkg: WirePackage): FaspexPackage => ({
  packageId: pkg.id,
  uuid: pkg.package_uuid,
  title: pkg.title,
  // Servers were seen to answer `note` where the OpenAPI document has `message` (aspera-apps-api.md part F).
  note: pkg.note ?? pkg.message,
  status: packageStatus(pkg.state, pkg.status, pkg.upload_status),
  vendorStatus: pkg.status,
  state: pkg.state,
  uploadStatus: pkg.upload_status,
  sender: pkg.sender ? readPerson(pkg.sender) : undefined,
  recipients: pkg.recipients.map(readRecipient),
  privateRecipients: pkg.private_recipients.map(readRecipient),
  createdAt: dateTime(pkg.created_time),
  modifiedAt: dateTime(pkg.last_modified),
  uploadedAt: dateTime(pkg.upload_completion_time),
  ...readPolicies(pkg),
  sizeBytes: pkg.total_bytes,
  fileCount: pkg.total_files,
  downloadCount: pkg.completed_download_count,
  activeDownloadCount: pkg.active_download_count,
  partialDownloadCount: pkg.completed_partial_download_count,
  metadata: pkg.metadata ?? {},
  encryptedAtRest: pkg.ear_enabled,
  httpDownloadPrevented: pkg.prevent_http_download,
  archived: pkg.archived,
  filesOnServer: pkg.files_on_server,
  downloadAvailability: pkg.download_availability,
  fileProcessingStatus: pkg.file_processing_status,
  fileProcessingMessage: pkg.file_processing_msg,
  errorDescription: pkg.error_desc,
});

/** Seconds in every answer that was seen; the contract names no unit (aspera-apps-api.md §5.4). */
const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);

export const readUploadDetails = (details: z.output<typeof wireUploadDetails>): FaspexUploadDetails => ({
  uploadStatus: details.upload_status,
  progress: share(details.percentage_complete),
  startedAt: dateTime(details.start_time),
  completedAt: dateTime(details.completion_time),
  writtenBytes: details.bytes_written,
  totalBytes: details.bytes_total,
  elapsedMs: milliseconds(details.time_elapsed),
  remainingMs: milliseconds(details.time_remaining),
});

const readDownloader = (downloader: WireDownloader): FaspexDownloader => ({
  ...readPerson(downloader),
  count: downloader.count,
  progress: share(downloader.progress_percentage_complete),
});

export const readDownloadDetails = (details: z.output<typeof wireDownloadDetails>): FaspexDownloadDetails => ({
  receipts: details.all_downloads.map((receipt) => ({
    ...readPerson(receipt),
    address: receipt.ip,
    startedAt: dateTime(receipt.start),
    endedAt: dateTime(receipt.stop),
    vendorType: receipt.type,
  })),
  complete: details.full_downloads.map(readDownloader),
  partial: details.partial_downloads.map(readDownloader),
  active: details.active_downloads.map(readDownloader),
});

export const readFile = (file: z.output<typeof wireFile>): FaspexFile => ({
  path: file.path,
  name: file.basename ?? file.path.slice(file.path.lastIndexOf('/') + 1),
  fileType: fileTypes[file.type ?? ''] ?? 'OTHER',
  sizeBytes: file.size,
  modifiedAt: dateTime(file.mtime),
  permissions: file.permissions.map((permission) => permission.name),
});

export const readEvent = (event: z.output<typeof wireEvent>): FaspexEvent => ({
  eventId: event.id,
  createdAt: dateTime(event.created_at),
  eventType: event.event_type,
  message: event.message,
  application: event.application,
  packageId: event.package_id ?? undefined,
  packageName: event.package_name,
  fileName: event.file_name,
  value: event.event_value,
  previousValue: event.event_value_old,
  users: event.user.map(readPerson),
});
