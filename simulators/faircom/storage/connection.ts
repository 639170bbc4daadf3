import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SqlValue } from '../values/field.ts';

/** A column of a query's result: where it comes from, when it is a plain column of a table. */
export interface ResultColumn {
  readonly name: string;
  readonly table: string | null;
  readonly column: string | null;
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: Iterable<readonly SqlValue[]>;
}

/** One connection to a SQLite file. Integers come back as bigint, rows as arrays. */
export interface Connection {
  all(sql: string, values?: readonly SqlValue[]): SqlValue[][];
  /** Runs a statement; gives how many rows it changed. */
  run(sql: string, values?: readonly SqlValue[]): number;
  /** Prepares a query that a client wrote; the rows are read as they are asked for. */
  query(sql: string, values: readonly SqlValue[]): QueryResult;
  close(): void;
}

export type SqlFunction = (value: SqlValue) => SqlValue;

export interface ConnectionOptions {
  readonly file: string;
  readonly isReadOnly?: boolean;
  /** Functions of one argument that depend on nothing else; they may stand in indexes. */
  readonly pureFunctions?: Readonly<Record<string, SqlFunction>>;
  /** Functions of one argument that columns may have as their default. */
  readonly defaultFunctions?: Readonly<Record<string, SqlFunction>>;
}

/** Prepared statements are kept up to this number. */
const KEPT_STATEMENTS = 300;

function open(options: ConnectionOptions): DatabaseSync {
  const database = new DatabaseSync(options.file, {
    readBigInts: true,
    returnArrays: true,
    readOnly: options.isReadOnly ?? false,
  });
  const useBigIntArguments = true;
  for (const [name, run] of Object.entries(options.pureFunctions ?? {})) {
    database.function(name, { deterministic: true, useBigIntArguments }, (value) => run(value as SqlValue));
  }
  for (const [name, run] of Object.entries(options.defaultFunctions ?? {})) {
    database.function(name, { useBigIntArguments }, (value) => run(value as SqlValue));
  }
  // Durability across a power cut is of no use here, speed is; LIKE tells case apart in the vendor's SQL.
  database.exec('PRAGMA synchronous = OFF; PRAGMA case_sensitive_like = ON');
  return database;
}

export function createConnection(options: ConnectionOptions): Connection {
  const database = open(options);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= KEPT_STATEMENTS) statements.clear();
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const bindable = (values: readonly SqlValue[]) => values as readonly SQLInputValue[];
  return {
    all: (sql, values = []) => prepare(sql).all(...bindable(values)) as unknown as SqlValue[][],
    run: (sql, values = []) => Number(prepare(sql).run(...bindable(values)).changes),
    query: (sql, values) => {
      const statement = database.prepare(sql);
      const rows = statement.iterate(...bindable(values)) as unknown as Iterable<SqlValue[]>;
      return { columns: statement.columns(), rows };
    },
    close: () => database.close(),
  };
}
