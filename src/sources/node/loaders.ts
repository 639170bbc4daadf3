import DataLoader from 'dataloader';
import { type BandwidthLoader, createBandwidthLoader } from './bandwidth-loader.ts';
import type { NodeClient } from './client.ts';
import { settleAll } from './settle-all.ts';
import type { NodeFile, NodeInfo, NodeTransfer, SyncJob, WatchFolder } from './types.ts';

/** What one operation asks a node for, each thing once. */
export interface NodeLoaders {
  /** By path; the files of one tick are one call. Not in a viewer's name. */
  readonly file: DataLoader<string, NodeFile>;
  /** By transfer id. */
  readonly transfer: DataLoader<string, NodeTransfer>;
  /** Rates by transfer; those of one tick are one call. */
  readonly bandwidth: BandwidthLoader;
  /** The node itself; there is one key. */
  readonly info: DataLoader<'info', NodeInfo>;
  /** By id; each is a call. Not in a viewer's name. */
  readonly watchFolder: DataLoader<string, WatchFolder>;
  /** By id; each is a call. Not in a viewer's name. */
  readonly syncJob: DataLoader<string, SyncJob>;
}

/** Paths in one `POST /files/info`. */
const PATHS_PER_CALL = 500;

/** Calls to a node at a time, of one operation's loader. */
const CONCURRENCY = 8;

export function createNodeLoaders(client: NodeClient): NodeLoaders {
  return {
    file: new DataLoader<string, NodeFile>((paths) => client.filesInfo(paths), { maxBatchSize: PATHS_PER_CALL }),
    // The node has no call for many ids: n ids cost n calls, eight at a time.
    transfer: new DataLoader((ids) => settleAll(ids, CONCURRENCY, client.transfer)),
    bandwidth: createBandwidthLoader(client),
    info: new DataLoader((keys) => settleAll(keys, 1, () => client.info())),
    watchFolder: new DataLoader((ids) => settleAll(ids, CONCURRENCY, client.watchFolder)),
    syncJob: new DataLoader((ids) => settleAll(ids, CONCURRENCY, client.syncJob)),
  };
}
