import { FairComError } from '../errors.ts';
import type { Connection } from '../storage/connection.ts';
import type { Database } from '../storage/database.ts';
import { randomKey, type Session } from './sessions.ts';

interface Savepoint {
  readonly id: number;
  /** The databases that the transaction had written to when the savepoint was made. */
  readonly databases: ReadonlySet<Database>;
}

/**
 * A transaction of the JSON DB API (faircom-netography-api.md §A11). It takes a database's write lock with its first
 * write there and keeps it until it closes; until then it reads what is committed, like everyone else.
 */
export interface Transaction {
  readonly transactionId: string;
  readonly session: Session;
  isOpen: boolean;
  /** Databases with a write of this transaction, or with one that waits for its lock. */
  readonly entries: Map<Database, Promise<void>>;
  readonly written: Set<Database>;
  savepoints: Savepoint[];
  lastSavepointId: number;
}

export interface Transactions {
  open(session: Session): Transaction;
  /** The open transaction of this session; ids belong to the session that made them. */
  require(session: Session, transactionId: string): Transaction;
  all(): readonly Transaction[];
  commit(transaction: Transaction): void;
  rollback(transaction: Transaction): void;
  rollbackOf(session: Session): void;
}

const ID_LENGTH = 32;

function leave(transaction: Transaction, database: Database, statement: 'COMMIT' | 'ROLLBACK'): void {
  database.writer.run(statement);
  transaction.written.delete(database);
  transaction.entries.delete(database);
  database.lock.release();
}

export function createTransactions(): Transactions {
  const transactions = new Map<string, Transaction>();
  const close = (transaction: Transaction, statement: 'COMMIT' | 'ROLLBACK') => {
    transaction.isOpen = false;
    transactions.delete(transaction.transactionId);
    for (const database of [...transaction.written]) leave(transaction, database, statement);
  };
  const rollback = (transaction: Transaction) => close(transaction, 'ROLLBACK');
  return {
    open: (session) => {
      const transaction: Transaction = {
        transactionId: randomKey(ID_LENGTH),
        session,
        isOpen: true,
        entries: new Map(),
        written: new Set(),
        savepoints: [],
        lastSavepointId: 0,
      };
      transactions.set(transaction.transactionId, transaction);
      return transaction;
    },
    require: (session, transactionId) => {
      const transaction = transactions.get(transactionId);
      if (transaction?.session === session) return transaction;
      throw new FairComError('transactionUnknown', 'transactionId does not match an open transaction of this session');
    },
    all: () => [...transactions.values()],
    commit: (transaction) => close(transaction, 'COMMIT'),
    rollback,
    rollbackOf: (session) => {
      for (const transaction of [...transactions.values()]) if (transaction.session === session) rollback(transaction);
    },
  };
}

const savepointName = (id: number) => `"savepoint ${id}"`;

export function addSavepoint(transaction: Transaction): number {
  transaction.lastSavepointId += 1;
  const id = transaction.lastSavepointId;
  for (const { writer } of transaction.written) writer.run(`SAVEPOINT ${savepointName(id)}`);
  transaction.savepoints.push({ id, databases: new Set(transaction.written) });
  return id;
}

/** Undoes what came after the savepoint; the transaction and the savepoint stay. */
export function revertToSavepoint(transaction: Transaction, id: number): void {
  const position = transaction.savepoints.findIndex((savepoint) => savepoint.id === id);
  const savepoint = transaction.savepoints[position];
  if (!savepoint) throw new FairComError('savepointUnknown', 'transactionSavepointId does not match a savepoint');
  for (const database of [...transaction.written]) {
    if (savepoint.databases.has(database)) database.writer.run(`ROLLBACK TO ${savepointName(id)}`);
    else leave(transaction, database, 'ROLLBACK');
  }
  transaction.savepoints = transaction.savepoints.slice(0, position + 1);
}

async function lock(database: Database, timeoutMs: number): Promise<void> {
  const isLocked = await database.lock.acquire(timeoutMs);
  if (!isLocked) throw new FairComError('locked', 'Another transaction holds the lock on these records.');
}

async function enter(transaction: Transaction, database: Database, timeoutMs: number): Promise<void> {
  try {
    await lock(database, timeoutMs);
  } catch (error) {
    transaction.entries.delete(database);
    throw error;
  }
  if (transaction.isOpen) {
    database.writer.run('BEGIN IMMEDIATE');
    transaction.written.add(database);
    return;
  }
  database.lock.release();
}

/** Keeps what `run` wrote when it gives true, and undoes it when it gives false. */
export function savepointed(connection: Connection, run: () => boolean): void {
  connection.run('SAVEPOINT action');
  if (!run()) connection.run('ROLLBACK TO action');
  connection.run('RELEASE action');
}

/** Runs a part of a transaction all or nothing. */
export function nested<Result>(connection: Connection, run: () => Result): Result {
  connection.run('SAVEPOINT action');
  try {
    const result = run();
    connection.run('RELEASE action');
    return result;
  } catch (error) {
    connection.run('ROLLBACK TO action');
    connection.run('RELEASE action');
    throw error;
  }
}

function alone<Result>(connection: Connection, run: () => Result): Result {
  connection.run('BEGIN IMMEDIATE');
  try {
    const result = run();
    connection.run('COMMIT');
    return result;
  } catch (error) {
    connection.run('ROLLBACK');
    throw error;
  }
}

/**
 * Runs the writing part of an action: as a transaction of its own, or within the caller's. One writer at a time: the
 * others wait for the lock, and get code 42 when that takes too long.
 */
export async function writeTo<Result>(
  database: Database,
  transaction: Transaction | undefined,
  lockTimeoutMs: number,
  run: (connection: Connection) => Result,
): Promise<Result> {
  const { writer } = database;
  if (!transaction) {
    await lock(database, lockTimeoutMs);
    try {
      return alone(writer, () => run(writer));
    } finally {
      database.lock.release();
    }
  }
  const entry = transaction.entries.get(database) ?? enter(transaction, database, lockTimeoutMs);
  transaction.entries.set(database, entry);
  await entry;
  if (!transaction.isOpen) throw new FairComError('transactionUnknown', 'The transaction was closed meanwhile.');
  return nested(writer, () => run(writer));
}
