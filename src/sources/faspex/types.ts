import type { SourceError } from '../../transport/source-error.ts';

export type {
  FaspexAccount,
  FaspexContact,
  FaspexContactType,
  FaspexGroup,
  FaspexMember,
  FaspexMetadataProfile,
  FaspexRemoteTransfer,
  FaspexSharedFolder,
} from './directory-types.ts';

/** Part of a list, in the vendor's order. An item that could not be read is an error in its place. */
export interface Page<T, Next = number> {
  readonly items: readonly (T | SourceError)[];
  /** Where the next page starts; undefined when this is the last one. */
  readonly next: Next | undefined;
  /** How many there are in all; undefined when the server does not say. */
  readonly total: number | undefined;
}

/** Whether a source answers now. */
export interface SourceHealth {
  readonly reachable: boolean;
  /** Milliseconds that the answer took; undefined when there was none. */
  readonly latencyMs: number | undefined;
  /** Version of the server's software, e.g. `5.0.13`. */
  readonly version: string | undefined;
  /** What is wrong, in a sentence. */
  readonly detail: string | undefined;
  /** When the gateway's own token ends; it is renewed before. */
  readonly credentialExpiresAt: Date | undefined;
}

/** Faspex's own report on itself (`/health`). */
export interface FaspexHealth {
  readonly connected: boolean;
  readonly version: string | undefined;
}

/**
 * Which packages a list holds (aspera-apps-api.md §5.1). `…_HISTORY` are the archived ones, `…_ALL` includes what came
 * through shared inboxes and workgroups, `GLOBAL` is for global administrators, `ADMIN` every package of the server.
 */
export type FaspexMailbox =
  | 'INBOX'
  | 'INBOX_HISTORY'
  | 'INBOX_ALL'
  | 'INBOX_ALL_HISTORY'
  | 'OUTBOX'
  | 'OUTBOX_HISTORY'
  | 'PENDING'
  | 'PENDING_HISTORY'
  | 'ALL'
  | 'GLOBAL'
  | 'ADMIN';

/**
 * Where a package is in its life, one word for Faspex's state and two statuses (aspera-apps-api.md §5.2).
 * - `STARTING`: made, nothing sent yet; - `UPLOADING`: queued or transferring; - `PAUSED`: the upload rests;
 * - `PROCESSING`: uploaded, and being checked, relayed or post-processed; - `AVAILABLE`: recipients can receive it;
 * - `EXPIRED`, `DELETING`, `DELETED`: its files are going or gone; - `FAILED`: it will not become available as it is;
 * - `UNKNOWN`: the server does not tell.
 */
export type FaspexPackageStatus =
  | 'STARTING'
  | 'UPLOADING'
  | 'PAUSED'
  | 'PROCESSING'
  | 'AVAILABLE'
  | 'EXPIRED'
  | 'DELETING'
  | 'DELETED'
  | 'FAILED'
  | 'UNKNOWN';

export type FaspexReleasePolicy = 'NOW' | 'LATER' | 'ON_DATE';

export type FaspexExpirationPolicy =
  | 'NONE'
  | 'DELETE_AFTER_ANY_DOWNLOAD'
  | 'DELETE_AFTER_ALL_DOWNLOAD'
  | 'DELETE_AFTER_EXPIRATION_DATE';

/** Who or what a package can be sent to; `OTHER` is a kind that this gateway does not know. */
export type FaspexRecipientType =
  | 'USER'
  | 'EXTERNAL_USER'
  | 'WORKGROUP'
  | 'SHARED_INBOX'
  | 'DISTRIBUTION_LIST'
  | 'OTHER';

/** A person as Faspex names them beside a package, a download or an event. */
export interface FaspexPerson {
  /** Id of the user at Faspex; undefined where the server leaves it out. */
  readonly userId: string | undefined;
  /** Username; often the e-mail address. */
  readonly name: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly email: string | undefined;
}

/** Someone, or a group, to whom a package was sent. */
export interface FaspexRecipient {
  /** Id of the user, workgroup or shared inbox; needed to receive or browse a package in its name. */
  readonly recipientId: string | undefined;
  readonly recipientType: FaspexRecipientType;
  /** Username, e-mail address, or the name of the workgroup, inbox or list. */
  readonly name: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly email: string | undefined;
  /** `active`, `inactive` or `deleted`, in the vendor's words. */
  readonly vendorStatus: string | undefined;
  /** Whether this recipient has moved the package to their history. */
  readonly archived: boolean;
}

/** A package of Faspex: files under way to, or available for, its recipients. */
export interface FaspexPackage {
  readonly packageId: string;
  /** UUID of the package; part of its folder's name on the node, and of the tags of its transfers. */
  readonly uuid: string | undefined;
  readonly title: string;
  readonly note: string | undefined;
  readonly status: FaspexPackageStatus;
  /** The status that Faspex shows to people, e.g. `uploaded_for_processing`; lists of groups leave it out. */
  readonly vendorStatus: string | undefined;
  /** The package's state at Faspex, e.g. `held`, `released`. */
  readonly state: string | undefined;
  /** State of its upload alone, e.g. `transferring`; `completed` does not mean available. */
  readonly uploadStatus: string | undefined;
  readonly sender: FaspexPerson | undefined;
  readonly recipients: readonly FaspexRecipient[];
  /** Recipients that the others do not see; the server shows them to the sender and administrators only. */
  readonly privateRecipients: readonly FaspexRecipient[];
  readonly createdAt: string | undefined;
  readonly modifiedAt: string | undefined;
  readonly uploadedAt: string | undefined;
  readonly releasePolicy: FaspexReleasePolicy | undefined;
  readonly releasedAt: string | undefined;
  readonly expirationPolicy: FaspexExpirationPolicy | undefined;
  /** When its files are deleted; undefined when no date is set. */
  readonly expiresAt: string | undefined;
  /** Size of its files in bytes; 0 until the upload has been counted. */
  readonly sizeBytes: number | undefined;
  readonly fileCount: number | undefined;
  /** How often it may be downloaded; undefined when there is no limit. */
  readonly downloadLimit: number | undefined;
  /** Complete downloads so far. */
  readonly downloadCount: number | undefined;
  readonly activeDownloadCount: number | undefined;
  readonly partialDownloadCount: number | undefined;
  /** Values of the metadata fields of the sender's form. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Whether the files are stored encrypted. */
  readonly encryptedAtRest: boolean | undefined;
  /** Whether browsers may not download it through the HTTP Gateway. */
  readonly httpDownloadPrevented: boolean | undefined;
  /** Whether the caller has moved it to their history. */
  readonly archived: boolean | undefined;
  /** `no`, `yes`, `partial`, `deleted` or `deleting`, in the vendor's words. */
  readonly filesOnServer: string | undefined;
  /** `full`, `partial` or `not_available`, in the vendor's words. */
  readonly downloadAvailability: string | undefined;
  /** State of checks such as virus scans, in the vendor's words. */
  readonly fileProcessingStatus: string | undefined;
  readonly fileProcessingMessage: string | undefined;
  /** Why it failed, in the vendor's words. */
  readonly errorDescription: string | undefined;
}

/** The two kinds of groups that receive packages. */
export type FaspexGroupKind = 'SHARED_INBOX' | 'WORKGROUP';

/** Filters of package lists; each narrows the list. */
export interface FaspexPackageFilter {
  /** Text in title, recipients, senders or note. */
  readonly search?: string | undefined;
  /** The vendor's word, e.g. `completed` (the status of available packages). */
  readonly vendorStatus?: string | undefined;
  /** The vendor's word, e.g. `transferring`. */
  readonly uploadStatus?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly uploadedAfter?: Date | undefined;
  readonly uploadedBefore?: Date | undefined;
  /** Packages that changed on this day or later: Faspex compares days. */
  readonly changedSince?: Date | undefined;
  readonly workgroupIds?: readonly string[] | undefined;
  readonly sharedInboxIds?: readonly string[] | undefined;
  /** Leaves out deleted packages; only for the mailbox ADMIN. */
  readonly ignoreDeleted?: boolean | undefined;
  readonly releasePolicy?: FaspexReleasePolicy | undefined;
}

/** A recipient as it is named when a package is sent. */
export interface FaspexNewRecipient {
  /** Username, e-mail address, or the name of a workgroup, shared inbox or distribution list. */
  readonly name: string;
  /** A user when left out. */
  readonly recipientType?: Exclude<FaspexRecipientType, 'OTHER'> | undefined;
}

/** What a new or forwarded package needs (aspera-apps-api.md §5.3). */
export interface FaspexNewPackage {
  readonly title: string;
  readonly recipients: readonly FaspexNewRecipient[];
  readonly privateRecipients?: readonly FaspexNewRecipient[] | undefined;
  readonly note?: string | undefined;
  /** Values of metadata fields; needed where the server or the inbox has required ones. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly encryptAtRest?: boolean | undefined;
  readonly preventHttpDownload?: boolean | undefined;
  readonly downloadLimit?: number | undefined;
  readonly releasePolicy?: FaspexReleasePolicy | undefined;
  readonly releaseAt?: Date | undefined;
  readonly expirationPolicy?: FaspexExpirationPolicy | undefined;
  readonly expiresAt?: Date | undefined;
  readonly notifyOnUpload?: boolean | undefined;
  readonly notifyOnDownload?: boolean | undefined;
  readonly notifyOnReceipt?: boolean | undefined;
}

/** What a sender may change about a package; what is left out stays. */
export interface FaspexPackageChanges {
  readonly releasePolicy?: FaspexReleasePolicy | undefined;
  readonly releaseAt?: Date | undefined;
  readonly expirationPolicy?: FaspexExpirationPolicy | undefined;
  /** null removes the date. */
  readonly expiresAt?: Date | null | undefined;
}

/** How one package of several fared. */
export interface FaspexPackageDeletion {
  readonly packageId: string;
  /** Why it was not deleted; undefined when it was. */
  readonly error: SourceError | undefined;
}

/** In whose name a package is received or browsed; recent servers demand it (aspera-apps-api.md §5.5). */
export type FaspexRecipientChoice = { readonly recipientUserId: string } | { readonly recipientWorkgroupId: string };

/** Which side of a package: as its sender or as a recipient. */
export type FaspexDirection = 'RECEIVED' | 'SENT';

export type FaspexFileType = 'FILE' | 'DIRECTORY' | 'SYMBOLIC_LINK' | 'OTHER';

/** A file or folder inside a package or a shared folder. */
export interface FaspexFile {
  /** Path from the package's root, with a leading slash. */
  readonly path: string;
  readonly name: string;
  readonly fileType: FaspexFileType;
  /** Size in bytes; undefined for links, whose size the server leaves empty. */
  readonly sizeBytes: number | undefined;
  readonly modifiedAt: string | undefined;
  /** What the caller may do with it: `view`, `edit`, `delete`, in the vendor's words. */
  readonly permissions: readonly string[];
}

/** How the upload of a package is going. */
export interface FaspexUploadDetails {
  readonly uploadStatus: string | undefined;
  /** From 0 to 1; undefined until the server knows. */
  readonly progress: number | undefined;
  readonly startedAt: string | undefined;
  readonly completedAt: string | undefined;
  /**
   * As the server counts: bytes in every answer that was seen, though its OpenAPI document says millions of bytes.
   * Trust `progress` for comparisons.
   */
  readonly writtenBytes: number | undefined;
  readonly totalBytes: number | undefined;
  readonly elapsedMs: number | undefined;
  readonly remainingMs: number | undefined;
}

/** One person's downloads of a package. */
export interface FaspexDownloader extends FaspexPerson {
  /** How many downloads; undefined for one that runs. */
  readonly count: number | undefined;
  /** From 0 to 1, for a download that runs. */
  readonly progress: number | undefined;
}

/** One download of a package: its receipt. */
export interface FaspexReceipt extends FaspexPerson {
  /** Address that the download was made from. */
  readonly address: string | undefined;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** Kind of download in the vendor's words, e.g. `full`. */
  readonly vendorType: string | undefined;
}

/** Who downloaded a package. */
export interface FaspexDownloadDetails {
  readonly receipts: readonly FaspexReceipt[];
  readonly complete: readonly FaspexDownloader[];
  readonly partial: readonly FaspexDownloader[];
  readonly active: readonly FaspexDownloader[];
}

/** An entry of the server's audit trail. */
export interface FaspexEvent {
  readonly eventId: string;
  readonly createdAt: string | undefined;
  /** What happened, in the vendor's words, e.g. `package_sent`. */
  readonly eventType: string;
  readonly message: string | undefined;
  readonly application: string | undefined;
  readonly packageId: string | undefined;
  readonly packageName: string | undefined;
  readonly fileName: string | undefined;
  readonly value: string | undefined;
  readonly previousValue: string | undefined;
  readonly users: readonly FaspexPerson[];
}
