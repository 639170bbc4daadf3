import { toError } from './read-outcome.ts';
import type { NodeTransferSession, SourceStatistics, TransferPrecalculation } from './types.ts';
import type { WireSession } from './wire/transfer.ts';

const sessionStatuses: Readonly<Record<string, NodeTransferSession['status']>> = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
};

function toPrecalculation(wire: WireSession['precalc']): TransferPrecalculation | undefined {
  return (
    wire && {
      bytesExpected: wire.bytes_expected,
      filesExpected: wire.files_expected,
      directoriesExpected: wire.directories_expected,
      filesExcluded: wire.files_excluded,
      filesSpecial: wire.files_special,
      filesFailed: wire.files_failed,
    }
  );
}

function toStatistics(wire: WireSession['source_statistics']): SourceStatistics | undefined {
  if (!wire) return undefined;
  return {
    argumentsScanAttempted: wire.args_scan_attempted,
    argumentsScanCompleted: wire.args_scan_completed,
    pathsScanAttempted: wire.paths_scan_attempted,
    pathsScanFailed: wire.paths_scan_failed,
    pathsScanSkipped: wire.paths_scan_skipped,
    pathsScanExcluded: wire.paths_scan_excluded,
    directoriesScanCompleted: wire.dirs_scan_completed,
    filesScanCompleted: wire.files_scan_completed,
    directoriesTransferAttempted: wire.dirs_xfer_attempted,
    directoriesTransferFailed: wire.dirs_xfer_fail,
    filesTransferAttempted: wire.files_xfer_attempted,
    filesTransferFailed: wire.files_xfer_fail,
    filesNotTransferred: wire.files_xfer_noxfer,
  };
}

/** A session as the rest of the gateway knows it (aspera-node-api.md §5.3). */
export function toSession(wire: WireSession): NodeTransferSession {
  const status = sessionStatuses[wire.status ?? ''] ?? 'UNKNOWN';
  return {
    sessionId: wire.id,
    status,
    vendorStatus: wire.status ?? '',
    clientNodeId: wire.client_node_id,
    serverNodeId: wire.server_node_id,
    clientAddress: wire.client_ip_address,
    serverAddress: wire.server_ip_address,
    bytesTransferred: wire.bytes_transferred ?? 0,
    bytesWritten: wire.bytes_written,
    bytesLost: wire.bytes_lost,
    filesCompleted: wire.files_completed,
    directoriesCompleted: wire.directories_completed,
    targetRateKbps: wire.target_rate_kbps,
    minRateKbps: wire.min_rate_kbps,
    currentRateKbps: status === 'RUNNING' ? wire.calc_rate_kbps : undefined,
    averageRateKbps: wire.avg_rate_kbps,
    networkDelayMs: wire.network_delay_usec === undefined ? undefined : wire.network_delay_usec / 1000,
    retryCount: wire.retry_count,
    retryTimeoutSeconds: wire.retry_timeout,
    stalled: wire.stalled ?? false,
    startedAt: wire.start_time_usec,
    endedAt: wire.end_time_usec,
    elapsedMs: wire.elapsed_usec,
    precalculation: toPrecalculation(wire.precalc),
    sourceStatistics: toStatistics(wire.source_statistics),
    error: status === 'COMPLETED' ? undefined : toError(wire, status === 'FAILED'),
  };
}
