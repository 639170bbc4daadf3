import type { FairComDatabaseNode } from '../../resolvers/faircom/database.ts';
import { listTables, tableNamed } from '../../resolvers/faircom/table.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { needs } from '../scope.ts';
import { tableRef } from './refs.ts';
import { tableConnection } from './table.ts';

const OWNER = 'Account that owns the tables; the one in the configuration when left out.';

export const database = builder.objectRef<FairComDatabaseNode>('FairComDatabase').implement({
  description: 'A database of a FairCom server: a set of tables.',
  ...needs('faircom.read'),
  fields: (t) => ({
    databaseName: t.exposeString('databaseName', { description: 'Its name.' }),
    path: t.exposeString('path', {
      nullable: true,
      description: 'Where the server keeps it, as the server’s system writes paths; null when it does not tell.',
    }),
    uid: t.expose('uid', {
      type: 'BigInt',
      nullable: true,
      description: 'The number that the server gave to it; null when it does not tell.',
    }),
    tables: t.field({
      type: tableConnection,
      nullable: true,
      description: 'Its tables. One upstream call a page.',
      args: {
        ...pageArguments,
        search: t.arg.string({ description: 'Only tables whose names begin with this.' }),
        ownerName: t.arg.string({ description: OWNER }),
      },
      resolve: listTables,
    }),
    table: t.field({
      type: tableRef,
      nullable: true,
      description: 'One table; an error NOT_FOUND when there is none of this name. One upstream call.',
      args: {
        tableName: t.arg.string({ required: true, description: 'Its name.' }),
        ownerName: t.arg.string({ description: OWNER }),
      },
      resolve: ({ sourceName, databaseName }, args, context) =>
        tableNamed(context.faircom(sourceName), { ...args, databaseName }),
    }),
  }),
});

export const databaseConnection = connectionOf<FairComDatabaseNode>('FairComDatabase', database, 'databases');
