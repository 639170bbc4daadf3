import type { JsonObject } from '../../transfer-spec/transfer-spec.ts';

/** `UNKNOWN` is a state that the daemon itself cannot tell, or that has no name here; `vendorStatus` has its word. */
export type TransferdStatus = 'WAITING' | 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'UNKNOWN';

/** Why a transfer failed: the error of ascp, the transfer program. */
export interface TransferdError {
  /** Number in ascp's table of errors; 0 when the daemon gives none. */
  readonly code: number;
  /** Name of that number, e.g. `NO_SUCH_FILE`. */
  readonly name: string;
  /** Whether the same transfer may succeed when it is started again unchanged. */
  readonly retryable: boolean;
  /** One sentence for a person: what to check or do. */
  readonly advice: string;
  /** The daemon's sentence; may be empty. */
  readonly description: string;
}

/** A transfer that a daemon runs. */
export interface TransferdTransfer {
  readonly transferId: string;
  readonly status: TransferdStatus;
  /** The daemon's own word for the status. */
  readonly vendorStatus: string;
  readonly title: string | undefined;
  /** Seen from the daemon: SEND is an upload, RECEIVE a download. */
  readonly direction: 'SEND' | 'RECEIVE' | undefined;
  readonly bytesTransferred: number;
  readonly bytesWritten: number | undefined;
  readonly bytesLost: number | undefined;
  /** Size of the whole job; the daemon tells it in events only, once it has looked through the sources. */
  readonly bytesExpected: number | undefined;
  readonly filesCompleted: number | undefined;
  readonly filesSkipped: number | undefined;
  readonly filesExpected: number | undefined;
  /** 0 to 1: exactly 1 when and only when the transfer is complete; undefined while the total is unknown. */
  readonly progress: number | undefined;
  readonly averageRateKbps: number | undefined;
  /** Rate of this moment; undefined when it does not run. */
  readonly currentRateKbps: number | undefined;
  /** Wanted rate; 0 while it is held. */
  readonly targetRateKbps: number | undefined;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly elapsedMs: number | undefined;
  readonly error: TransferdError | undefined;
  /** Free-form labels of whoever made the spec, without secrets. */
  readonly tags: JsonObject;
}

/** What is known of a transfer, and when it was found out. */
export interface SeenTransfer {
  readonly transfer: TransferdTransfer;
  /** Findings with a higher number are newer. */
  readonly order: number;
  /** The transfers of a daemon are numbered as they are first heard of. */
  readonly number: number;
}

/**
 * The transfers of one daemon that this process has heard of: the daemon has no list (aspera-node-api.md §8). What was
 * found out once and cannot change, or is told in events only, is kept here.
 */
export interface SeenTransfers {
  /** Since when transfers are noted. */
  readonly since: Date;
  get(transferId: string): SeenTransfer | undefined;
  /** All of them, latest first. */
  all(): readonly SeenTransfer[];
  /** Notes what the daemon has just told; gives what is known now. */
  note(transfer: TransferdTransfer): SeenTransfer;
  /** Asks, and notes the answer; it does not replace what was told meanwhile. */
  look(ask: () => Promise<TransferdTransfer>): Promise<SeenTransfer>;
  /** The daemon no longer has it. What has ended stays. */
  lose(transferId: string): void;
  /** Notes for whom a transfer was started. */
  claim(transferId: string, viewerId: string): void;
  isClaimedBy(transferId: string, viewerId: string): boolean;
  /** The wanted rate before the transfer was held. */
  rateBeforeHold(transferId: string): number | undefined;
}

export type TransferdRatePolicy = 'FIXED' | 'HIGH' | 'FAIR' | 'LOW';

export interface TransferdChange {
  /** 0 holds the transfer, any other goes on with it. */
  readonly targetRateKbps?: number | undefined;
  readonly minRateKbps?: number | undefined;
  readonly ratePolicy?: TransferdRatePolicy | undefined;
}

/** What a daemon says of itself. */
export interface TransferdInfo {
  /** Version of the interface that it answers with. */
  readonly apiVersion: string | undefined;
  /** Version of ascp, the transfer program. */
  readonly ascpVersion: string | undefined;
  readonly operatingSystem: string | undefined;
  /** Highest rate that the licence allows, in its words. */
  readonly licenseMaxRate: string | undefined;
  /** Why it cannot run its transfer program; undefined when it can. */
  readonly problem: string | undefined;
}

/** What a daemon says of a transfer spec without starting anything. */
export interface SpecCheck {
  readonly valid: boolean;
  /** Members of the spec that the daemon does not know. */
  readonly unknownMembers: readonly string[];
  /** What is wrong, in the daemon's words. */
  readonly problem: string | undefined;
}

/** Whether a source answers and takes the gateway's own credential, as of now. */
export interface SourceHealth {
  readonly reachable: boolean;
  readonly latencyMs: number;
  readonly version: string | undefined;
  readonly detail: string | undefined;
  readonly credentialExpiresAt: Date | undefined;
}
