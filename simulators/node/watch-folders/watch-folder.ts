import { AscpError, toAscpError } from '../ascp-error.ts';
import { listAt } from '../remote-node.ts';
import { type OwnTransferDeps, type Starter, startOwnTransfer } from '../transfers/own-transfer.ts';
import { isFinal, type TransferRecord } from '../transfers/transfer-record.ts';
import { dropSpec, remoteNodeOf } from './drop-spec.ts';
import { createComponents, type WatchComponents } from './watch-components.ts';
import type { WatchConfig } from './watch-config.ts';
import { listHere, type WatchedFile } from './watched-file.ts';

export interface WatchStatistics {
  files_transferred: number;
  files_succeeded: number;
  files_failed: number;
  files_skipped: number;
  files_ignored: number;
  files_disappeared_before_cool_off: number;
  files_unsatisfied_dependency: number;
  files_never_appeared: number;
  bytes_completed: number;
  bytes_written: number;
}

export interface WatchFolder {
  readonly id: string;
  /** Whose it is on this node. */
  readonly owner: Starter;
  readonly statistics: WatchStatistics;
  readonly components: WatchComponents;
  /** The configuration as it was sent. */
  config(): unknown;
  change(config: WatchConfig, sent: unknown): void;
  /** Scans when the time has come; to be called often. */
  tick(): void;
  /** Looks no more; resolves when what is under way has ended. Transfers that run go on. */
  stop(): Promise<void>;
}

/** What is known of one file of the source. */
interface Known extends WatchedFile {
  /** Since when it has not changed. */
  readonly sinceMs: number;
  state: 'cooling' | 'moving' | 'done' | 'failed';
  attempts: number;
}

/** Files that travel together. */
interface Drop {
  readonly record: TransferRecord;
  readonly files: readonly Known[];
}

interface Watching {
  readonly deps: OwnTransferDeps;
  readonly owner: Starter;
  readonly statistics: WatchStatistics;
  readonly components: WatchComponents;
  readonly known: Map<string, Known>;
  drops: Drop[];
  config: WatchConfig;
  nextScanMs: number;
}

/** `transport.error_handling.file.max_retries` of a real server. */
const MAX_RETRIES = 3;

const noStatistics = (): WatchStatistics => ({
  files_transferred: 0,
  files_succeeded: 0,
  files_failed: 0,
  files_skipped: 0,
  files_ignored: 0,
  files_disappeared_before_cool_off: 0,
  files_unsatisfied_dependency: 0,
  files_never_appeared: 0,
  bytes_completed: 0,
  bytes_written: 0,
});

function failFiles({ deps, statistics, known }: Watching, files: readonly Known[]): void {
  for (const file of files) {
    const isLast = file.attempts > MAX_RETRIES;
    if (isLast) statistics.files_failed += 1;
    const state = isLast ? 'failed' : 'cooling';
    known.set(file.name, { ...file, state, sinceMs: deps.node.clock.now() });
  }
}

function settleDrop(watching: Watching, { record, files }: Drop): void {
  const { statistics, components } = watching;
  statistics.files_transferred += files.length;
  for (const { bytesTransferred, filesSkipped } of record.sessions) {
    statistics.bytes_written += bytesTransferred;
    statistics.files_skipped += filesSkipped;
  }
  if (record.status === 'completed') {
    components.well('transport');
    statistics.files_succeeded += files.length;
    for (const file of files) {
      statistics.bytes_completed += file.size;
      file.state = 'done';
    }
    return;
  }
  components.failed('transport', new AscpError(record.errorCode, record.errorDescription));
  failFiles(watching, files);
}

function settleDrops(watching: Watching): void {
  const ended = watching.drops.filter(({ record }) => isFinal(record.status));
  watching.drops = watching.drops.filter((drop) => !ended.includes(drop));
  for (const drop of ended) settleDrop(watching, drop);
}

function forgetGone({ known, statistics }: Watching, found: readonly WatchedFile[]): void {
  const names = new Set(found.map(({ name }) => name));
  for (const { name, state } of [...known.values()]) {
    if (names.has(name) || state === 'moving') continue;
    if (state === 'cooling') statistics.files_disappeared_before_cool_off += 1;
    known.delete(name);
  }
}

/** The files that have not changed for the cool-off time. */
function takeCool({ deps, known, config }: Watching, found: readonly WatchedFile[]): readonly Known[] {
  const now = deps.node.clock.now();
  const ready: Known[] = [];
  for (const file of found) {
    const before = known.get(file.name);
    if (before?.state === 'moving') continue;
    if (before?.size !== file.size || before.modifiedMs !== file.modifiedMs) {
      known.set(file.name, { ...file, sinceMs: now, state: 'cooling', attempts: 0 });
    } else if (before.state === 'cooling' && now - before.sinceMs >= config.cool_off) ready.push(before);
  }
  return ready;
}

async function sendDrop(watching: Watching, files: readonly Known[]): Promise<void> {
  for (const file of files) {
    file.state = 'moving';
    file.attempts += 1;
  }
  try {
    const spec = await dropSpec(
      watching.config,
      files.map(({ name }) => name),
    );
    const { record } = startOwnTransfer(watching.deps, watching.owner, spec).open;
    watching.drops.push({ record, files });
  } catch (error) {
    watching.components.failed('transport', toAscpError(error));
    failFiles(watching, files);
  }
}

async function listSource({ config, owner }: Watching): Promise<readonly WatchedFile[]> {
  const { path, location } = config.source;
  return location ? listAt(remoteNodeOf(location), path) : listHere(owner.root, path);
}

async function scan(watching: Watching): Promise<void> {
  try {
    const found = await listSource(watching);
    watching.components.well('watch');
    forgetGone(watching, found);
    const ready = takeCool(watching, found);
    if (ready.length > 0) await sendDrop(watching, ready);
  } catch (error) {
    watching.components.failed('watch', toAscpError(error));
  }
}

export interface WatchFolderOptions {
  readonly id: string;
  readonly owner: Starter;
  readonly config: WatchConfig;
  readonly sent: unknown;
}

/**
 * Watches a folder: looks at it once in a snapshot period, and sends what is new and has cooled off to the other end
 * by the byte protocol of every transfer. Time is that of the node's clock.
 */
export function createWatchFolder(deps: OwnTransferDeps, options: WatchFolderOptions): WatchFolder {
  const { clock } = deps.node;
  const watching: Watching = {
    ...{ deps, owner: options.owner, config: options.config, known: new Map(), drops: [], nextScanMs: clock.now() },
    ...{ statistics: noStatistics(), components: createComponents(clock) },
  };
  let sent = options.sent;
  let scanning: Promise<void> | undefined;
  let isStopped = false;
  return {
    ...{ id: options.id, owner: options.owner, statistics: watching.statistics, components: watching.components },
    config: () => sent,
    change: (config, changed) => {
      watching.config = config;
      sent = changed;
    },
    tick: () => {
      if (isStopped) return;
      settleDrops(watching);
      const now = clock.now();
      if (scanning || now < watching.nextScanMs) return;
      watching.nextScanMs = now + watching.config.snapshot_creation_period;
      scanning = scan(watching).finally(() => {
        scanning = undefined;
      });
    },
    stop: async () => {
      isStopped = true;
      await scanning;
    },
  };
}
