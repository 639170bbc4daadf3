import { join } from 'node:path';
import type { Clock } from '../../kit/clock.ts';
import { decimalSortKey, parseDecimal } from '../values/decimal.ts';
import type { SqlValue } from '../values/field.ts';
import { timestampOf } from '../values/temporal.ts';
import { createCatalogue } from './catalogue.ts';
import { type Connection, createConnection, type SqlFunction } from './connection.ts';
import type { Counters } from './counters.ts';
import { createWriteLock, type WriteLock } from './write-lock.ts';

/** One of the server's databases: a SQLite file with one connection that writes and one that sees what is committed. */
export interface Database {
  readonly databaseName: string;
  readonly uid: number;
  /** What listDatabases shows; the file on disk lies elsewhere. */
  readonly path: string;
  readonly file: string;
  readonly writer: Connection;
  readonly reader: Connection;
  readonly lock: WriteLock;
  close(): void;
}

export type DatabaseEntry = Pick<Database, 'databaseName' | 'uid' | 'path'>;

export function decimalKey(value: SqlValue): SqlValue {
  const decimal = value === null ? undefined : parseDecimal(String(value));
  return decimal ? decimalSortKey(decimal) : value;
}

/** Compares from the last character on, as an index with `reverseCompare` does (faircom-netography-api.md §A7). */
export function reversed(value: SqlValue): SqlValue {
  if (value instanceof Uint8Array) return value.slice().reverse();
  return typeof value === 'string' ? [...value].reverse().join('') : value;
}

export const nextRecordId = (counters: Counters, tableUid: number, count = 1) =>
  counters.take(`id of table ${tableUid}`, 1n, count);

/** What automatic fields hold when SQL inserts or updates a record without naming them. */
function automaticFields(counters: Counters, clock: Clock): Record<string, SqlFunction> {
  return {
    next_record_id: (tableUid) => nextRecordId(counters, Number(tableUid)),
    next_change_id: () => counters.nextChangeId(),
    server_time: () => timestampOf(clock.now()),
  };
}

export function openDatabase(folder: string, entry: DatabaseEntry, counters: Counters, clock: Clock): Database {
  const file = join(folder, `database-${entry.uid}.sqlite`);
  const options = {
    file,
    pureFunctions: { decimal_key: decimalKey, reversed },
    defaultFunctions: automaticFields(counters, clock),
  };
  const writer = createConnection(options);
  writer.all('PRAGMA journal_mode = WAL');
  createCatalogue(writer);
  const reader = createConnection({ ...options, isReadOnly: true });
  const lock = createWriteLock();
  return {
    ...entry,
    file,
    writer,
    reader,
    lock,
    close: () => {
      reader.close();
      writer.close();
    },
  };
}
