import { expect, it, onTestFinished } from 'vitest';
import { isAtOrBeside, isBeside, type KeyPoint } from '../../../simulators/faircom/actions/key-walk.ts';
import type { Connection } from '../../../simulators/faircom/storage/connection.ts';
import { readField } from '../../../simulators/faircom/storage/define-field.ts';
import { readIndex } from '../../../simulators/faircom/storage/define-index.ts';
import { defineTable } from '../../../simulators/faircom/storage/define-table.ts';
import { addIndex, addTable } from '../../../simulators/faircom/storage/edit-tables.ts';
import { keyParts } from '../../../simulators/faircom/storage/index-key.ts';
import { indexOrder, type Selection, selectRecords } from '../../../simulators/faircom/storage/records.ts';
import { openStore } from '../../../simulators/faircom/storage/store.ts';
import type { Table } from '../../../simulators/faircom/storage/table.ts';
import { createClock } from '../../../simulators/kit/clock.ts';
import { createRandom } from '../../../simulators/kit/random.ts';
import { newFolder } from './harness.ts';

function openTable(): { readonly connection: Connection; readonly table: Table } {
  const store = openStore(newFolder(), createRandom(1), createClock());
  onTestFinished(() => store.close());
  const { writer } = store.database('ctreeSQL');
  const table = defineTable(store.counters, {
    ownerName: 'admin',
    tableName: 'shipment',
    fields: [readField({ name: 'state', type: 'varchar', length: 16 })],
    primaryKeyFields: [],
    changeIdField: undefined,
    addsAutomaticFields: true,
    settings: {},
  });
  addTable(writer, table);
  const index = readIndex(table, { indexName: 'by_state', fields: [{ name: 'state', caseInsensitive: true }] });
  addIndex(writer, table, index);
  return { connection: writer, table: { ...table, indexes: [...table.indexes, index] } };
}

/** How SQLite would read a selection. */
function planOf(connection: Connection, table: Table, selection: Selection): string {
  let plan = '';
  const explaining: Connection = {
    ...connection,
    all: (sql, values) => {
      plan = connection
        .all(`EXPLAIN QUERY PLAN ${sql}`, values)
        .map((row) => String(row.at(-1)))
        .join('\n');
      return [];
    },
  };
  selectRecords(explaining, table, selection, { skip: 0, max: 20 });
  return plan;
}

it.each([
  ['id_pk', [4_000n, 4_000n], /^SEARCH \S+ USING INDEX \S+ \(id>\?\)$/],
  ['by_state', ['sent', 4_000n], /^SEARCH \S+ USING INDEX \S+ \(state>\?\)$/],
] as const)('a walk of %s from a key on begins there, however much comes before', (indexName, values, expected) => {
  const { connection, table } = openTable();
  const index = table.indexes.find((candidate) => candidate.indexName === indexName);
  if (!index) throw new Error(`there is no index ${indexName}`);
  const order = indexOrder(keyParts(table, index));
  const points = order.map((term, place): KeyPoint => ({ term, value: values[place] ?? null }));
  for (const where of [isBeside('after', points), isAtOrBeside('after', points)]) {
    expect(planOf(connection, table, { where: [where], order })).toMatch(expected);
  }
});
