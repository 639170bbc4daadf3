import type { Clock } from '../kit/clock.ts';
import type { AccessKeys } from './access-keys.ts';
import type { FileLevels } from './file-levels.ts';
import type { FileIds } from './files/file-ids.ts';
import type { PublicKeys } from './public-keys.ts';

/** What a control switch or a restart may change while the node runs. */
export interface NodeSettings {
  nodeId: string;
  /** Transfer tokens of an earlier epoch are refused. */
  tokenEpoch: number;
  /** aspera.conf `activity_logging`: without it nothing is listed (aspera-node-api.md §5.2). */
  isActivityLogged: boolean;
  /** aspera.conf `activity_retention`, in hours. */
  retentionHours: number;
  /** How many transfers this node runs at once as a client; the others wait. */
  maxRunning: number;
  /** How many more answers about transfers come without a body. */
  emptyAnswers: number;
  /** How many more pages of transfers link to themselves. */
  duplicatePages: number;
  /** How many more answers about syncs have a second answer glued behind them. */
  gluedAnswers: number;
}

/** What all parts of one node share. */
export interface NodeContext {
  readonly name: string;
  readonly docroot: string;
  readonly clusterId: string;
  readonly username: string;
  readonly password: string;
  /** The system user of file transfers, `remote_user` of every spec. */
  readonly transferUser: string;
  /** Signs transfer tokens. */
  readonly tokenKey: Buffer;
  readonly clock: Clock;
  readonly accessKeys: AccessKeys;
  readonly publicKeys: PublicKeys;
  readonly fileIds: FileIds;
  readonly fileLevels: FileLevels;
  readonly settings: NodeSettings;
  /** Scheme, host and port of the Node API. */
  readonly origin: () => string;
  readonly sshPort: () => number;
}
