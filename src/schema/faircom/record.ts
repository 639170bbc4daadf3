import {
  type FairComRecordNode,
  integerOfField,
  recordByNodeId,
  recordNodeId,
  timestampOfField,
  valueOfField,
} from '../../resolvers/faircom/record.ts';
import type { RecordFilterInput } from '../../resolvers/faircom/record-filter.ts';
import type { FilterOperator } from '../../sources/faircom/types.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';
import { recordRef, tableRef } from './refs.ts';

const boundOperators = {
  EQ: 'Equal.',
  LT: 'Less than the value.',
  LE: 'Less than the value, or equal.',
  GT: 'Greater than the value.',
  GE: 'Greater than the value, or equal.',
} as const satisfies Partial<Record<FilterOperator, string>>;

const filterOperator = builder.enumType('RecordFilterOperator', {
  description: 'How a field is compared. Text is compared by its bytes: upper case comes before lower case.',
  values: describedValues<FilterOperator>({ ...boundOperators, NE: 'Not equal.' }),
});

const keyBoundOperator = builder.enumType('KeyBoundOperator', {
  description: 'How a field of an index is bounded.',
  values: describedValues<Exclude<FilterOperator, 'NE'>>(boundOperators),
});

const VALUE =
  'Text, a number, true or false, as fits the field. Numbers beyond 2^53 and exact decimals are given as text; dates ' +
  'and times as ISO 8601 without a zone; binary values as hexadecimal text.';

const condition = builder.inputType('FieldConditionInput', {
  description: 'A condition on one field. A record without a value in the field never meets it.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'Name of the field; upper and lower case are the same.' }),
    operator: t.field({ type: filterOperator, required: true, description: 'How its value is compared.' }),
    value: t.field({ type: 'JSON', required: true, description: VALUE }),
  }),
});

const filter = builder.inputRef<RecordFilterInput>('RecordFilterInput').implement({
  description: 'Which records are meant: exactly one of the three. At most 16 levels and 200 conditions.',
  isOneOf: true,
  fields: (t) => ({
    condition: t.field({ type: condition, description: 'This condition holds.' }),
    and: t.field({ type: [filter], description: 'All of these hold.' }),
    or: t.field({ type: [filter], description: 'At least one of these holds.' }),
  }),
});

const keyBound = builder.inputType('KeyBoundInput', {
  description: 'A bound of one field of an index. Two on the same field make a range.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'Name of a field of the index.' }),
    operator: t.field({ type: keyBoundOperator, required: true, description: 'On which side the bound lies.' }),
    value: t.field({ type: 'JSON', required: true, description: VALUE }),
  }),
});

/** Which records are counted. */
export const countArguments = builder.args((t) => ({
  where: t.field({ type: filter, description: 'Only records that meet this; all when left out.' }),
}));

/** Which records a list holds, and in which order. */
export const recordsArguments = builder.args((t) => ({
  where: t.field({
    type: filter,
    description:
      'Only records that meet this. The server reads the index until it has a page full, so a filter that few records ' +
      'meet is slow: bound the index with `keyRange` where you can.',
  }),
  index: t.string({
    description: 'Name of the index whose order is used (`indexes` lists them); that of the primary key when left out.',
  }),
  keyRange: t.field({
    type: [keyBound],
    description:
      'Only this part of the index. An index that runs downwards takes EQ only, and on its first fields. Records ' +
      'without a value in a bounded field are outside of it.',
  }),
}));

/** Which record is meant. */
export const recordArguments = builder.args((t) => ({
  recordId: t.string({
    description: 'Value of its field `id`, for tables whose primary key that is. Either this or `key`.',
  }),
  key: t.field({
    type: 'JSON',
    description:
      'Its primary key: the value of the key’s field, or an object with the values of all fields of the key.',
  }),
}));

builder.node(recordRef, {
  description: 'A record (row) of a table.',
  ...needs('faircom.read'),
  id: { resolve: recordNodeId, description: 'Global id: `node(id:)` takes it. It is not the value of a field `id`.' },
  isTypeOf: (value) => (value as { __typename?: unknown }).__typename === 'FairComRecord',
  loadOne: (id, context) => recordByNodeId(id, context),
  fields: (t) => ({
    recordId: t.exposeString('id', {
      nullable: true,
      description: 'Value of its field `id` where that alone is the primary key; null for tables with another key.',
    }),
    changeId: t.expose('changeId', {
      type: 'BigInt',
      nullable: true,
      description:
        'Changes with every update: give it to `updateRecords`, which then stores nothing if somebody else was faster. ' +
        'Null for tables without that protection.',
    }),
    key: t.field({
      type: 'JSON',
      description: 'The values of its primary key, by the names of the fields; an empty object when there is no key.',
      resolve: ({ key }) => key,
    }),
    values: t.field({
      type: 'JSON',
      description:
        'All its values, by the names of the fields. BIGINT, NUMBER and MONEY are decimal text, so that no digit is ' +
        'lost; dates and times are ISO 8601 without a zone; binary values are hexadecimal text.',
      resolve: ({ values }) => values,
    }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The value of one field, as in `values`; null when it has none.',
      args: { field: t.arg.string({ required: true, description: 'Name of the field.' }) },
      resolve: (record, { field }) => valueOfField(record, field),
    }),
    bigIntValue: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'The value of a field that holds whole numbers; null when it has none.',
      args: { field: t.arg.string({ required: true, description: 'Name of the field.' }) },
      resolve: (record, { field }, context) => integerOfField(record, field, context),
    }),
    localDateTimeValue: t.field({
      type: 'LocalDateTime',
      nullable: true,
      description: 'The value of a TIMESTAMP field, which the server keeps without a zone; null when it has none.',
      args: { field: t.arg.string({ required: true, description: 'Name of the field.' }) },
      resolve: (record, { field }, context) => timestampOfField(record, field, context),
    }),
    table: t.expose('table', { type: tableRef, description: 'The table that it is in.' }),
  }),
});

export const recordConnection = connectionOf<FairComRecordNode>('FairComRecord', recordRef, 'records');
