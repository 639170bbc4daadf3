import type { Random } from '../kit/random.ts';
import { insertRows } from './actions/insert-records.ts';
import { readSourceData } from './actions/source-data.ts';
import { type SeedTable, seedTables } from './seed-tables.ts';
import type { Server } from './server.ts';
import { findTable, requireTable } from './storage/catalogue.ts';
import { readField } from './storage/define-field.ts';
import { readIndex } from './storage/define-index.ts';
import { defineTable } from './storage/define-table.ts';
import { addIndex, addTable } from './storage/edit-tables.ts';

const DATABASE = 'ctreeSQL';
const OWNER = 'admin';
/** Records that were inserted together share a change id. */
const BATCH = 25;

function seedTable(server: Server, random: Random, seeded: SeedTable): void {
  const { writer } = server.store.database(DATABASE);
  const { tableName, primaryKeyFields = [], fields, indexes, recordCount, record } = seeded;
  addTable(
    writer,
    defineTable(server.store.counters, {
      ownerName: OWNER,
      tableName,
      fields: fields.map(readField),
      primaryKeyFields,
      changeIdField: undefined,
      addsAutomaticFields: true,
      settings: {},
    }),
  );
  const table = requireTable(writer, OWNER, tableName);
  for (let first = 0; first < recordCount; first += BATCH) {
    const length = Math.min(BATCH, recordCount - first);
    const sourceData = Array.from({ length }, (_, index) => record(random, first + index + 1));
    insertRows(server, writer, table, readSourceData(table, { sourceData }), 'hex');
  }
  for (const index of indexes) {
    const tableSoFar = requireTable(writer, OWNER, tableName);
    addIndex(writer, tableSoFar, readIndex(tableSoFar, index));
  }
}

/** Fills a new server with tables that look like the work of a media company; a server that has them stays as it is. */
export function seedStore(server: Server, random: Random): void {
  const { writer } = server.store.database(DATABASE);
  const missing = seedTables.filter(({ tableName }) => !findTable(writer, OWNER, tableName));
  if (missing.length === 0) return;
  writer.run('BEGIN IMMEDIATE');
  for (const seeded of missing) seedTable(server, random, seeded);
  writer.run('COMMIT');
}
