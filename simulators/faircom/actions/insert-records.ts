import type { Server } from '../server.ts';
import type { Connection } from '../storage/connection.ts';
import { nextRecordId } from '../storage/database.ts';
import { recordInserter } from '../storage/records.ts';
import { withVendorErrors } from '../storage/sqlite-error.ts';
import type { StoredRecord, Table } from '../storage/table.ts';
import type { BinaryFormat } from '../values/binary.ts';
import { encodeValue } from '../values/encode-value.ts';
import type { Field, SqlValue } from '../values/field.ts';
import { timestampOf } from '../values/temporal.ts';
import { type Call, findTable, inputFormat, type Outcome, write } from './action.ts';
import { recordsResult } from './record-result.ts';
import { readSourceData, type SourceRow } from './source-data.ts';

/** What the server itself puts into the fields of one inserted record. */
interface AutomaticValues {
  readonly recordId: bigint;
  readonly changeId: bigint;
  readonly now: string;
}

/** Automatic fields are the server's alone: what a client sends for them is not used. */
function automaticValue({ autoValue }: Field, values: AutomaticValues): SqlValue | undefined {
  if (autoValue === 'none') return undefined;
  if (autoValue === 'incrementOnInsert') return values.recordId;
  return autoValue === 'changeId' ? values.changeId : values.now;
}

function valuesOf(table: Table, { given }: SourceRow, automatic: AutomaticValues, format: BinaryFormat): SqlValue[] {
  return table.fields.map((field, place) => {
    const own = automaticValue(field, automatic);
    if (own !== undefined) return own;
    return given.has(place)
      ? encodeValue(field, given.get(place), format)
      : encodeValue(field, field.defaultValue, 'hex');
  });
}

/** Writes the rows with one change id for all of them, as one engine transaction does. */
export function insertRows(
  server: Pick<Server, 'store' | 'clock'>,
  connection: Connection,
  table: Table,
  rows: readonly SourceRow[],
  format: BinaryFormat,
): StoredRecord[] {
  if (rows.length === 0) return [];
  const { counters } = server.store;
  const firstId = nextRecordId(counters, table.uid, rows.length);
  const changeId = counters.nextChangeId();
  const now = timestampOf(server.clock.now());
  const insert = recordInserter(connection, table);
  return rows.map((row, index) => {
    const automatic = { recordId: firstId + BigInt(index), changeId, now };
    const values = valuesOf(table, row, automatic, format);
    return withVendorErrors(() => insert(values), 'valueRefused');
  });
}

/** Adds records, all or none, and returns them as stored (faircom-netography-api.md §A9). */
export async function insertRecords(call: Call): Promise<Outcome> {
  const format = inputFormat(call);
  const { table, records } = await write(call, (connection) => {
    const found = findTable(call, connection);
    const rows = readSourceData(found, call.parameters);
    return { table: found, records: insertRows(call.server, connection, found, rows, format) };
  });
  const counts = { requestedRecordCount: records.length, totalRecordCount: records.length };
  return { result: recordsResult(call.format, table, records, counts) };
}
