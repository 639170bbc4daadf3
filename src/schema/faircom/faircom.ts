import type { BoundFairCom } from '../../context/context.ts';
import { databaseNamed, listDatabases } from '../../resolvers/faircom/database.ts';
import { listRecordsOf } from '../../resolvers/faircom/list-records.ts';
import { recordOf } from '../../resolvers/faircom/record.ts';
import { tableNamed } from '../../resolvers/faircom/table.ts';
import { builder } from '../builder.ts';
import { pageArguments } from '../connection.ts';
import { needs } from '../scope.ts';
import { database, databaseConnection } from './database.ts';
import { recordArguments, recordConnection, recordsArguments } from './record.ts';
import { recordRef, tableRef } from './refs.ts';

const tableArguments = builder.args((t) => ({
  databaseName: t.string({ description: 'Database that the table is in; the one in the configuration when left out.' }),
  ownerName: t.string({ description: 'Account that owns the table; the one in the configuration when left out.' }),
  tableName: t.string({ required: true, description: 'Name of the table; upper and lower case are the same.' }),
}));

const faircom = builder.objectRef<BoundFairCom>('FairCom').implement({
  description: 'A FairCom server: databases, their tables, and the records in them.',
  ...needs('faircom.read'),
  fields: (t) => ({
    source: t.string({
      description: 'Name of the source in the configuration of the gateway.',
      resolve: ({ source }) => source.name,
    }),
    databases: t.field({
      type: databaseConnection,
      nullable: true,
      description: 'Its databases. One upstream call a page.',
      args: {
        ...pageArguments,
        search: t.arg.string({ description: 'Only databases whose names begin with this.' }),
      },
      resolve: (bound, args) => listDatabases(bound, args),
    }),
    database: t.field({
      type: database,
      nullable: true,
      description: 'One database; an error NOT_FOUND when there is none of this name. One upstream call.',
      args: { name: t.arg.string({ required: true, description: 'Its name; upper and lower case are the same.' }) },
      resolve: (bound, { name }) => databaseNamed(bound, name),
    }),
    table: t.field({
      type: tableRef,
      nullable: true,
      description: 'One table; an error NOT_FOUND when there is none of this name. One upstream call.',
      args: tableArguments,
      resolve: (bound, args) => tableNamed(bound, args),
    }),
    records: t.field({
      type: recordConnection,
      nullable: true,
      description:
        'Records of a table, as `table { records }` gives them: one upstream call for the description of the table, ' +
        'which whoever reads on within 10 seconds needs no more, and those of the page.',
      args: { ...tableArguments, ...pageArguments, ...recordsArguments },
      resolve: ({ source }, args, context) => listRecordsOf(source.name, args, context),
    }),
    record: t.field({
      type: recordRef,
      nullable: true,
      description:
        'One record of a table; null when no record has the key. Two upstream calls for all records of one table that ' +
        'an operation asks for: the description of the table, and the records.',
      args: { ...tableArguments, ...recordArguments },
      resolve: (bound, args) => recordOf(bound, args, args),
    }),
  }),
});

builder.queryField('faircom', (t) =>
  t.field({
    type: faircom,
    nullable: true,
    description: 'A FairCom server: databases of records.',
    args: { source: t.arg.string({ description: 'Name of the source; may be left out when there is one.' }) },
    ...needs('faircom.read'),
    resolve: (_root, { source }, context) => context.faircom(source),
  }),
);
