import { randomUUID } from 'node:crypto';
import { AscpError, toAscpError } from '../ascp-error.ts';
import type { OpenRecord } from '../transfers/journal.ts';
import { type OwnTransferDeps, type Starter, startOwnTransfer } from '../transfers/own-transfer.ts';
import { isFinal } from '../transfers/transfer-record.ts';
import type { Job } from '../transfers/transfer-runner.ts';
import type { TransferSpec } from '../transfers/transfer-spec.ts';
import { listHere, type WatchedFile } from '../watch-folders/watched-file.ts';
import { type SyncConfig, scanIntervalMs, specsOf } from './sync-config.ts';

export type SyncFileStatus = 'pending' | 'synchronized' | 'error';

/** A file of the local folder as the sync knows it. */
export interface SyncFile {
  readonly fnid: number;
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  status: SyncFileStatus;
}

export type SyncState = 'stopped' | 'running' | 'completed' | 'error';

export interface SyncJob {
  readonly id: string;
  /** Its number in the statistics of `/async`. */
  readonly snid: number;
  readonly owner: Starter;
  readonly config: SyncConfig;
  /** The configuration as it was sent. */
  readonly sent: unknown;
  readonly progress: Readonly<SyncProgress>;
  files(): readonly SyncFile[];
  /** False when it runs already. */
  start(): boolean;
  /** Ends the transfer that runs for it. */
  stop(): Promise<void>;
  /** Goes on when the time has come or a transfer has ended; to be called often. */
  tick(): void;
  /** As `stop`, for good: nothing touches the folders when it has resolved. */
  close(): Promise<void>;
}

interface SyncProgress {
  state: SyncState;
  passes: number;
  filesMoved: number;
  filesSkipped: number;
  filesFailed: number;
  bytesMoved: number;
  /** Ids of its transfers, latest last. */
  transferIds: string[];
  startedMs: number | undefined;
  endedMs: number | undefined;
  error: AscpError | undefined;
}

interface Syncing {
  readonly deps: OwnTransferDeps;
  readonly owner: Starter;
  readonly config: SyncConfig;
  readonly progress: SyncProgress;
  readonly known: Map<string, SyncFile>;
  /** Transfers that are left of this pass. */
  steps: TransferSpec[];
  current: Job | undefined;
  nextPassMs: number;
  lastFnid: number;
}

/** Transfers that a job remembers. */
const TRANSFERS_KEPT = 100;

async function listLocal({ config, owner }: Syncing): Promise<readonly WatchedFile[]> {
  try {
    return await listHere(owner.root, config.local.path);
  } catch (error) {
    // What is pulled may have no folder yet.
    if (config.direction === 'push') throw error;
    return [];
  }
}

function noteFile(syncing: Syncing, file: WatchedFile, isDone: boolean): void {
  const { known, config } = syncing;
  const before = known.get(file.name);
  if (before?.size === file.size && before.modifiedMs === file.modifiedMs) {
    if (isDone && before.status === 'pending') before.status = 'synchronized';
    return;
  }
  syncing.lastFnid += before ? 0 : 1;
  // What is new at the end of a pass has come from the other side, or has still to go there.
  const status = isDone && config.direction !== 'push' ? 'synchronized' : 'pending';
  known.set(file.name, { ...file, fnid: before?.fnid ?? syncing.lastFnid, status });
}

async function lookAround(syncing: Syncing, isDone: boolean): Promise<void> {
  const found = await listLocal(syncing);
  const names = new Set(found.map(({ name }) => name));
  for (const name of [...syncing.known.keys()]) if (!names.has(name)) syncing.known.delete(name);
  for (const file of found) noteFile(syncing, file, isDone);
}

function fail(syncing: Syncing, error: AscpError): void {
  const { progress, deps } = syncing;
  syncing.steps = [];
  Object.assign(progress, { state: 'error', error, endedMs: deps.node.clock.now() });
}

function markFailed({ known, config }: Syncing, { files }: OpenRecord): void {
  for (const { path, status } of files) {
    const file = [...known.values()].find(({ name }) => path.endsWith(`${config.local.path}/${name}`));
    if (file && status === 'failed') file.status = 'error';
  }
}

/** Takes up what a transfer did; true when the pass may go on. */
function settle(syncing: Syncing, { open }: Job): boolean {
  const { progress } = syncing;
  const { record } = open;
  for (const session of record.sessions) {
    progress.filesMoved += session.filesCompleted;
    progress.filesSkipped += session.filesSkipped;
    progress.filesFailed += session.filesFailed;
    progress.bytesMoved += session.bytesTransferred;
  }
  markFailed(syncing, open);
  if (record.status === 'completed') return true;
  fail(syncing, new AscpError(record.errorCode, record.errorDescription));
  return false;
}

async function endPass(syncing: Syncing): Promise<void> {
  const { progress, config, deps } = syncing;
  await lookAround(syncing, true);
  progress.passes += 1;
  progress.error = undefined;
  const now = deps.node.clock.now();
  syncing.nextPassMs = now + scanIntervalMs(config);
  if (config.mode === 'one_time') Object.assign(progress, { state: 'completed', endedMs: now });
}

async function beginPass(syncing: Syncing): Promise<void> {
  await lookAround(syncing, false);
  syncing.steps = [...specsOf(syncing.config, randomUUID)];
}

function runStep(syncing: Syncing, spec: TransferSpec): void {
  const { progress } = syncing;
  syncing.current = startOwnTransfer(syncing.deps, syncing.owner, spec);
  progress.transferIds = [...progress.transferIds, syncing.current.open.record.id].slice(-TRANSFERS_KEPT);
}

/** One step on: a transfer that has ended, the next one of the pass, the end of the pass, or a new pass. */
async function advance(syncing: Syncing): Promise<void> {
  const { current, progress, deps } = syncing;
  if (current) {
    if (!isFinal(current.open.record.status)) return;
    syncing.current = undefined;
    if (!settle(syncing, current)) return;
    if (syncing.steps.length === 0) return endPass(syncing);
  } else if (syncing.steps.length === 0) {
    if (deps.node.clock.now() < syncing.nextPassMs) return;
    await beginPass(syncing);
  }
  const next = syncing.steps.shift();
  if (next && progress.state === 'running') runStep(syncing, next);
}

const noProgress = (): SyncProgress => ({
  state: 'stopped',
  passes: 0,
  filesMoved: 0,
  filesSkipped: 0,
  filesFailed: 0,
  bytesMoved: 0,
  transferIds: [],
  startedMs: undefined,
  endedMs: undefined,
  error: undefined,
});

function begin(syncing: Syncing): void {
  const { progress, deps } = syncing;
  syncing.nextPassMs = 0;
  Object.assign(progress, { state: 'running', startedMs: deps.node.clock.now(), endedMs: undefined, error: undefined });
}

async function halt(syncing: Syncing): Promise<void> {
  const { current, deps, progress } = syncing;
  if (progress.state === 'running') Object.assign(progress, { state: 'stopped', endedMs: deps.node.clock.now() });
  syncing.steps = [];
  syncing.nextPassMs = 0;
  syncing.current = undefined;
  if (current && !isFinal(current.open.record.status)) await deps.runner.cancel(current);
}

export interface SyncJobOptions {
  readonly snid: number;
  readonly owner: Starter;
  readonly config: SyncConfig;
  readonly sent: unknown;
}

/**
 * A sync that this node runs: it brings a local and a remote folder in step by the byte protocol of every transfer,
 * once or again and again on the node's clock. What is deleted on one side stays on the other.
 */
export function createSyncJob(deps: OwnTransferDeps, options: SyncJobOptions): SyncJob {
  const { snid, owner, config, sent } = options;
  const syncing: Syncing = {
    ...{ deps, owner, config, progress: noProgress(), known: new Map() },
    ...{ steps: [], current: undefined, nextPassMs: 0, lastFnid: 0 },
  };
  let busy: Promise<void> | undefined;
  const stop = async () => {
    await halt(syncing);
    await busy;
  };
  return {
    ...{ id: randomUUID(), snid, owner, config, sent, progress: syncing.progress },
    files: () => [...syncing.known.values()],
    start: () => {
      if (syncing.progress.state === 'running') return false;
      begin(syncing);
      return true;
    },
    stop,
    tick: () => {
      if (busy || syncing.progress.state !== 'running') return;
      busy = advance(syncing)
        .catch((error: unknown) => fail(syncing, toAscpError(error)))
        .finally(() => {
          busy = undefined;
        });
    },
    close: stop,
  };
}
