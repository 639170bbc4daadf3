import { type Fields, present } from '../fields.ts';
import type { FileRecord, SessionRecord, TransferRecord } from './transfer-record.ts';

export interface View {
  /** Microseconds since 1970, for what is still going on. */
  readonly nowUsec: number;
  readonly files?: readonly FileRecord[];
}

const sum = (sessions: readonly SessionRecord[], count: (session: SessionRecord) => number) =>
  sessions.reduce((total, session) => total + count(session), 0);

const averageKbps = (bytes: number, elapsedUsec: number) =>
  elapsedUsec <= 0 ? 0 : Math.round((bytes * 8_000 * 100) / elapsedUsec) / 100;

/** Job size (aspera-node-api.md §5.3 `precalc`); a client waits for `ready` before it shows a percentage. */
function renderPrecalc(record: TransferRecord, session: SessionRecord | undefined): Fields {
  const { bytes, files, directories, special, failed } = session?.precalculation ?? {
    ...{ bytes: 0, files: 0, directories: 0, special: 0, failed: 0 },
  };
  return {
    enabled: record.isPrecalculated,
    status: session?.precalculation ? 'ready' : 'not_ready',
    bytes_expected: bytes,
    files_expected: files,
    directories_expected: directories,
    files_excluded: 0,
    files_special: special,
    files_failed: failed,
  };
}

const renderStatistics = (session: SessionRecord): Fields => ({
  args_scan_attempted: 1,
  args_scan_completed: 1,
  paths_scan_attempted: session.filesStarted + session.filesSkipped + session.directoriesCompleted,
  paths_scan_failed: session.precalculation?.failed ?? 0,
  paths_scan_skipped: 0,
  paths_scan_excluded: 0,
  dirs_scan_completed: session.directoriesCompleted,
  files_scan_completed: session.precalculation?.files ?? session.filesStarted,
  dirs_xfer_attempted: session.directoriesCompleted,
  dirs_xfer_fail: 0,
  files_xfer_attempted: session.filesStarted,
  files_xfer_fail: session.filesFailed,
  files_xfer_noxfer: session.filesSkipped,
});

function renderSession(record: TransferRecord, session: SessionRecord, nowUsec: number): Fields {
  const elapsed = Math.max(0, (session.endUsec ?? nowUsec) - session.startUsec);
  return present({
    id: session.id,
    client_node_id: session.clientNodeId,
    server_node_id: session.serverNodeId,
    client_ip_address: session.clientAddress,
    server_ip_address: session.serverAddress,
    status: session.status,
    retry_timeout: session.retryTimeoutSeconds,
    retry_count: session.retryCount,
    start_time_usec: session.startUsec,
    end_time_usec: session.endUsec ?? undefined,
    elapsed_usec: elapsed,
    bytes_transferred: session.bytesTransferred,
    bytes_written: session.bytesTransferred,
    bytes_lost: 0,
    stalled: false,
    files_completed: session.filesCompleted,
    directories_completed: session.directoriesCompleted,
    target_rate_kbps: session.targetRateKbps,
    min_rate_kbps: session.minRateKbps,
    calc_rate_kbps: session.calcRateKbps,
    avg_rate_kbps: averageKbps(session.bytesTransferred, elapsed),
    network_delay_usec: 0,
    error_code: session.errorCode,
    error_desc: session.errorDescription,
    source_statistics: renderStatistics(session),
    precalc: renderPrecalc(record, session),
  });
}

const renderFile = (file: FileRecord, nowUsec: number): Fields =>
  present({
    id: file.id,
    path: file.path,
    status: file.status,
    size: file.size,
    type: 'file',
    start_time_usec: file.startUsec,
    end_time_usec: file.endUsec ?? undefined,
    elapsed_usec: Math.max(0, (file.endUsec ?? nowUsec) - file.startUsec),
    error_code: file.errorCode,
    error_desc: file.errorDescription,
    checksum_type: 'none',
    checksum: null,
    start_byte: file.startByte,
    bytes_written: file.bytesWritten,
    session_id: file.sessionId,
  });

/** A transfer as `GET /ops/transfers/{id}` answers it (aspera-node-api.md §5.3). */
export function renderTransfer(record: TransferRecord, { nowUsec, files }: View): Fields {
  const { sessions } = record;
  const startUsec = sessions[0]?.startUsec ?? record.createdUsec;
  const bytes = sum(sessions, (session) => session.bytesTransferred);
  const elapsed = Math.max(0, (record.endUsec ?? nowUsec) - startUsec);
  return present({
    id: record.id,
    title: record.title,
    status: record.status,
    start_spec: record.startSpec,
    sessions: sessions.map((session) => renderSession(record, session, nowUsec)),
    bytes_transferred: bytes,
    bytes_written: bytes,
    bytes_lost: 0,
    // IBM's client reads an end time wherever this is not 0 (aspera-node-api.md §11); sessions have the rate meanwhile.
    avg_rate_kbps: record.endUsec === null ? 0 : averageKbps(bytes, elapsed),
    files_completed: sum(sessions, (session) => session.filesCompleted),
    files_skipped: sum(sessions, (session) => session.filesSkipped),
    directories_completed: sum(sessions, (session) => session.directoriesCompleted),
    start_time_usec: startUsec,
    end_time_usec: record.endUsec ?? undefined,
    elapsed_usec: elapsed,
    error_code: record.errorCode,
    error_desc: record.errorDescription,
    precalc: renderPrecalc(
      record,
      sessions.findLast((session) => session.precalculation !== null),
    ),
    files: files?.map((file) => renderFile(file, nowUsec)),
  });
}
