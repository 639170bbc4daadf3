import type { JsonObject } from '../../../transfer-spec/transfer-spec.ts';

/** How a node logs in at the other end of a watch folder. */
export type WatchFolderLogin = 'NODE_API' | 'SSH';

/** PUSH: from the node that watches to another one. PULL: the other way. */
export type WatchFolderDirection = 'PUSH' | 'PULL';

/** The other end of a watch folder. Its password stays on the node. */
export interface WatchFolderRemote {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly login: WatchFolderLogin | undefined;
}

/** A folder that a node watches: what is new in it goes to another folder. */
export interface WatchFolder {
  readonly watchFolderId: string;
  readonly direction: WatchFolderDirection | undefined;
  readonly sourcePath: string | undefined;
  readonly targetPath: string | undefined;
  readonly remote: WatchFolderRemote | undefined;
  /** How long a file must not change before it is sent. Undefined where the node does not say, or not in seconds. */
  readonly coolOffSeconds: number | undefined;
  /** How often new files are put together and sent. */
  readonly snapshotPeriodSeconds: number | undefined;
  /** How often the folder is read from end to end. */
  readonly scanPeriodSeconds: number | undefined;
  /** The whole configuration in the node's own words, without secrets. */
  readonly config: JsonObject;
}

export interface WatchFolderStatistics {
  readonly filesTransferred: number | undefined;
  readonly filesSucceeded: number | undefined;
  readonly filesFailed: number | undefined;
  /** There already. */
  readonly filesSkipped: number | undefined;
  /** Kept out by a filter. */
  readonly filesIgnored: number | undefined;
  readonly filesDisappeared: number | undefined;
  readonly bytesCompleted: number | undefined;
  readonly bytesWritten: number | undefined;
}

/** HEALTHY and UNKNOWN are the node's words; everything else that it says is IMPAIRED. */
export type WatchFolderHealth = 'HEALTHY' | 'IMPAIRED' | 'UNKNOWN';

/** A part of the service behind a watch folder. */
export interface WatchFolderComponent {
  /** `watch`, `transport` or `watchfolderd`. */
  readonly name: string;
  readonly health: WatchFolderHealth;
  readonly vendorState: string | undefined;
  readonly changedAt: Date | undefined;
  /** The node's sentence about what went wrong last. */
  readonly lastError: string | undefined;
  readonly lastErrorAt: Date | undefined;
}

export interface WatchFolderState {
  readonly health: WatchFolderHealth;
  readonly vendorState: string | undefined;
  readonly statistics: WatchFolderStatistics;
  readonly components: readonly WatchFolderComponent[];
}

/** Who logs in where. */
export interface WatchFolderRemoteLogin {
  readonly host: string;
  readonly port: number;
  readonly login: WatchFolderLogin;
  readonly user: string;
  readonly password: string;
  /** Of the SSH key of the host, where it is to be checked. */
  readonly fingerprint?: string | undefined;
}

/** What may be changed of a watch folder; what is left out stays as it is. */
export interface WatchFolderChange {
  readonly sourcePath?: string | undefined;
  readonly targetPath?: string | undefined;
  readonly remote?: WatchFolderRemoteLogin | undefined;
  readonly coolOffSeconds?: number | undefined;
  readonly snapshotPeriodSeconds?: number | undefined;
  readonly scanPeriodSeconds?: number | undefined;
}

export interface NewWatchFolder extends WatchFolderChange {
  /** Made by the node when left out. */
  readonly watchFolderId?: string | undefined;
  readonly direction: WatchFolderDirection;
  readonly sourcePath: string;
  readonly targetPath: string;
  readonly remote: WatchFolderRemoteLogin;
}
