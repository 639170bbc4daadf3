import { list, type Members, membersOf, optional, requiredText, text } from '../../reading/members.ts';
import type { Reader } from '../../reading/reader.ts';
import { dateTime } from './date-time.ts';
import { count, flag, id, requiredId } from './members.ts';
import { recipientType } from './recipient-type.ts';
import { packageStatus } from './status.ts';
import type {
  FaspexExpirationPolicy,
  FaspexPackage,
  FaspexPerson,
  FaspexRecipient,
  FaspexReleasePolicy,
} from './types.ts';

/**
 * GetPackage and the items of all package lists; lists of groups leave out state, status and more (aspera-apps-api.md
 * §5.2). Lists of packages are what is asked for most, so they are read by hand (docs/performance.md). Members are read
 * in the order of the contract: of several that are wrong the first is named.
 */

const releasePolicies: ReadonlyMap<string | undefined, FaspexReleasePolicy> = new Map([
  ['now', 'NOW'],
  ['later', 'LATER'],
  ['on_date', 'ON_DATE'],
]);

const expirationPolicies: ReadonlyMap<string | undefined, FaspexExpirationPolicy> = new Map([
  ['none', 'NONE'],
  ['delete_after_any_download', 'DELETE_AFTER_ANY_DOWNLOAD'],
  ['delete_after_all_download', 'DELETE_AFTER_ALL_DOWNLOAD'],
  ['delete_after_expiration_date', 'DELETE_AFTER_EXPIRATION_DATE'],
]);

const date = (value: unknown, name: string) => dateTime(text(value, name));

const readPerson: Reader<FaspexPerson> = (value) => {
  const person = membersOf(value);
  return {
    userId: id(person.id, 'id'),
    name: text(person.name, 'name'),
    firstName: text(person.first_name, 'first_name'),
    lastName: text(person.last_name, 'last_name'),
    email: text(person.email, 'email'),
  };
};

const readRecipient: Reader<FaspexRecipient> = (value) => {
  const recipient = membersOf(value);
  return {
    recipientId: id(recipient.id, 'id'),
    name: text(recipient.name, 'name'),
    firstName: text(recipient.first_name, 'first_name'),
    lastName: text(recipient.last_name, 'last_name'),
    email: text(recipient.email, 'email'),
    recipientType: recipientType(text(recipient.recipient_type, 'recipient_type')),
    vendorStatus: text(recipient.status, 'status'),
    archived: flag(recipient.archived, 'archived') ?? false,
  };
};

const none: Members = Object.freeze({});

/** Values of the sender's form, whatever they are. `__proto__` is nobody's field. */
function readMetadata(value: unknown): Members {
  if (value === undefined || value === null) return none;
  const metadata = optional(value, 'metadata', membersOf) ?? none;
  if (!Object.hasOwn(metadata, '__proto__')) return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== '__proto__'));
}

export const readPackage: Reader<FaspexPackage> = (value) => {
  const pkg = membersOf(value);
  const packageId = requiredId(pkg.id, 'id');
  const uuid = text(pkg.package_uuid, 'package_uuid');
  const title = requiredText(pkg.title, 'title');
  const note = text(pkg.note, 'note');
  const message = text(pkg.message, 'message');
  const state = text(pkg.state, 'state');
  const vendorStatus = text(pkg.status, 'status');
  const uploadStatus = text(pkg.upload_status, 'upload_status');
  return {
    packageId,
    uuid,
    title,
    // Servers were seen to answer `note` where the OpenAPI document has `message` (aspera-apps-api.md part F).
    note: note ?? message,
    status: packageStatus(state, vendorStatus, uploadStatus),
    vendorStatus,
    state,
    uploadStatus,
    sender: optional(pkg.sender, 'sender', readPerson),
    recipients: list(pkg.recipients, 'recipients', readRecipient),
    privateRecipients: list(pkg.private_recipients, 'private_recipients', readRecipient),
    createdAt: date(pkg.created_time, 'created_time'),
    modifiedAt: date(pkg.last_modified, 'last_modified'),
    uploadedAt: date(pkg.upload_completion_time, 'upload_completion_time'),
    releasePolicy: releasePolicies.get(text(pkg.release_policy, 'release_policy')),
    releasedAt: date(pkg.release_date, 'release_date'),
    expirationPolicy: expirationPolicies.get(text(pkg.expiration_policy, 'expiration_policy')),
    expiresAt: date(pkg.expiration_date, 'expiration_date'),
    sizeBytes: count(pkg.total_bytes, 'total_bytes'),
    fileCount: count(pkg.total_files, 'total_files'),
    downloadLimit: count(pkg.download_limit, 'download_limit'),
    downloadCount: count(pkg.completed_download_count, 'completed_download_count'),
    activeDownloadCount: count(pkg.active_download_count, 'active_download_count'),
    partialDownloadCount: count(pkg.completed_partial_download_count, 'completed_partial_download_count'),
    metadata: readMetadata(pkg.metadata),
    encryptedAtRest: flag(pkg.ear_enabled, 'ear_enabled'),
    httpDownloadPrevented: flag(pkg.prevent_http_download, 'prevent_http_download'),
    archived: flag(pkg.archived, 'archived'),
    filesOnServer: text(pkg.files_on_server, 'files_on_server'),
    downloadAvailability: text(pkg.download_availability, 'download_availability'),
    fileProcessingStatus: text(pkg.file_processing_status, 'file_processing_status'),
    fileProcessingMessage: text(pkg.file_processing_msg, 'file_processing_msg'),
    errorDescription: text(pkg.error_desc, 'error_desc'),
  };
};
