import type { JsonObject } from '../../../transfer-spec/transfer-spec.ts';
import type { SourceError } from '../../../transport/source-error.ts';
import type { RatePolicy } from './transfer-spec.ts';

/** `UNKNOWN` is a state that this gateway has no name for; `vendorStatus` has the node's word. */
export type NodeTransferStatus =
  | 'WAITING'
  | 'RUNNING'
  | 'PAUSED'
  | 'PARTIALLY_COMPLETED'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELED'
  | 'UNKNOWN';

/** Why a transfer, a session or a file failed: the error of ascp, the transfer program. */
export interface NodeTransferError {
  /** Number in ascp's table of errors. */
  readonly code: number;
  /** Name of that number, e.g. `NO_SUCH_FILE`. */
  readonly name: string;
  /** Whether the same transfer may succeed when it is started again unchanged. */
  readonly retryable: boolean;
  /** One sentence for a person: what to check or do. */
  readonly advice: string;
  /** The node's sentence; may be empty. */
  readonly description: string;
}

/** What the node counted before a session began; undefined where it does not tell. */
export interface TransferPrecalculation {
  readonly bytesExpected: number | undefined;
  readonly filesExpected: number | undefined;
  readonly directoriesExpected: number | undefined;
  readonly filesExcluded: number | undefined;
  readonly filesSpecial: number | undefined;
  readonly filesFailed: number | undefined;
}

/** What the sending side of a session found and did; undefined where the node does not tell. */
export interface SourceStatistics {
  readonly argumentsScanAttempted: number | undefined;
  readonly argumentsScanCompleted: number | undefined;
  readonly pathsScanAttempted: number | undefined;
  readonly pathsScanFailed: number | undefined;
  readonly pathsScanSkipped: number | undefined;
  readonly pathsScanExcluded: number | undefined;
  readonly directoriesScanCompleted: number | undefined;
  readonly filesScanCompleted: number | undefined;
  readonly directoriesTransferAttempted: number | undefined;
  readonly directoriesTransferFailed: number | undefined;
  readonly filesTransferAttempted: number | undefined;
  readonly filesTransferFailed: number | undefined;
  readonly filesNotTransferred: number | undefined;
}

/** One run of ascp for a transfer. A transfer has several when it was retried, resumed or split. */
export interface NodeTransferSession {
  readonly sessionId: string;
  readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'UNKNOWN';
  readonly vendorStatus: string;
  /** Node that started the transfer. */
  readonly clientNodeId: string | undefined;
  /** Node that was connected to. */
  readonly serverNodeId: string | undefined;
  readonly clientAddress: string | undefined;
  readonly serverAddress: string | undefined;
  readonly bytesTransferred: number;
  readonly bytesWritten: number | undefined;
  readonly bytesLost: number | undefined;
  readonly filesCompleted: number | undefined;
  readonly directoriesCompleted: number | undefined;
  readonly targetRateKbps: number | undefined;
  readonly minRateKbps: number | undefined;
  /** Rate of this moment. */
  readonly currentRateKbps: number | undefined;
  readonly averageRateKbps: number | undefined;
  readonly networkDelayMs: number | undefined;
  readonly retryCount: number | undefined;
  readonly retryTimeoutSeconds: number | undefined;
  /** Whether a running session makes no progress at the moment. */
  readonly stalled: boolean;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly elapsedMs: number | undefined;
  /** Undefined until the node has counted. */
  readonly precalculation: TransferPrecalculation | undefined;
  readonly sourceStatistics: SourceStatistics | undefined;
  readonly error: NodeTransferError | undefined;
}

/** One file of a transfer. */
export interface NodeTransferFile {
  readonly fileId: string | undefined;
  readonly path: string;
  readonly status: 'TRANSFERRING' | 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'UNKNOWN';
  readonly vendorStatus: string;
  readonly sizeBytes: number | undefined;
  readonly bytesWritten: number | undefined;
  /** Where in the file the transfer began; above 0 when a partial file was resumed. */
  readonly startByte: number | undefined;
  readonly checksum: string | undefined;
  readonly checksumType: string | undefined;
  readonly sessionId: string | undefined;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly elapsedMs: number | undefined;
  readonly error: NodeTransferError | undefined;
}

/** A transfer as one of its two nodes knows it. */
export interface NodeTransfer {
  readonly transferId: string;
  readonly status: NodeTransferStatus;
  /** The node's own word for the status. */
  readonly vendorStatus: string;
  /** Something odd about a transfer that is complete all the same. */
  readonly warning: string | undefined;
  /** As the transfer was recorded; in its spec seen from the client: SEND is an upload, RECEIVE a download. */
  readonly direction: 'SEND' | 'RECEIVE' | undefined;
  /** CLIENT: this node started the transfer. SERVER: it was connected to. Both keep a record of their own. */
  readonly side: 'CLIENT' | 'SERVER' | undefined;
  readonly title: string | undefined;
  /** Bytes that went over the network, over all sessions. */
  readonly bytesTransferred: number;
  /** Bytes written at the destination. */
  readonly bytesWritten: number | undefined;
  /** Bytes lost on the way and sent again. */
  readonly bytesLost: number | undefined;
  /** Size of the whole job; undefined until the node has calculated it, which it does only when the spec asks. */
  readonly bytesExpected: number | undefined;
  readonly filesCompleted: number | undefined;
  /** Files that were there already and not sent again. */
  readonly filesSkipped: number | undefined;
  readonly filesExpected: number | undefined;
  readonly directoriesCompleted: number | undefined;
  /** 0 to 1: exactly 1 when and only when the transfer is complete; undefined while the total is unknown. */
  readonly progress: number | undefined;
  readonly averageRateKbps: number | undefined;
  /** Rate of this moment over all running sessions; undefined when none runs. */
  readonly currentRateKbps: number | undefined;
  readonly targetRateKbps: number | undefined;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly elapsedMs: number | undefined;
  readonly error: NodeTransferError | undefined;
  /** Whether a session has failed and the node is about to try again. */
  readonly retrying: boolean;
  readonly sessions: readonly NodeTransferSession[];
  /** Files of the transfer; nodes cut long lists, and lists of transfers may leave them out. */
  readonly files: readonly NodeTransferFile[];
  /** Free-form labels of whoever made the spec, without secrets. */
  readonly tags: JsonObject;
  /** In the log of events, which has no tags: those of them that say whose the transfer is and which one. */
  readonly marks?: JsonObject | undefined;
  /** Text of whoever made the spec, known to both sides. */
  readonly cookie: string | undefined;
  /** The other end. */
  readonly remoteHost: string | undefined;
  readonly remoteUser: string | undefined;
  readonly sourcePaths: readonly string[];
  readonly destinationPath: string | undefined;
  /** What the transfer was started with, without secrets. */
  readonly spec: JsonObject;
  /** The same on both sides of one transfer: its `xfer_id`, else its cookie. */
  readonly transferKey: string | undefined;
}

/** A part of a node's feed of transfers, oldest change first. */
export interface TransferFeed {
  readonly transfers: readonly (NodeTransfer | SourceError)[];
  /** Where to go on, now or later: what comes then has changed since. It repeats when nothing has. */
  readonly nextToken: string | undefined;
}

export interface TransferFeedQuery {
  /** `nextToken` of an earlier answer. */
  readonly iterationToken?: string | undefined;
  /** Only what changed after this moment of the node's clock. */
  readonly afterTime?: Date | undefined;
  /** true: waiting or running. false: only ended ones. */
  readonly activeOnly?: boolean | undefined;
  /** How many at most; the oldest are kept. */
  readonly count?: number | undefined;
  /** `aspera.xfer_id` (has it) or `aspera.xfer_id=abc` (has this value). */
  readonly tag?: string | undefined;
  /** summary and short_summary leave the files out. */
  readonly view?: 'summary' | 'short_summary' | undefined;
  readonly direction?: 'SEND' | 'RECEIVE' | undefined;
}

export interface TransferChange {
  readonly status?: 'CANCELED' | 'PAUSED' | 'RUNNING' | undefined;
  readonly targetRateKbps?: number | undefined;
  readonly minRateKbps?: number | undefined;
  readonly ratePolicy?: RatePolicy | undefined;
}
