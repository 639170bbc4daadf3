/** What the rest of the gateway sees of a node. */
export type {
  BandwidthPoint,
  BandwidthQuery,
  NodeBandwidth,
  TransferBandwidth,
} from './types/bandwidth.ts';
export type {
  BrowseOptions,
  DiskUsage,
  FileDeletion,
  FileRename,
  FolderPage,
  NewFile,
  NodeFile,
  NodeFileFilter,
  NodeFileSort,
  PathResult,
  SearchOptions,
  StorageSpace,
} from './types/file.ts';
export type {
  NodeInfo,
  NodeSetting,
  Page,
  SourceHealth,
} from './types/source.ts';
export type {
  AccessKey,
  AccessLevel,
  EventFeed,
  EventQuery,
  FilePermission,
  ListFolderOptions,
  NodeEvent,
  PermissionQuery,
  StorageFile,
} from './types/storage.ts';
export type {
  NewSyncJob,
  SyncJob,
  SyncJobCounters,
  SyncJobFile,
  SyncJobFileQuery,
  SyncJobState,
  SyncJobStatus,
  SyncMode,
  SyncRemote,
  SyncSummary,
} from './types/sync-job.ts';
export type {
  NodeTransfer,
  NodeTransferError,
  NodeTransferFile,
  NodeTransferSession,
  NodeTransferStatus,
  SourceStatistics,
  TransferChange,
  TransferFeed,
  TransferFeedQuery,
  TransferPrecalculation,
} from './types/transfer.ts';
export type {
  OwnSpecRequest,
  OwnTokenKind,
  RatePolicy,
  SpecOptions,
  SpecRequest,
  SyncDirection,
} from './types/transfer-spec.ts';
export type {
  NewWatchFolder,
  WatchFolder,
  WatchFolderChange,
  WatchFolderComponent,
  WatchFolderDirection,
  WatchFolderHealth,
  WatchFolderLogin,
  WatchFolderRemote,
  WatchFolderRemoteLogin,
  WatchFolderState,
  WatchFolderStatistics,
} from './types/watch-folder.ts';
