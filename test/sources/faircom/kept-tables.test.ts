import { expect, it } from 'vitest';
import { createKeptTables } from '../../../src/sources/faircom/kept-tables.ts';
import type { FairComTable } from '../../../src/sources/faircom/types.ts';

const table: FairComTable = {
  databaseName: 'ctreeSQL',
  ownerName: 'admin',
  tableName: 'shipment',
  path: undefined,
  changeIdField: undefined,
  primaryKeyFields: ['id'],
  fields: [],
  indexes: [],
};

it('keeps the description of a table for ten seconds after it was read', () => {
  let nowMs = 1_000_000;
  const kept = createKeptTables(() => nowMs);
  kept.keep('shipment', table);
  nowMs += 9_999;
  expect(kept.find('shipment')).toBe(table);
  nowMs += 1;
  expect(kept.find('shipment')).toBeUndefined();
  kept.keep('shipment', table);
  expect(kept.find('shipment')).toBe(table);
});

it('keeps nothing that has been forgotten, and nothing of other tables', () => {
  const kept = createKeptTables(Date.now);
  kept.keep('shipment', table);
  expect(kept.find('parcel')).toBeUndefined();
  kept.forget('shipment');
  expect(kept.find('shipment')).toBeUndefined();
});
