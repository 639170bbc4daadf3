import type { Clock } from '../../kit/clock.ts';
import { FairComError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import type { Field, SqlValue } from '../values/field.ts';
import type { AnswerFormat } from '../wire/answer-format.ts';
import { randomKey, type Session } from './sessions.ts';
import type { Transaction } from './transactions.ts';

/** The records of a table that a cursor walks: their places when it was opened. */
export interface TableRecords {
  readonly database: Database;
  readonly tableUid: number;
  readonly transaction: Transaction | undefined;
  readonly rowids: readonly bigint[];
}

/** The rows of a SQL query that a cursor walks. */
export interface QueryRows {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly SqlValue[])[];
}

export interface Cursor {
  readonly cursorId: string;
  readonly session: Session;
  readonly source: TableRecords | QueryRows;
  readonly length: number;
  readonly isForwardOnly: boolean;
  readonly format: AnswerFormat;
  /** How many records lie before the position: 0 is before the first. */
  position: number;
  lastUsedAtMs: number;
}

export type NewCursor = Pick<Cursor, 'session' | 'source' | 'length' | 'isForwardOnly' | 'format'>;

export interface Cursors {
  open(cursor: NewCursor): Cursor;
  require(session: Session, cursorId: string): Cursor;
  close(cursor: Cursor): void;
  closeOf(session: Session): void;
  /** Whether a cursor walks this table. */
  isOnTable(database: Database, tableUid: number): boolean;
}

const ID_LENGTH = 64;

function isIdle({ session, lastUsedAtMs }: Cursor, nowMs: number): boolean {
  const seconds = session.settings.idleCursorTimeoutSeconds;
  return seconds >= 0 && nowMs - lastUsedAtMs > seconds * 1000;
}

/** Server-side cursors; each belongs to a session and closes when nobody uses it (faircom-netography-api.md §A10). */
export function createCursors(clock: Clock): Cursors {
  const cursors = new Map<string, Cursor>();
  const closeIdle = () => {
    const now = clock.now();
    for (const cursor of [...cursors.values()]) if (isIdle(cursor, now)) cursors.delete(cursor.cursorId);
  };
  return {
    open: (opened) => {
      closeIdle();
      const cursor = { ...opened, cursorId: randomKey(ID_LENGTH), position: 0, lastUsedAtMs: clock.now() };
      cursors.set(cursor.cursorId, cursor);
      return cursor;
    },
    require: (session, cursorId) => {
      closeIdle();
      const cursor = cursors.get(cursorId);
      if (cursor?.session !== session) {
        throw new FairComError('cursorUnknown', 'cursorId does not match an open cursor of this session');
      }
      cursor.lastUsedAtMs = clock.now();
      return cursor;
    },
    close: ({ cursorId }) => {
      cursors.delete(cursorId);
    },
    closeOf: (session) => {
      for (const cursor of [...cursors.values()]) if (cursor.session === session) cursors.delete(cursor.cursorId);
    },
    isOnTable: (database, tableUid) => {
      closeIdle();
      return [...cursors.values()].some(
        ({ source }) => 'rowids' in source && source.database === database && source.tableUid === tableUid,
      );
    },
  };
}
