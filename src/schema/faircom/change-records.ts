import {
  type ChangedRecords,
  type DeletedRecords,
  deleteRecords,
  insertRecords,
  updateRecords,
} from '../../resolvers/faircom/change-records.ts';
import { RecordConflictError } from '../../resolvers/faircom/record-conflict.ts';
import { builder } from '../builder.ts';
import { errorInterface, resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { recordRef } from './refs.ts';

type InputFields = Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0];

/** Which table is changed. */
const tableFields = (t: InputFields) => ({
  source: t.string({ description: 'Name of the FairCom server; may be left out when there is one.' }),
  databaseName: t.string({ description: 'Database that the table is in; the one in the configuration when left out.' }),
  ownerName: t.string({ description: 'Account that owns the table; the one in the configuration when left out.' }),
  tableName: t.string({ required: true, description: 'Name of the table.' }),
});

const VALUES =
  'an object, the names of fields with their values. Numbers beyond 2^53 and exact decimals are given as text, binary ' +
  'values as hexadecimal text, dates and times as ISO 8601 without a zone.';

const insertInput = builder.inputType('InsertRecordsInput', {
  description: 'New records of a table.',
  fields: (t) => ({
    ...tableFields(t),
    records: t.field({
      type: ['JSON'],
      required: true,
      description: `The records. Each is ${VALUES} Fields that the server fills by itself are left out.`,
    }),
  }),
});

const updateItem = builder.inputType('RecordUpdateInput', {
  description: 'How one record changes.',
  fields: (t) => ({
    recordId: t.string({ description: '`recordId` of the record. Either this or `key`.' }),
    key: t.field({
      type: 'JSON',
      description: '`key` of the record: an object, or the value alone where the key is one field.',
    }),
    changeId: t.field({
      type: 'BigInt',
      description: '`changeId` as you last read it. Needed for every table that has a `changeIdField`.',
    }),
    values: t.field({
      type: 'JSON',
      required: true,
      description: `What changes: ${VALUES} Fields that are left out stay as they are; the key cannot be changed.`,
    }),
  }),
});

const updateInput = builder.inputType('UpdateRecordsInput', {
  description: 'Changes of records of a table.',
  fields: (t) => ({
    ...tableFields(t),
    items: t.field({ type: [updateItem], required: true, description: 'The records and what changes in them.' }),
  }),
});

const deleteInput = builder.inputType('DeleteRecordsInput', {
  description: 'Records of a table that are to go, by `recordIds`, `keys` or both.',
  fields: (t) => ({
    ...tableFields(t),
    recordIds: t.stringList({ description: '`recordId` of each record.' }),
    keys: t.field({
      type: ['JSON'],
      description: '`key` of each record: an object, or the value alone where the key is one field.',
    }),
  }),
});

/** An error in place of a record becomes an error of that item alone. */
const UNREADABLE =
  'Null, with an error at this place, for one that the server then sent in a form that cannot be read.';

const insertSuccess = builder.objectRef<ChangedRecords>('InsertRecordsSuccess').implement({
  description: 'All records have been stored.',
  fields: (t) => ({
    records: t.field({
      type: [recordRef],
      nullable: { list: false, items: true },
      description: `The records as stored, in your order, with what the server has filled in. ${UNREADABLE}`,
      resolve: ({ records }) => records as never,
    }),
  }),
});

const updateSuccess = builder.objectRef<ChangedRecords>('UpdateRecordsSuccess').implement({
  description: 'All records have been changed.',
  fields: (t) => ({
    records: t.field({
      type: [recordRef],
      nullable: { list: false, items: true },
      description: `The records as they are now, with their new \`changeId\`. ${UNREADABLE}`,
      resolve: ({ records }) => records as never,
    }),
  }),
});

const deleteSuccess = builder.objectRef<DeletedRecords>('DeleteRecordsSuccess').implement({
  description: 'The records are gone.',
  fields: (t) => ({
    deletedCount: t.exposeInt('deletedCount', {
      description: 'How many were deleted. Keys that no record had are not counted, and are no error.',
    }),
    records: t.field({
      type: [recordRef],
      nullable: { list: false, items: true },
      description: `The records as they were. ${UNREADABLE}`,
      resolve: ({ records }) => records as never,
    }),
  }),
});

builder.objectType(RecordConflictError, {
  name: 'RecordConflictError',
  description: 'Somebody else has changed records since you read them. Nothing was stored.',
  interfaces: [errorInterface],
  fields: (t) => ({
    current: t.expose('current', {
      type: [recordRef],
      description: 'Those records as they are now: merge your change into them, and try again with their `changeId`.',
    }),
  }),
});

builder.mutationFields((t) => ({
  insertRecords: t.field({
    type: insertSuccess,
    nullable: true,
    description:
      'Stores new records in a table: all of them, or none. A key that is there already is a ConflictError. Two ' +
      'upstream calls.',
    args: { input: t.arg({ type: insertInput, required: true, description: 'The records and their table.' }) },
    errors: resultUnion('InsertRecords'),
    ...needs('faircom.write'),
    resolve: (_root, { input }, context) => insertRecords(input, context),
  }),
  updateRecords: t.field({
    type: updateSuccess,
    nullable: true,
    description:
      'Changes records of a table: all of them, or none, and only while nobody else has changed one since you read it. ' +
      'Two upstream calls, and one more to tell a conflict.',
    args: { input: t.arg({ type: updateInput, required: true, description: 'The changes and their table.' }) },
    errors: resultUnion('UpdateRecords', [RecordConflictError]),
    ...needs('faircom.write'),
    resolve: (_root, { input }, context) => updateRecords(input, context),
  }),
  deleteRecords: t.field({
    type: deleteSuccess,
    nullable: true,
    description:
      'Deletes records of a table. FairCom has no protection here: records go even if somebody has changed them since ' +
      'you read them. Two upstream calls.',
    args: { input: t.arg({ type: deleteInput, required: true, description: 'The records and their table.' }) },
    errors: resultUnion('DeleteRecords'),
    ...needs('faircom.write'),
    resolve: (_root, { input }, context) => deleteRecords(input, context),
  }),
}));
