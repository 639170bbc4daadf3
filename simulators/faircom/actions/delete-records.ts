import { FairComError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { removeAllRecords, removeRecord } from '../storage/records.ts';
import type { Table } from '../storage/table.ts';
import { type Call, findDatabase, findTable, inputFormat, type Outcome, write } from './action.ts';
import { findNamedRecords } from './find-records.ts';
import { recordsResult } from './record-result.ts';

/** Removes records and returns them; there is no change id check here (faircom-netography-api.md §A9). */
export async function deleteRecords(call: Call): Promise<Outcome> {
  const { table, records, requestedCount } = await write(call, (connection) => {
    const found = findTable(call, connection);
    const named = findNamedRecords(connection, found, call.parameters, inputFormat(call));
    const records = [...new Map(named.records.map((record) => [record.rowid, record])).values()];
    for (const { rowid } of records) removeRecord(connection, found, rowid);
    return { table: found, records, requestedCount: named.requestedCount };
  });
  const counts = { requestedRecordCount: requestedCount, totalRecordCount: records.length };
  return { result: recordsResult(call.format, table, records, counts) };
}

function checkNotInUse({ server }: Call, database: Database, table: Table): void {
  const isWritten = server.transactions.all().some(({ written }) => written.has(database));
  if (isWritten || server.cursors.isOnTable(database, table.uid)) {
    throw new FairComError('cannotOpen', `Table "${table.tableName}" is open elsewhere.`);
  }
}

/** Empties a table that nobody has open; not part of any transaction (§A9). */
export async function truncateRecords(call: Call): Promise<Outcome> {
  const database = findDatabase(call);
  checkNotInUse(call, database, findTable(call, database.reader));
  await write(call, (connection) => removeAllRecords(connection, findTable(call, connection)));
  return { result: {} };
}
