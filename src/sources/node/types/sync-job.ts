import type { JsonObject } from '../../../transfer-spec/transfer-spec.ts';
import type { SyncDirection } from './transfer-spec.ts';

/** ONE_TIME: stops when the folders are in step. CONTINUOUS: keeps them so. */
export type SyncMode = 'ONE_TIME' | 'CONTINUOUS';

/** A synchronization that a node runs between a folder of its own and one elsewhere. */
export interface SyncJob {
  readonly syncJobId: string;
  readonly name: string | undefined;
  /** Seen from the node that runs it. */
  readonly direction: SyncDirection | undefined;
  readonly mode: SyncMode | undefined;
  readonly localPath: string | undefined;
  readonly remotePath: string | undefined;
  readonly remoteHost: string | undefined;
  readonly remoteUser: string | undefined;
  /** The whole configuration in the node's own words, without secrets. */
  readonly config: JsonObject;
}

/** UNKNOWN is a word that the gateway has no name for. */
export type SyncJobStatus = 'STOPPED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'UNKNOWN';

export interface SyncJobState {
  readonly status: SyncJobStatus;
  readonly vendorState: string | undefined;
  readonly error: string | undefined;
  /** Everything that the node says, in its own words and without secrets. */
  readonly details: JsonObject;
}

export interface SyncJobCounters {
  readonly filesTotal: number | undefined;
  readonly filesSynchronized: number | undefined;
  readonly filesPending: number | undefined;
  readonly filesFailed: number | undefined;
  readonly bytesTransferred: number | undefined;
  readonly details: JsonObject;
}

export interface SyncJobFile {
  readonly path: string | undefined;
  readonly sizeBytes: number | undefined;
  /** In the node's own word. */
  readonly vendorStatus: string | undefined;
  readonly details: JsonObject;
}

export interface SyncJobFileQuery {
  readonly skip?: number | undefined;
  readonly count?: number | undefined;
}

/** What any sync of the server says of itself, whoever runs it. */
export interface SyncSummary {
  /** Number of the sync in the statistics of the server. */
  readonly snid: string;
  readonly name: string | undefined;
  readonly localPath: string | undefined;
  readonly remotePath: string | undefined;
  readonly details: JsonObject;
}

/** The other end of a new sync: a password or a token of the server there. */
export interface SyncRemote {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string;
  readonly path: string;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

export interface NewSyncJob {
  readonly name: string;
  readonly direction: SyncDirection;
  readonly mode: SyncMode;
  readonly localPath: string;
  readonly remote: SyncRemote;
  readonly createFolders: boolean;
  readonly scanIntervalSeconds: number | undefined;
}
