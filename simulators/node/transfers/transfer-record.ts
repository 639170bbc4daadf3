import type { Fields } from '../fields.ts';
import type { Precalculation } from '../protocol/message.ts';

export type TransferStatus =
  | 'waiting'
  | 'running'
  | 'completed'
  | 'failed'
  | 'partially_completed'
  | 'canceled'
  | 'paused';

/** One connection of a transfer; times are microseconds since 1970 on the node's clock. */
export interface SessionRecord {
  readonly id: string;
  readonly clientNodeId: string;
  readonly clientAddress: string;
  readonly retryTimeoutSeconds: number;
  readonly retryCount: number;
  readonly startUsec: number;
  /** A client learns these two when it is connected. */
  serverNodeId: string;
  serverAddress: string;
  status: 'running' | 'completed' | 'failed';
  endUsec: number | null;
  bytesTransferred: number;
  filesStarted: number;
  filesCompleted: number;
  filesSkipped: number;
  filesFailed: number;
  directoriesCompleted: number;
  targetRateKbps: number;
  minRateKbps: number;
  calcRateKbps: number;
  errorCode: number;
  errorDescription: string;
  precalculation: Precalculation | null;
}

export interface FileRecord {
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly sessionId: string;
  readonly startByte: number;
  readonly startUsec: number;
  status: 'transferring' | 'completed' | 'failed';
  endUsec: number | null;
  bytesWritten: number;
  errorCode: number;
  errorDescription: string;
}

/** What a node knows of one transfer. Files are kept apart from it: there may be many. */
export interface TransferRecord {
  readonly id: string;
  /** Whether this node connected (`client`) or was connected to (`server`). */
  readonly endpoint: 'client' | 'server';
  readonly direction: 'send' | 'receive';
  readonly title: string | undefined;
  /** Whose it is on this node: the access key that started or authorized it; none for the node user. */
  readonly accessKeyId: string | undefined;
  readonly userId: string | undefined;
  readonly tags: Fields;
  readonly isPrecalculated: boolean;
  readonly createdUsec: number;
  /** In the vendor's spelling, without any secret. A client learns the server's part of it from the first session. */
  startSpec: Fields;
  status: TransferStatus;
  sessions: SessionRecord[];
  endUsec: number | null;
  errorCode: number;
  errorDescription: string;
}

const finalStatuses: ReadonlySet<TransferStatus> = new Set(['completed', 'failed', 'canceled']);

export const isFinal = (status: TransferStatus): boolean => finalStatuses.has(status);

export const isActive = (status: TransferStatus): boolean => status === 'waiting' || status === 'running';
