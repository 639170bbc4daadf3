import type { AscpError } from '../node/ascp-error.ts';
import type { Channel } from '../node/protocol/channel.ts';
import type { RateLimiter } from '../node/protocol/rate-limiter.ts';
import type { TransferSpec } from '../node/transfers/transfer-spec.ts';

export type JobStatus = 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'PAUSED' | 'ORPHANED';

export type JobEvent =
  | 'UNKNOWN_EVENT'
  | 'CONNECTING'
  | 'SESSION_START'
  | 'SESSION_STOP'
  | 'SESSION_ERROR'
  | 'SESSION_CANCELED'
  | 'FILE_START'
  | 'FILE_STOP'
  | 'FILE_ERROR'
  | 'FILE_SKIP'
  | 'PROGRESS'
  | 'RATE_MODIFICATION';

export type JobType = 'FILE_REGULAR' | 'FILE_PERSISTENT';

/** Nothing more happens to a transfer after one of these. */
export const isOver = ({ status }: Pick<Job, 'status'>): boolean =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELED';

/** The file that a session told of last. */
export interface JobFile {
  readonly path: string;
  readonly size: number;
  readonly startByte: number;
  readonly startUsec: number;
  readonly failure?: AscpError;
}

export interface JobCounts {
  bytesTransferred: number;
  filesCompleted: number;
  filesSkipped: number;
  filesFailed: number;
  directoriesCompleted: number;
  /** Of everything that has been looked through so far. */
  expected: Expected;
}

/** Sizes that the sender found. */
export interface Expected {
  readonly bytes: number;
  readonly files: number;
  readonly directories: number;
}

/** One transfer of the daemon. */
export interface Job {
  readonly id: string;
  readonly type: JobType;
  /** As it was started, with the rates that were changed since. */
  spec: TransferSpec;
  /** Paths that are still to be transferred; each list is one session. */
  readonly batches: TransferSpec['paths'][];
  /** No more paths will come: when the last list is through, the transfer is complete. */
  isLocked: boolean;
  status: JobStatus;
  readonly counts: JobCounts;
  /** Of the sessions before the one that runs: one that is resumed looks through its sources anew. */
  expectedBefore: Expected;
  startUsec: number;
  endUsec: number;
  failure: AscpError | undefined;
  readonly limiter: RateLimiter;
  /** Set while a session is being opened or runs. */
  controller: AbortController | undefined;
  channel: Channel | undefined;
  sessionId: string;
  serverNodeId: string;
  serverAddress: string;
  /** Rate of the moment. */
  currentRateKbps: number;
}
