import { listRecords } from '../../resolvers/faircom/list-records.ts';
import { recordOf } from '../../resolvers/faircom/record.ts';
import { descriptionOf, type FairComTableNode, recordCount } from '../../resolvers/faircom/table.ts';
import type {
  FairComAutoValue,
  FairComField,
  FairComFieldType,
  FairComIndex,
  FairComIndexField,
} from '../../sources/faircom/types.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';
import { countArguments, recordArguments, recordConnection, recordsArguments } from './record.ts';
import { recordRef, tableRef } from './refs.ts';

const fieldType = builder.enumType('FairComFieldType', {
  description: 'What a field of a table holds.',
  values: describedValues<FairComFieldType>({
    BIT: 'True or false.',
    TINYINT: 'A whole number of 8 bits.',
    SMALLINT: 'A whole number of 16 bits.',
    INTEGER: 'A whole number of 32 bits.',
    BIGINT: 'A whole number of 64 bits; decimal text in records.',
    REAL: 'A floating-point number of 32 bits.',
    FLOAT: 'A floating-point number of 64 bits.',
    NUMBER: 'An exact decimal of up to 32 digits; decimal text in records.',
    MONEY: 'An exact decimal with 2 or 4 places; decimal text in records.',
    DATE: 'A day: "2026-01-31".',
    TIME: 'A time of day: "09:00:00.250".',
    TIMESTAMP: 'A date and time without a zone: "2026-01-31T09:00:00.250".',
    CHAR: 'Text of a fixed length, filled up with spaces.',
    VARCHAR: 'Text of up to 65,500 bytes.',
    LVARCHAR: 'Text of up to 2 GB.',
    BINARY: 'Bytes of a fixed length; hexadecimal text in records.',
    VARBINARY: 'Up to 65,500 bytes; hexadecimal text in records.',
    LVARBINARY: 'Up to 2 GB of bytes; hexadecimal text in records.',
    JSON: 'Any JSON value.',
    OTHER: 'A type that the gateway does not know; `vendorType` names it.',
  }),
});

const autoValue = builder.enumType('FairComAutoValue', {
  description: 'What the server itself puts into a field.',
  values: describedValues<FairComAutoValue>({
    NONE: 'Nothing.',
    INCREMENT_ON_INSERT: 'The next number, in a new record.',
    TIMESTAMP_ON_INSERT: 'The time, in a new record.',
    TIMESTAMP_ON_UPDATE: 'The time, at every update.',
    TIMESTAMP_ON_UPDATE_AND_INSERT: 'The time, in a new record and at every update.',
    CHANGE_ID: 'A number that changes with every update, by which conflicts are noticed.',
    OTHER: 'Something that the gateway does not know.',
  }),
});

const field = builder.objectRef<FairComField>('FairComField').implement({
  description: 'A field (column) of a table.',
  ...needs('faircom.read'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name; upper and lower case are the same.' }),
    type: t.expose('type', { type: fieldType, description: 'What it holds.' }),
    vendorType: t.exposeString('vendorType', { description: 'The server’s own word for the type.' }),
    length: t.expose('length', {
      type: 'SafeInt',
      nullable: true,
      description: 'Greatest length, in bytes or, of decimals, digits; null where the type has none.',
    }),
    scale: t.exposeInt('scale', {
      nullable: true,
      description: 'Digits after the decimal point; null where the type has none.',
    }),
    defaultValue: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What a new record gets that leaves the field out; null when that is nothing.',
      resolve: ({ defaultValue }) => defaultValue,
    }),
    nullable: t.exposeBoolean('nullable', { description: 'Whether records may have no value in it.' }),
    primaryKeyPosition: t.exposeInt('primaryKeyPosition', {
      description: 'Its place in the primary key, from 1; 0 when it is not part of it.',
    }),
    autoValue: t.expose('autoValue', { type: autoValue, description: 'What the server itself puts into it.' }),
  }),
});

const indexField = builder.objectRef<FairComIndexField>('FairComIndexField').implement({
  description: 'A field by which an index sorts.',
  ...needs('faircom.read'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the field.' }),
    caseInsensitive: t.exposeBoolean('caseInsensitive', {
      description: 'Whether upper and lower case of its values are the same.',
    }),
    sortDescending: t.exposeBoolean('sortDescending', { description: 'Whether the highest value comes first.' }),
    reverseCompare: t.exposeBoolean('reverseCompare', {
      description: 'Whether values are compared from their last byte on.',
    }),
  }),
});

const index = builder.objectRef<FairComIndex>('FairComIndex').implement({
  description: 'An index of a table: an order in which its records can be read.',
  ...needs('faircom.read'),
  fields: (t) => ({
    indexName: t.exposeString('indexName', { description: 'Its name: the value for `records(index:)`.' }),
    fields: t.expose('fields', { type: [indexField], description: 'What it sorts by, the first field first.' }),
    unique: t.exposeBoolean('unique', { description: 'Whether no two records may have the same values in it.' }),
    conditionalExpression: t.exposeString('conditionalExpression', {
      nullable: true,
      description: 'Only records that meet this are in it, in the language of the server; null when all are.',
    }),
  }),
});

const DESCRIBED = 'One upstream call describes all tables of a database and owner that an operation asks for.';

tableRef.implement({
  description: 'A table of a FairCom database.',
  ...needs('faircom.read'),
  fields: (t) => ({
    source: t.exposeString('sourceName', { description: 'Name of the source in the configuration of the gateway.' }),
    databaseName: t.exposeString('databaseName', { description: 'Database that it is in.' }),
    ownerName: t.exposeString('ownerName', { description: 'Account that owns it.' }),
    tableName: t.exposeString('tableName', { description: 'Its name.' }),
    fields: t.field({
      type: [field],
      nullable: true,
      description: `Its fields (columns). ${DESCRIBED}`,
      resolve: async (table, _args, context) => (await descriptionOf(table, context)).fields,
    }),
    indexes: t.field({
      type: [index],
      nullable: true,
      description: `Its indexes. ${DESCRIBED}`,
      resolve: async (table, _args, context) => (await descriptionOf(table, context)).indexes,
    }),
    primaryKeyFields: t.stringList({
      nullable: true,
      description: `Names of the fields of its primary key, in order; empty when it has none. ${DESCRIBED}`,
      resolve: async (table, _args, context) => (await descriptionOf(table, context)).primaryKeyFields,
    }),
    changeIdField: t.string({
      nullable: true,
      description: `Field that changes with every update; null when nothing notices conflicting updates. ${DESCRIBED}`,
      resolve: async (table, _args, context) => (await descriptionOf(table, context)).changeIdField,
    }),
    recordCount: t.field({
      type: 'SafeInt',
      nullable: true,
      description:
        'How many records it holds, or how many of them meet `where`; null when the server does not count. Costly: one ' +
        'upstream call, for which the server reads the whole table.',
      args: countArguments,
      extensions: { cost: 20 },
      resolve: recordCount,
    }),
    records: t.field({
      type: recordConnection,
      nullable: true,
      description:
        'Its records in the order of an index. Paging goes by places in the index: while records come and go, none ' +
        'that stays is missed or comes twice. One upstream call a page on a unique index, up to two more on others, and ' +
        `one more for each field of an index that is bounded other than by EQ. ${DESCRIBED}`,
      args: { ...pageArguments, ...recordsArguments },
      resolve: listRecords,
    }),
    record: t.field({
      type: recordRef,
      nullable: true,
      description: `One record; null when no record has the key. One upstream call for all that are asked for. ${DESCRIBED}`,
      args: recordArguments,
      resolve: (table, key, context) => recordOf(context.faircom(table.sourceName), table, key),
    }),
  }),
});

export const tableConnection = connectionOf<FairComTableNode>('FairComTable', tableRef, 'tables');
