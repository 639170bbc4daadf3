import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toField } from '../../../src/sources/faircom/field.ts';
import { readValue } from '../../../src/sources/faircom/field-values.ts';
import { createRowReader, toRecord } from '../../../src/sources/faircom/record.ts';
import type { FairComTable } from '../../../src/sources/faircom/types.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { BadRow, recordAtModel } from '../../helpers/wires/faircom-model.ts';

const described = {
  id: 'bigint',
  Reel: 'varchar',
  take: 'integer',
  checked: 'bit',
  constructor: 'varchar',
  length: 'number',
  changeId: 'bigint',
} as const;

const fields = Object.entries(described).map(([name, type]) =>
  toField({
    name,
    type,
    length: 8,
    scale: 0,
    defaultValue: undefined,
    nullable: true,
    primaryKey: 0,
    autoValue: undefined,
  }),
);

const tableWith = (primaryKeyFields: readonly string[], changeIdField: string | undefined): FairComTable => ({
  ...{ databaseName: 'd', ownerName: 'o', tableName: 't', path: undefined, fields, indexes: [] },
  primaryKeyFields,
  changeIdField,
});

const tables = fc.constantFrom(
  tableWith(['id'], 'changeid'),
  tableWith(['ID'], undefined),
  tableWith(['reel', 'take'], 'changeId'),
  tableWith(['constructor'], undefined),
  tableWith([], 'changeId'),
);

const integers = fc.oneof(fc.bigInt().map(String), fc.constantFrom<unknown>('-0', '007', '+1', '', 7, 1.5, 'x', null));

const cell = (names: readonly string[], right: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.tuple(fc.constantFrom(...names), right).map((one) => [one]) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...names), fc.jsonValue()).map((one) => [one]) },
    { weight: 2, arbitrary: fc.constant([]) },
  );

/** Rows whose cells may be spelt in any case, absent, of another kind, or of no field. */
const rows = fc.oneof(
  {
    weight: 30,
    arbitrary: fc
      .tuple(
        cell(['id', 'ID'], integers),
        cell(['Reel', 'REEL', 'reel'], fc.string()),
        cell(['take'], fc.oneof(fc.integer().map(String), fc.integer())),
        cell(['checked'], fc.constantFrom(true, false, '1', 0)),
        cell(['constructor'], fc.string()),
        cell(['length'], fc.constantFrom('1.25', '.5', '12', 3)),
        cell(['changeId', 'changeid'], integers),
        cell(['_bookmark_', '__proto__', 'more'], fc.jsonValue()),
      )
      .map((cells) => Object.fromEntries(cells.flat() as [string, unknown][])),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

function outcomeOf(read: () => unknown) {
  try {
    return { record: read() };
  } catch (error) {
    if (error instanceof BadRow) return { wrong: `faircom sent ${error.message}.` };
    if (error instanceof SourceError) return { wrong: error.message };
    throw error;
  }
}

describe('a record, read by hand', () => {
  it('is what a schema makes of its row, or wrong for the same reason', () => {
    const seen = { record: 0, wrong: 0 };
    fc.assert(
      fc.property(tables, rows, fc.boolean(), (table, row, hasOwnFields) => {
        const answer = { data: [], fields: undefined, moreRecords: undefined, totalRecordCount: undefined };
        const own = hasOwnFields ? fields.map(({ name, vendorType }) => ({ name, type: vendorType })) : undefined;
        const reader = createRowReader('faircom', table, { ...answer, fields: own as never });
        const outcome = outcomeOf(() => toRecord(reader, row));
        const model = { table, fields, readValue };
        expect(outcome).toEqual(outcomeOf(() => recordAtModel(model, row)));
        seen['record' in outcome ? 'record' : 'wrong'] += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(seen.record).toBeGreaterThan(300);
    expect(seen.wrong).toBeGreaterThan(300);
  });

  it('has no member that its row smuggles in by a prototype', () => {
    const reader = createRowReader('faircom', tableWith(['id'], undefined), {
      data: [],
      fields: [
        ...fields.map(({ name, vendorType }) => ({ name, type: vendorType })),
        { name: '__proto__', type: 'json' },
      ] as never,
      moreRecords: undefined,
      totalRecordCount: undefined,
    });
    const { values } = toRecord(reader, JSON.parse('{"id":"1","__PROTO__":{"take":7},"__proto__":{"take":8}}'));
    expect(Object.keys(values)).toEqual(['id']);
    expect(values.take).toBeUndefined();
  });

  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['007', '7'],
    ['-007', '-7'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['+1', undefined],
    ['-', undefined],
  ])('has the bigint %s as %s', (raw, expected) => {
    const [id] = fields;
    if (!id) throw new Error('there is no field');
    expect(readValue(id, raw)).toBe(expected);
  });
});
