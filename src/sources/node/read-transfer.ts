import { publicJson } from '../../transfer-spec/public-json.ts';
import { isJsonObject, type JsonObject } from '../../transfer-spec/transfer-spec.ts';
import { sentenceOf, toError } from './read-outcome.ts';
import { toSession } from './read-session.ts';
import type { NodeTransfer, NodeTransferError, NodeTransferFile, NodeTransferStatus } from './types.ts';
import type { WireTransfer, WireTransferFile } from './wire/transfer.ts';

const statuses: Readonly<Record<string, NodeTransferStatus>> = {
  waiting: 'WAITING',
  running: 'RUNNING',
  paused: 'PAUSED',
  partially_completed: 'PARTIALLY_COMPLETED',
  completed: 'COMPLETED',
  failed: 'FAILED',
  canceled: 'CANCELED',
  cancelled: 'CANCELED',
};

const fileStatuses: Readonly<Record<string, NodeTransferFile['status']>> = {
  transferring: 'TRANSFERRING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  skipped: 'SKIPPED',
};

function toFile(wire: WireTransferFile): NodeTransferFile {
  const status = fileStatuses[wire.status ?? ''] ?? 'UNKNOWN';
  return {
    fileId: wire.id,
    path: wire.path,
    status,
    vendorStatus: wire.status ?? '',
    sizeBytes: wire.size,
    bytesWritten: wire.bytes_written,
    startByte: wire.start_byte,
    checksum: wire.checksum,
    checksumType: wire.checksum_type === 'none' ? undefined : wire.checksum_type,
    sessionId: wire.session_id,
    startedAt: wire.start_time_usec,
    endedAt: wire.end_time_usec,
    elapsedMs: wire.elapsed_usec,
    error: status === 'COMPLETED' ? undefined : toError(wire, status === 'FAILED'),
  };
}

/** What of one file is at its destination already. Readings of the node's counters differ: this never says too much. */
function arrivedBytes({ status, sizeBytes = 0, bytesWritten = 0, startByte = 0 }: NodeTransferFile): number {
  if (status === 'COMPLETED' || status === 'SKIPPED') return sizeBytes;
  return Math.min(sizeBytes, Math.max(bytesWritten, startByte));
}

/** Below 1 until the node itself says "completed": it verifies and writes after the last byte has come. */
const ALMOST_ONE = 0.999;

/**
 * Skipped files are part of the expected bytes but never of the transferred ones; the list of files, where it is
 * there, knows them (aspera-node-api.md §5.3, §10).
 */
function progressOf(
  status: NodeTransferStatus,
  expected: number | undefined,
  transferred: number,
  files: readonly NodeTransferFile[],
): number | undefined {
  if (status === 'COMPLETED') return 1;
  if (expected === undefined || expected === 0) return undefined;
  const arrived = files.reduce((sum, file) => sum + arrivedBytes(file), 0);
  return Math.min(ALMOST_ONE, Math.max(transferred, arrived) / expected);
}

/** A transfer that "failed" with code 0 and no sentence has succeeded (aspera-node-api.md §5.3, last lines). */
const isFalseFailure = (wire: WireTransfer) =>
  wire.status === 'failed' && wire.error_code === '0' && sentenceOf(wire) === '';

function directionOf(word: string | undefined): NodeTransfer['direction'] {
  if (word === 'send') return 'SEND';
  return word === 'receive' || word === 'recv' ? 'RECEIVE' : undefined;
}

/**
 * Which end this node is. The ids in the sessions tell for certain once the node's own id is known; else `endpoint`,
 * which the vendor's document derives from the direction alone (node-api 4.4.6, transferResponseStartSpec).
 */
function sideOf(wire: WireTransfer, nodeId: string | undefined): NodeTransfer['side'] {
  const known = wire.sessions.find((one) => one.client_node_id !== one.server_node_id);
  if (nodeId !== undefined && known?.client_node_id === nodeId) return 'CLIENT';
  if (nodeId !== undefined && known?.server_node_id === nodeId) return 'SERVER';
  const endpoint = wire.start_spec?.endpoint;
  if (endpoint === 'client') return 'CLIENT';
  return endpoint === 'server' ? 'SERVER' : undefined;
}

function transferKeyOf(tags: JsonObject, cookie: string | undefined): string | undefined {
  const { aspera } = tags;
  const id = isJsonObject(aspera) ? aspera.xfer_id : undefined;
  return typeof id === 'string' && id !== '' ? id : cookie;
}

const sum = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
};

function failureOf(wire: WireTransfer, status: NodeTransferStatus): NodeTransferError | undefined {
  if (status === 'COMPLETED') return undefined;
  const own = toError(wire, status === 'FAILED');
  if (own === undefined || own.code !== 0) return own;
  // The transfer itself may say only that it failed; then its last session knows why.
  const last = wire.sessions.findLast((one) => one.status === 'failed' && Number(one.error_code ?? 0) > 0);
  return last ? toError(last, true) : own;
}

function readStatus(wire: WireTransfer) {
  if (!isFalseFailure(wire)) {
    const status = statuses[wire.status] ?? 'UNKNOWN';
    return { status, warning: status === 'COMPLETED' ? sentenceOf(wire) || undefined : undefined };
  }
  const warning = 'The node says "failed" without any error, which it does for transfers that have succeeded.';
  return { status: 'COMPLETED' as const, warning };
}

/** What the transfer was started with. */
function readSpec(wire: WireTransfer, spec: JsonObject) {
  const started = wire.start_spec;
  const tags = isJsonObject(spec.tags) ? spec.tags : {};
  const cookie = started?.cookie;
  return {
    spec,
    tags,
    cookie,
    transferKey: transferKeyOf(tags, cookie),
    title: wire.title ?? started?.title,
    direction: directionOf(started?.direction),
    remoteHost: started?.remote_host,
    remoteUser: started?.remote_user,
    sourcePaths: started?.source_paths ?? [],
    destinationPath: started?.destination_path ?? started?.destination_root,
  };
}

function readCounts(wire: WireTransfer, status: NodeTransferStatus, files: readonly NodeTransferFile[]) {
  // Sessions count their own share: only a single one's expectation is that of the whole transfer.
  const precalc = wire.precalc ?? (wire.sessions.length === 1 ? wire.sessions[0]?.precalc : undefined);
  const bytesTransferred = wire.bytes_transferred ?? 0;
  return {
    bytesTransferred,
    bytesWritten: wire.bytes_written,
    bytesLost: wire.bytes_lost,
    bytesExpected: precalc?.bytes_expected,
    filesCompleted: wire.files_completed,
    filesSkipped: wire.files_skipped,
    filesExpected: precalc?.files_expected,
    directoriesCompleted: wire.directories_completed,
    progress: progressOf(status, precalc?.bytes_expected, bytesTransferred, files),
  };
}

/**
 * A transfer as the rest of the gateway knows it (aspera-node-api.md §5.3).
 * @param spec the `start_spec` as it was sent
 * @param nodeId the node's own id, where it is known
 */
export function readTransfer(wire: WireTransfer, spec: JsonObject, nodeId: string | undefined): NodeTransfer {
  const { status, warning } = readStatus(wire);
  const sessions = wire.sessions.map(toSession);
  const running = sessions.filter((session) => session.status === 'RUNNING');
  const files = wire.files.map(toFile);
  return {
    transferId: wire.id,
    status,
    vendorStatus: wire.status,
    warning,
    side: sideOf(wire, nodeId),
    ...readSpec(wire, publicJson(spec)),
    ...readCounts(wire, status, files),
    averageRateKbps: wire.avg_rate_kbps,
    currentRateKbps: sum(running.map((session) => session.currentRateKbps)),
    targetRateKbps: running[0]?.targetRateKbps ?? wire.start_spec?.target_rate_kbps,
    startedAt: wire.start_time_usec,
    endedAt: wire.end_time_usec,
    elapsedMs: wire.elapsed_usec,
    error: failureOf(wire, status),
    retrying: status === 'PARTIALLY_COMPLETED' || (status === 'RUNNING' && sessions.length > 0 && running.length === 0),
    sessions,
    files,
  };
}
