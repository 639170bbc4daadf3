import { FairComError } from '../errors.ts';
import { isJsonObject, parseExactJson } from '../wire/exact-json.ts';
import type { Connection } from './connection.ts';
import type { Table } from './table.ts';

/** Stored names begin with a character that no name in a client's SQL can begin with. */
const TABLES = '"$tables"';

/** The vendor's catalogue view of tables, `<owner>.systables` (faircom-netography-api.md §A10). */
export const SYSTABLES_VIEW = '$systables';

export function createCatalogue(writer: Connection): void {
  writer.run(`CREATE TABLE IF NOT EXISTS ${TABLES} (
    uid INTEGER PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL)`);
  writer.run(`CREATE UNIQUE INDEX IF NOT EXISTS "$names" ON ${TABLES} (lower(owner), lower(name))`);
  writer.run(`CREATE VIEW IF NOT EXISTS "${SYSTABLES_VIEW}" AS
    SELECT uid AS id, name AS tbl, owner, owner AS creator, 'T' AS tbltype FROM ${TABLES}`);
}

function toTable(definition: unknown): Table {
  const parsed = parseExactJson(String(definition));
  if (!isJsonObject(parsed)) throw new TypeError('The catalogue holds something that is not a table.');
  return parsed as unknown as Table;
}

export function findTable(connection: Connection, ownerName: string, tableName: string): Table | undefined {
  const [row] = connection.all(`SELECT definition FROM ${TABLES} WHERE lower(owner) = ? AND lower(name) = ?`, [
    ownerName.toLowerCase(),
    tableName.toLowerCase(),
  ]);
  return row && toTable(row[0]);
}

export function findTableByUid(connection: Connection, uid: number): Table | undefined {
  const [row] = connection.all(`SELECT definition FROM ${TABLES} WHERE uid = ?`, [BigInt(uid)]);
  return row && toTable(row[0]);
}

/** A missing table and one that cannot be opened look the same to the vendor's clients: code 12 (§A12). */
export function requireTable(connection: Connection, ownerName: string, tableName: string): Table {
  const table = findTable(connection, ownerName, tableName);
  if (!table) throw new FairComError('cannotOpen', `Could not open table "${tableName}" of owner "${ownerName}".`);
  return table;
}

/** All tables of an owner by name. */
export function listTables(connection: Connection, ownerName: string): Table[] {
  const rows = connection.all(`SELECT definition FROM ${TABLES} WHERE lower(owner) = ? ORDER BY lower(name)`, [
    ownerName.toLowerCase(),
  ]);
  return rows.map(([definition]) => toTable(definition));
}

export function isOwner(connection: Connection, ownerName: string): boolean {
  return connection.all(`SELECT 1 FROM ${TABLES} WHERE lower(owner) = ? LIMIT 1`, [ownerName.toLowerCase()]).length > 0;
}

export function saveTable(connection: Connection, table: Table): void {
  const insert = `INSERT INTO ${TABLES} (uid, owner, name, definition) VALUES (?, ?, ?, ?)`;
  const replace = 'ON CONFLICT (uid) DO UPDATE SET name = excluded.name, definition = excluded.definition';
  const values = [BigInt(table.uid), table.ownerName, table.tableName, JSON.stringify(table)];
  connection.run(`${insert} ${replace}`, values);
}

export function forgetTable(connection: Connection, table: Table): void {
  connection.run(`DELETE FROM ${TABLES} WHERE uid = ?`, [BigInt(table.uid)]);
}
