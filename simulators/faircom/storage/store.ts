import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../kit/clock.ts';
import type { Random } from '../../kit/random.ts';
import { FairComError } from '../errors.ts';
import type { SqlValue } from '../values/field.ts';
import { createConnection } from './connection.ts';
import { type Counters, createCounters } from './counters.ts';
import { type Database, type DatabaseEntry, openDatabase } from './database.ts';

/** Everything that outlives a restart: the databases and the counters, in SQLite files of one folder. */
export interface Store {
  readonly counters: Counters;
  databases(): readonly Database[];
  database(name: string): Database;
  createDatabase(name: string, path: string): Database;
  deleteDatabase(name: string): void;
  close(): void;
}

/** The databases that a new server has, and where the numbers of later ones begin (faircom-netography-api.md §A6). */
const builtIn: readonly DatabaseEntry[] = [
  { databaseName: 'ctreeSQL', uid: 999, path: './ctreeSQL.dbs/SQL_SYS' },
  { databaseName: 'faircom', uid: 1001, path: './faircom.dbs/SQL_SYS' },
];
const FIRST_UID = 1007n;

const toEntry = ([databaseName, uid, path]: readonly SqlValue[]): DatabaseEntry => ({
  databaseName: String(databaseName),
  uid: Number(uid),
  path: String(path),
});

export function openStore(folder: string, random: Random, clock: Clock): Store {
  const connection = createConnection({ file: join(folder, 'server.sqlite') });
  connection.all('PRAGMA journal_mode = WAL');
  connection.run('CREATE TABLE IF NOT EXISTS databases (name TEXT PRIMARY KEY, uid INTEGER NOT NULL, path TEXT)');
  const counters = createCounters(connection, random);
  const open = new Map<string, Database>();
  const remember = (entry: DatabaseEntry) => {
    const database = openDatabase(folder, entry, counters, clock);
    open.set(entry.databaseName.toLowerCase(), database);
    return database;
  };
  const add = (entry: DatabaseEntry) => {
    const { databaseName, uid, path } = entry;
    connection.run('INSERT INTO databases VALUES (?, ?, ?)', [databaseName, BigInt(uid), path]);
    return remember(entry);
  };
  const stored = connection.all('SELECT name, uid, path FROM databases').map(toEntry);
  if (stored.length === 0) for (const entry of builtIn) add(entry);
  else for (const entry of stored) remember(entry);
  const database = (name: string) => {
    const found = open.get(name.toLowerCase());
    if (!found) throw new FairComError('cannotOpen', `Could not open database "${name}".`);
    return found;
  };
  return {
    counters,
    databases: () => [...open.values()].sort((left, right) => (left.databaseName < right.databaseName ? -1 : 1)),
    database,
    createDatabase: (databaseName, path) => {
      // The same message as for a path that cannot be made: only the code tells the two apart (§A6).
      if (open.has(databaseName.toLowerCase())) throw new FairComError('databaseExists', "Can't create database");
      return add({ databaseName, uid: Number(counters.take('database uid', FIRST_UID)), path });
    },
    deleteDatabase: (name) => {
      const { file, databaseName, close } = database(name);
      close();
      open.delete(databaseName.toLowerCase());
      connection.run('DELETE FROM databases WHERE name = ?', [databaseName]);
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    },
    close: () => {
      for (const { close } of open.values()) close();
      connection.close();
    },
  };
}
