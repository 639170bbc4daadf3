import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';
import type { AscpError } from '../ascp-error.ts';
import type { SessionObserver } from '../protocol/observer.ts';
import type { FileRecord, SessionRecord, TransferRecord } from './transfer-record.ts';
import type { TransferStore } from './transfer-store.ts';

/** The record of a transfer that is still going on, kept in memory between its entries in the feed. */
export interface OpenRecord {
  readonly record: TransferRecord;
  readonly files: FileRecord[];
  readonly changedFiles: Set<number>;
  timer: NodeJS.Timeout | undefined;
}

/** Writes what sessions tell into the change feed: progress a few times a second, everything else at once. */
export interface Journal {
  readonly store: TransferStore;
  nowUsec(): number;
  open(record: TransferRecord): OpenRecord;
  /** The open record of a transfer, if it is one. */
  openOf(id: string): OpenRecord | undefined;
  allOpen(): Iterable<OpenRecord>;
  publish(open: OpenRecord): void;
  /** Publishes for the last time and lets go of the record. */
  close(open: OpenRecord): void;
  startSession(open: OpenRecord, session: Pick<SessionRecord, SessionFacts>): SessionRecord;
  endSession(open: OpenRecord, session: SessionRecord, failure: AscpError | undefined): void;
  observe(open: OpenRecord, session: SessionRecord): SessionObserver;
  /** Writes nothing any more: the store is about to close. */
  stop(): void;
}

type SessionFacts =
  | 'id'
  | 'clientNodeId'
  | 'serverNodeId'
  | 'clientAddress'
  | 'serverAddress'
  | 'retryTimeoutSeconds'
  | 'retryCount'
  | 'targetRateKbps'
  | 'minRateKbps';

/** How often the progress of a transfer enters the feed. Real nodes do so about once a second. */
const PROGRESS_MS = 250;
/** Files beyond this are counted but not listed one by one. */
const FILES_KEPT = 10_000;

type FileFacts = Pick<FileRecord, 'path' | 'size' | 'startByte'>;

/** A file's line and its place among the lines; files beyond FILES_KEPT have none. */
interface Listed {
  readonly file: FileRecord;
  readonly position: number | undefined;
}

/** Whom the journal tells when a transfer begins, ends, and how quick it is. */
export interface JournalListener {
  started(record: TransferRecord): void;
  ended(record: TransferRecord): void;
  rate(record: TransferRecord, kbps: number): void;
}

interface JournalState {
  readonly store: TransferStore;
  readonly clock: Clock;
  readonly listener: JournalListener;
  readonly open: Map<string, OpenRecord>;
  isStopped: boolean;
}

const usec = (state: JournalState) => state.clock.now() * 1000;

function publish(state: JournalState, open: OpenRecord): void {
  clearTimeout(open.timer);
  open.timer = undefined;
  if (state.isStopped) return;
  for (const position of open.changedFiles) {
    const file = open.files[position];
    if (file) state.store.saveFile(open.record.id, position, file);
  }
  open.changedFiles.clear();
  state.store.save(open.record);
}

function publishSoon(state: JournalState, open: OpenRecord): void {
  open.timer ??= setTimeout(() => publish(state, open), PROGRESS_MS);
}

/** A file id in the form of real ones: five groups of eight hexadecimal digits. */
function fileId(record: TransferRecord, path: string): string {
  const digest = createHash('sha1').update(`${record.id}\0${path}`).digest('hex');
  return (digest.match(/.{8}/g) ?? []).join('-');
}

function positionFor(open: OpenRecord, id: string): number | undefined {
  // Only a transfer that was broken off can meet a file again: it then keeps its one line.
  const known = open.record.sessions.length > 1 ? open.files.findIndex((file) => file.id === id) : -1;
  if (known >= 0) return known;
  return open.files.length < FILES_KEPT ? open.files.length : undefined;
}

function addFile(state: JournalState, open: OpenRecord, session: SessionRecord, about: FileFacts): Listed {
  const id = fileId(open.record, about.path);
  const file: FileRecord = {
    ...about,
    id,
    sessionId: session.id,
    startUsec: usec(state),
    status: 'transferring',
    endUsec: null,
    bytesWritten: 0,
    errorCode: 0,
    errorDescription: 'No error',
  };
  session.filesStarted += 1;
  const position = positionFor(open, id);
  if (position !== undefined) {
    open.files[position] = file;
    open.changedFiles.add(position);
  }
  return { file, position };
}

function endFile(state: JournalState, open: OpenRecord, { file, position }: Listed, failure?: AscpError): void {
  file.status = failure ? 'failed' : 'completed';
  file.endUsec = usec(state);
  if (failure) Object.assign(file, { errorCode: failure.code, errorDescription: failure.message });
  if (position !== undefined) open.changedFiles.add(position);
  publishSoon(state, open);
}

/** Tells the rate of each stretch of at least a quarter of a second. */
function createMeter(tell: (kbps: number) => void) {
  let since = performance.now();
  let bytes = 0;
  return (count: number) => {
    bytes += count;
    const elapsedMs = performance.now() - since;
    if (elapsedMs < PROGRESS_MS) return;
    tell(Math.round((bytes * 8) / elapsedMs));
    since = performance.now();
    bytes = 0;
  };
}

function observe(state: JournalState, open: OpenRecord, session: SessionRecord): SessionObserver {
  const measure = createMeter((kbps) => {
    session.calcRateKbps = kbps;
    state.listener.rate(open.record, kbps);
  });
  let current: Listed | undefined;
  return {
    precalculated: (total) => {
      session.precalculation = total;
      publish(state, open);
    },
    directoryDone: () => {
      session.directoriesCompleted += 1;
    },
    fileStarted: (about) => {
      current = addFile(state, open, session, about);
      publishSoon(state, open);
    },
    ratesChanged: (targetRateKbps, minRateKbps) => {
      Object.assign(session, { targetRateKbps, minRateKbps });
      publish(state, open);
    },
    bytesMoved: (count) => {
      session.bytesTransferred += count;
      if (current) {
        current.file.bytesWritten += count;
        if (current.position !== undefined) open.changedFiles.add(current.position);
      }
      measure(count);
      publishSoon(state, open);
    },
    fileDone: () => {
      session.filesCompleted += 1;
      if (current) endFile(state, open, current);
      current = undefined;
    },
    fileSkipped: () => {
      session.filesSkipped += 1;
    },
    fileFailed: (path, size, failure) => {
      session.filesFailed += 1;
      endFile(state, open, current ?? addFile(state, open, session, { path, size, startByte: 0 }), failure);
      current = undefined;
    },
  };
}

function startSession(state: JournalState, open: OpenRecord, facts: Pick<SessionRecord, SessionFacts>): SessionRecord {
  const session: SessionRecord = {
    ...facts,
    startUsec: usec(state),
    status: 'running',
    endUsec: null,
    bytesTransferred: 0,
    filesStarted: 0,
    filesCompleted: 0,
    filesSkipped: 0,
    filesFailed: 0,
    directoriesCompleted: 0,
    calcRateKbps: 0,
    errorCode: 0,
    errorDescription: '',
    precalculation: null,
  };
  open.record.sessions.push(session);
  if (open.record.sessions.length === 1) state.listener.started(open.record);
  return session;
}

function endSession(
  state: JournalState,
  open: OpenRecord,
  session: SessionRecord,
  failure: AscpError | undefined,
): void {
  session.status = failure ? 'failed' : 'completed';
  session.endUsec = usec(state);
  session.calcRateKbps = 0;
  if (failure) Object.assign(session, { errorCode: failure.code, errorDescription: failure.message });
  for (const [position, file] of open.files.entries()) {
    if (failure && file.status === 'transferring') endFile(state, open, { file, position }, failure);
  }
}

export const newTransferId = (): string => randomUUID();

export function createJournal(store: TransferStore, clock: Clock, listener: JournalListener): Journal {
  const state: JournalState = { store, clock, listener, open: new Map(), isStopped: false };
  return {
    store,
    nowUsec: () => usec(state),
    open: (record) => {
      const open: OpenRecord = {
        record,
        files: [...store.files(record.id, FILES_KEPT)],
        changedFiles: new Set(),
        timer: undefined,
      };
      state.open.set(record.id, open);
      return open;
    },
    openOf: (id) => state.open.get(id),
    allOpen: () => state.open.values(),
    publish: (open) => publish(state, open),
    close: (open) => {
      publish(state, open);
      state.open.delete(open.record.id);
      listener.ended(open.record);
    },
    startSession: (open, facts) => startSession(state, open, facts),
    endSession: (open, session, failure) => endSession(state, open, session, failure),
    observe: (open, session) => observe(state, open, session),
    stop: () => {
      state.isStopped = true;
      for (const open of state.open.values()) clearTimeout(open.timer);
    },
  };
}
