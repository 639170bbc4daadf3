import type { JsonObject, TransferSpec } from '../../transfer-spec/transfer-spec.ts';
import type { SourceError } from '../../transport/source-error.ts';
import { listAccessKeys, readAccessKey, readOwnAccessKey } from './client/access-keys.ts';
import { readBandwidth } from './client/bandwidth.ts';
import { createFiles, deleteFiles, renameFiles } from './client/change-paths.ts';
import { readEvents } from './client/events.ts';
import { readInfo } from './client/node-info.ts';
import { makeSpec, takeOwnToken } from './client/own-specs.ts';
import { browsePath, readDiskUsage, readFiles, readSpace, searchFiles } from './client/paths.ts';
import { listFolder, listPermissions, readFile } from './client/storage.ts';
import {
  controlSyncJob,
  createSyncJob,
  deleteSyncJob,
  listSyncJobFiles,
  listSyncJobs,
  readSyncJob,
  readSyncJobCounters,
  readSyncJobState,
  readSyncSummaries,
} from './client/sync-jobs.ts';
import { authorizeDownload, authorizeSync, authorizeUpload } from './client/transfer-specs.ts';
import { changeTransfer, readTransferById, readTransferFeed, startTransfer } from './client/transfers.ts';
import {
  changeWatchFolder,
  createWatchFolder,
  deleteWatchFolder,
  listWatchFolders,
  readWatchFolderById,
  readWatchFolderState,
} from './client/watch-folders.ts';
import type { NodeConnection } from './connection.ts';
import type {
  AccessKey,
  BandwidthQuery,
  BrowseOptions,
  DiskUsage,
  EventFeed,
  EventQuery,
  FileDeletion,
  FilePermission,
  FileRename,
  FolderPage,
  ListFolderOptions,
  NewFile,
  NewSyncJob,
  NewWatchFolder,
  NodeBandwidth,
  NodeFile,
  NodeInfo,
  NodeTransfer,
  OwnSpecRequest,
  Page,
  PathResult,
  PermissionQuery,
  SearchOptions,
  SpecRequest,
  StorageFile,
  StorageSpace,
  SyncDirection,
  SyncJob,
  SyncJobCounters,
  SyncJobFile,
  SyncJobFileQuery,
  SyncJobState,
  SyncSummary,
  TransferChange,
  TransferFeed,
  TransferFeedQuery,
  WatchFolder,
  WatchFolderChange,
  WatchFolderState,
} from './types.ts';

/**
 * The functions of one node for one call. Those that take paths throw `SOURCE_FORBIDDEN` in a viewer's name: the
 * vendor opens them to its own users and access keys only.
 */
export interface NodeClient {
  info(): Promise<NodeInfo>;
  /** A spec with which a client may write below the destination. Takes paths. */
  authorizeUpload(request: SpecRequest): Promise<TransferSpec>;
  /** A spec with which a client may read the sources. Takes paths. */
  authorizeDownload(request: SpecRequest): Promise<TransferSpec>;
  /** A spec with which a client may synchronize a folder. Takes paths. */
  authorizeSync(direction: SyncDirection, request: SpecRequest): Promise<TransferSpec>;
  /** Fails when `makeSpec` could not have such a token; asks nobody. */
  demandOwnToken(wishes: Pick<OwnSpecRequest, 'kind' | 'tokenLifeSeconds' | 'accessKey'>): void;
  /** A spec that is made without asking for its token, relative to a folder that an id names. */
  makeSpec(request: OwnSpecRequest): Promise<TransferSpec>;
  /** Makes this node the client of a transfer. `spec` is a transfer spec v1. */
  startTransfer(spec: JsonObject): Promise<NodeTransfer>;
  transfer(transferId: string): Promise<NodeTransfer>;
  transferFeed(query: TransferFeedQuery): Promise<TransferFeed>;
  /** Cancels, pauses, resumes or slows a transfer that this node was asked to start. */
  changeTransfer(transferId: string, change: TransferChange): Promise<NodeTransfer>;

  /** The rates of all transfers that the credential may see. */
  bandwidth(query: BandwidthQuery): Promise<NodeBandwidth>;

  /** One page of a folder, and the folder. Takes paths. */
  browsePath(path: string, options?: BrowseOptions): Promise<FolderPage>;
  /** What is below a folder at any depth. Takes paths. */
  search(path: string, options?: SearchOptions): Promise<Page<NodeFile, number>>;
  /** Many files in one call, in order; links are followed. Takes paths. */
  filesInfo(paths: readonly string[]): Promise<(NodeFile | SourceError)[]>;
  /** Takes paths. */
  diskUsage(path: string): Promise<DiskUsage>;
  /** Room on the storage of each path, in order. Takes paths. */
  space(paths: readonly string[]): Promise<(StorageSpace | SourceError)[]>;
  /** Creates files, folders and links; one result per path. Takes paths. */
  createFiles(files: readonly NewFile[]): Promise<PathResult[]>;
  /** Renames inside folders; one result per new path. Takes paths. */
  renameFiles(renames: readonly FileRename[]): Promise<PathResult[]>;
  /** Deletes files and folders; one result per path. Takes paths. */
  deleteFiles(deletions: readonly FileDeletion[]): Promise<PathResult[]>;

  /** A file, folder or link of the access key's storage. Takes ids. */
  file(fileId: string): Promise<StorageFile>;
  /** One page of a folder. Takes ids. */
  listFolder(fileId: string, options?: ListFolderOptions): Promise<Page<StorageFile>>;
  /** Who may do what with a file or folder. Takes ids. */
  permissions(fileId: string, query?: PermissionQuery): Promise<Page<FilePermission, number>>;
  /** The access key in use: its root folder is where ids begin. */
  accessKeySelf(): Promise<AccessKey>;
  /** Not in a viewer's name. */
  accessKeys(): Promise<(AccessKey | SourceError)[]>;
  /** Not in a viewer's name. */
  accessKey(accessKeyId: string): Promise<AccessKey>;
  events(query?: EventQuery): Promise<EventFeed>;

  /** Ids of all watch folders. This and what follows: not in a viewer's name. */
  watchFolderIds(): Promise<readonly string[]>;
  watchFolder(watchFolderId: string): Promise<WatchFolder>;
  watchFolderState(watchFolderId: string): Promise<WatchFolderState>;
  createWatchFolder(folder: NewWatchFolder): Promise<WatchFolder>;
  /** Two calls: the node takes whole configurations only. */
  changeWatchFolder(watchFolderId: string, change: WatchFolderChange): Promise<WatchFolder>;
  deleteWatchFolder(watchFolderId: string): Promise<void>;

  /** Ids of all syncs that the node runs. This and what follows: not in a viewer's name. */
  syncJobIds(): Promise<readonly string[]>;
  syncJob(syncJobId: string): Promise<SyncJob>;
  syncJobState(syncJobId: string): Promise<SyncJobState>;
  syncJobCounters(syncJobId: string): Promise<SyncJobCounters>;
  syncJobFiles(syncJobId: string, query?: SyncJobFileQuery): Promise<readonly (SyncJobFile | SourceError)[]>;
  /** It waits to be started. */
  createSyncJob(job: NewSyncJob): Promise<SyncJob>;
  controlSyncJob(syncJobId: string, verb: 'start' | 'stop'): Promise<void>;
  deleteSyncJob(syncJobId: string): Promise<void>;
  /** Every sync of the server. Two calls. */
  syncSummaries(first: number): Promise<readonly (SyncSummary | SourceError)[]>;
}

export function createNodeClient(connection: NodeConnection): NodeClient {
  return {
    info: () => readInfo(connection),
    authorizeUpload: (request) => authorizeUpload(connection, request),
    authorizeDownload: (request) => authorizeDownload(connection, request),
    authorizeSync: (direction, request) => authorizeSync(connection, direction, request),
    demandOwnToken: (wishes) => void takeOwnToken(connection, wishes),
    makeSpec: (request) => makeSpec(connection, request),
    startTransfer: (spec) => startTransfer(connection, spec),
    transfer: (transferId) => readTransferById(connection, transferId),
    transferFeed: (query) => readTransferFeed(connection, query),
    changeTransfer: (transferId, change) => changeTransfer(connection, transferId, change),
    bandwidth: (query) => readBandwidth(connection, query),
    browsePath: (path, options = {}) => browsePath(connection, path, options),
    search: (path, options = {}) => searchFiles(connection, path, options),
    filesInfo: (paths) => readFiles(connection, paths),
    diskUsage: (path) => readDiskUsage(connection, path),
    space: (paths) => readSpace(connection, paths),
    createFiles: (files) => createFiles(connection, files),
    renameFiles: (renames) => renameFiles(connection, renames),
    deleteFiles: (deletions) => deleteFiles(connection, deletions),
    file: (fileId) => readFile(connection, fileId),
    listFolder: (fileId, options = {}) => listFolder(connection, fileId, options),
    permissions: (fileId, query = {}) => listPermissions(connection, fileId, query),
    accessKeySelf: () => readOwnAccessKey(connection),
    accessKeys: () => listAccessKeys(connection),
    accessKey: (accessKeyId) => readAccessKey(connection, accessKeyId),
    events: (query = {}) => readEvents(connection, query),
    watchFolderIds: () => listWatchFolders(connection),
    watchFolder: (watchFolderId) => readWatchFolderById(connection, watchFolderId),
    watchFolderState: (watchFolderId) => readWatchFolderState(connection, watchFolderId),
    createWatchFolder: (folder) => createWatchFolder(connection, folder),
    changeWatchFolder: (watchFolderId, change) => changeWatchFolder(connection, watchFolderId, change),
    deleteWatchFolder: (watchFolderId) => deleteWatchFolder(connection, watchFolderId),
    syncJobIds: () => listSyncJobs(connection),
    syncJob: (syncJobId) => readSyncJob(connection, syncJobId),
    syncJobState: (syncJobId) => readSyncJobState(connection, syncJobId),
    syncJobCounters: (syncJobId) => readSyncJobCounters(connection, syncJobId),
    syncJobFiles: (syncJobId, query = {}) => listSyncJobFiles(connection, syncJobId, query),
    createSyncJob: (job) => createSyncJob(connection, job),
    controlSyncJob: (syncJobId, verb) => controlSyncJob(connection, syncJobId, verb),
    deleteSyncJob: (syncJobId) => deleteSyncJob(connection, syncJobId),
    syncSummaries: (first) => readSyncSummaries(connection, first),
  };
}
