import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { wholeOf } from '../fields.ts';
import { conditionsOf, type FeedQuery } from './feed-query.ts';
import { fromSeed, seedRows } from './seed-transfers.ts';
import { type FileRecord, isActive, isFinal, type TransferRecord } from './transfer-record.ts';

/** A page of the change feed: oldest change first, and the token that continues after it. */
export interface FeedPage {
  readonly transfers: readonly TransferRecord[];
  readonly next: number;
}

/**
 * All transfers that a node remembers, as a change feed: each save moves a transfer to the end under a number that
 * only grows, which is what an iteration token counts (aspera-node-api.md §5.2).
 */
export interface TransferStore {
  save(record: TransferRecord): void;
  saveFile(transferId: string, position: number, file: FileRecord): void;
  find(id: string): TransferRecord | undefined;
  /** The newest transfer of that `tags.aspera.xfer_id` on that endpoint. */
  findByXferId(xferId: string, endpoint: TransferRecord['endpoint']): TransferRecord | undefined;
  files(transferId: string, limit: number): readonly FileRecord[];
  page(query: FeedQuery): FeedPage;
  /** How SQLite goes about a page: its EXPLAIN QUERY PLAN lines. */
  explain(query: FeedQuery): readonly string[];
  /** Puts transfers of the past before everything that is known; nobody's token sees them as changes. */
  seed(count: number, nowMs: number): void;
  /** Drops finished transfers whose last change is older. */
  forgetBefore(milliseconds: number): void;
  forgetFinished(): void;
  forgetOf(accessKeyId: string): void;
  /** Numbers the changes anew from 1, as a node does that lost its log's counter. */
  renumber(): void;
  close(): void;
}

/** The feed starts here so that seeded history fits before it and tokens look like a server's that has run for a while. */
const FIRST_CHANGE = 100_000_000;

const schema = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  CREATE TABLE transfers (
    id TEXT PRIMARY KEY,
    change INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    status TEXT NOT NULL,
    active INTEGER NOT NULL,
    final INTEGER NOT NULL,
    direction TEXT NOT NULL,
    access_key TEXT,
    user_id TEXT,
    xfer_id TEXT,
    tags TEXT NOT NULL,
    seed INTEGER,
    document TEXT
  );
  CREATE UNIQUE INDEX transfers_by_change ON transfers (change);
  CREATE INDEX transfers_active ON transfers (change) WHERE active = 1;
  CREATE INDEX transfers_by_time ON transfers (changed_ms, change);
  CREATE INDEX transfers_by_xfer_id ON transfers (xfer_id) WHERE xfer_id IS NOT NULL;
  CREATE TABLE files (
    transfer_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (transfer_id, position)
  ) WITHOUT ROWID;
`;

const upsert = `INSERT OR REPLACE INTO transfers
  (id, change, changed_ms, endpoint, status, active, final, direction, access_key, user_id, xfer_id, tags, seed, document)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const columns = 'id, change, changed_ms, status, direction, tags, seed, document';

interface StoreState {
  readonly database: DatabaseSync;
  readonly now: () => number;
  lastChange: number;
}

export const xferIdOf = (record: Pick<TransferRecord, 'tags'>): string | undefined => {
  const aspera = record.tags.aspera as { xfer_id?: unknown } | undefined;
  return typeof aspera?.xfer_id === 'string' ? aspera.xfer_id : undefined;
};

type Row = Record<string, unknown>;

function recordOf(row: Row): TransferRecord {
  if (typeof row.document === 'string') return JSON.parse(row.document) as TransferRecord;
  return fromSeed(row);
}

function save(state: StoreState, record: TransferRecord): void {
  state.lastChange += 1;
  const { id, endpoint, status, direction, accessKeyId, userId, tags } = record;
  state.database
    .prepare(upsert)
    .run(
      ...[id, state.lastChange, state.now(), endpoint, status, Number(isActive(status)), Number(isFinal(status))],
      ...[direction, accessKeyId ?? null, userId ?? null, xferIdOf(record) ?? null],
      ...[JSON.stringify(tags), null, JSON.stringify(record)],
    );
}

function pageStatement(query: FeedQuery): { sql: string; values: SQLInputValue[] } {
  const { conditions, values } = conditionsOf(query);
  const where = ['change > ?', ...conditions].join(' AND ');
  const sql = `SELECT ${columns} FROM transfers WHERE ${where} ORDER BY change LIMIT ?`;
  return { sql, values: [query.after ?? 0, ...values, query.count] };
}

function page(state: StoreState, query: FeedQuery): FeedPage {
  const { sql, values } = pageStatement(query);
  const rows: Row[] = state.database.prepare(sql).all(...values);
  const isFull = rows.length === query.count;
  const last = wholeOf(rows.at(-1)?.change) ?? 0;
  // Everything up to the newest change was looked at unless the page is full; a token never goes back.
  return { transfers: rows.map(recordOf), next: isFull ? last : Math.max(query.after ?? 0, state.lastChange) };
}

function renumber(state: StoreState): void {
  state.database.exec(`
    CREATE TEMP TABLE renumbered AS SELECT id, row_number() OVER (ORDER BY change) AS change FROM transfers;
    UPDATE transfers SET change = -change;
    UPDATE transfers SET change = renumbered.change FROM renumbered WHERE renumbered.id = transfers.id;
    DROP TABLE renumbered;
  `);
  state.lastChange = wholeOf(state.database.prepare('SELECT max(change) AS last FROM transfers').get()?.last) ?? 0;
}

function seed(state: StoreState, count: number, nowMs: number): void {
  const { database } = state;
  const oldest = database.prepare('SELECT min(change) AS change, min(changed_ms) AS time FROM transfers').get();
  const change = wholeOf(oldest?.change) ?? state.lastChange + 1;
  // Changes and times grow together: what is seeded later is older still.
  const endMs = Math.min(nowMs, wholeOf(oldest?.time) ?? nowMs);
  const statement = database.prepare(upsert);
  database.exec('BEGIN');
  for (const row of seedRows(count, { change, endMs, nowMs })) statement.run(...row);
  database.exec('COMMIT');
}

function forget(state: StoreState, condition: string, ...values: SQLInputValue[]): void {
  const gone = `SELECT id FROM transfers WHERE ${condition}`;
  state.database.prepare(`DELETE FROM files WHERE transfer_id IN (${gone})`).run(...values);
  state.database.prepare(`DELETE FROM transfers WHERE ${condition}`).run(...values);
}

function files(state: StoreState, transferId: string, limit: number): readonly FileRecord[] {
  const rows: Row[] = state.database
    .prepare('SELECT document FROM files WHERE transfer_id = ? ORDER BY position LIMIT ?')
    .all(transferId, limit);
  return rows.map((row) => JSON.parse(String(row.document)) as FileRecord);
}

function find(state: StoreState, condition: string, ...values: SQLInputValue[]): TransferRecord | undefined {
  const sql = `SELECT ${columns} FROM transfers WHERE ${condition} ORDER BY change DESC LIMIT 1`;
  const row = state.database.prepare(sql).get(...values);
  return row && recordOf(row);
}

export function createTransferStore(now: () => number): TransferStore {
  // A database without a name is SQLite's own temporary file: as large as history gets, gone when it is closed.
  const state: StoreState = { database: new DatabaseSync(''), now, lastChange: FIRST_CHANGE };
  state.database.exec(schema);
  return {
    save: (record) => save(state, record),
    saveFile: (transferId, position, file) => {
      const sql = 'INSERT OR REPLACE INTO files (transfer_id, position, document) VALUES (?, ?, ?)';
      state.database.prepare(sql).run(transferId, position, JSON.stringify(file));
    },
    find: (id) => find(state, 'id = ?', id),
    findByXferId: (xferId, endpoint) => find(state, 'xfer_id = ? AND endpoint = ?', xferId, endpoint),
    files: (transferId, limit) => files(state, transferId, limit),
    page: (query) => page(state, query),
    explain: (query) => {
      const { sql, values } = pageStatement(query);
      return state.database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map((row) => String(row.detail));
    },
    seed: (count, nowMs) => seed(state, count, nowMs),
    forgetBefore: (milliseconds) => forget(state, 'changed_ms < ? AND active = 0 AND final = 1', milliseconds),
    forgetFinished: () => forget(state, 'final = 1'),
    forgetOf: (accessKeyId) => forget(state, 'access_key = ? AND final = 1', accessKeyId),
    renumber: () => renumber(state),
    close: () => {
      if (state.database.isOpen) state.database.close();
    },
  };
}
