import type { JsonObject } from '../../../transfer-spec/transfer-spec.ts';
import type { SourceError } from '../../../transport/source-error.ts';

/** What may be done with a file or folder. */
export type AccessLevel = 'LIST' | 'READ' | 'WRITE' | 'DELETE' | 'MKDIR' | 'RENAME' | 'PREVIEW';

/** A file, folder or link in the storage of an access key, as an id names it. */
export interface StorageFile {
  readonly fileId: string;
  readonly name: string;
  /** Only told to administrators. */
  readonly path: string | undefined;
  readonly type: 'FILE' | 'FOLDER' | 'LINK' | 'OTHER';
  /** The node's own word for the type. */
  readonly vendorType: string;
  /** Undefined for folders. */
  readonly sizeBytes: number | undefined;
  /** When it was last changed, ISO 8601 in UTC. */
  readonly modifiedAt: string | undefined;
  readonly contentType: string | undefined;
  readonly isMountPoint: boolean;
  /** What the caller may do with it. */
  readonly accessLevels: readonly AccessLevel[];
  /** Where a link leads, perhaps on another node. */
  readonly targetFileId: string | undefined;
  readonly targetNodeId: string | undefined;
  /** Size of all that is below a folder; undefined where the node does not count. */
  readonly recursiveSizeBytes: number | undefined;
  readonly recursiveFileCount: number | undefined;
  readonly recursiveFolderCount: number | undefined;
  readonly permissionCount: number | undefined;
}

export interface ListFolderOptions {
  /** `next` of the page before. */
  readonly iterationToken?: string | undefined;
  /** How many at most; 1000 when left out. */
  readonly count?: number | undefined;
  readonly name?: string | undefined;
  /** Pattern with `*` and `?`; tells upper from lower case. */
  readonly namePattern?: string | undefined;
  readonly type?: 'FILE' | 'FOLDER' | 'LINK' | undefined;
}

/** Who may do what with a file or folder and what is below it. */
export interface FilePermission {
  readonly permissionId: string;
  readonly fileId: string | undefined;
  /** Id of the user or group. */
  readonly accessId: string;
  readonly accessType: 'USER' | 'GROUP';
  readonly accessLevels: readonly AccessLevel[];
  /** Free-form labels of whoever gave the permission. */
  readonly tags: JsonObject;
  readonly createdById: string | undefined;
  readonly createdAt: Date | undefined;
  readonly updatedById: string | undefined;
  readonly updatedAt: Date | undefined;
}

export interface PermissionQuery {
  /** Counted from 1. */
  readonly page?: number | undefined;
  readonly perPage?: number | undefined;
  /** Whether permissions on folders above count too; false when left out. */
  readonly inherited?: boolean | undefined;
}

/** A storage root and what is allowed there; its secret stays on the node. */
export interface AccessKey {
  readonly accessKeyId: string;
  /** Id of the folder that is the root. */
  readonly rootFileId: string | undefined;
  /** `local`, `aws_s3`, `azure`, `google-gcs`, `ibm-s3`… */
  readonly storageType: string | undefined;
  readonly storagePath: string | undefined;
  readonly storageBucket: string | undefined;
  readonly storageEndpoint: string | undefined;
  /** Settings of the node for this key, without secrets. */
  readonly configuration: JsonObject;
}

/** Something that happened to a file, a permission or a transfer. */
export interface NodeEvent {
  readonly eventId: string;
  readonly time: Date | undefined;
  readonly userId: string | undefined;
  /** E.g. `file.created`, `upload.ended`. */
  readonly types: readonly string[];
  /** What it happened to, in the node's own JSON without secrets. */
  readonly data: JsonObject;
}

/** A part of a node's events, oldest first. */
export interface EventFeed {
  readonly events: readonly (NodeEvent | SourceError)[];
  /** Where to go on, now or later. */
  readonly nextToken: string | undefined;
}

export interface EventQuery {
  readonly iterationToken?: string | undefined;
  readonly afterTime?: Date | undefined;
  readonly count?: number | undefined;
  /** Pattern of one kind, e.g. `file.*`. */
  readonly typePattern?: string | undefined;
}
