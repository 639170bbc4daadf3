import type { SourceError } from '../../../transport/source-error.ts';
import { toField } from '../field.ts';
import type { FairComDatabase, FairComIndex, FairComTable, FairComTableSummary, Page, TableRef } from '../types.ts';
import { listedRows, wireDatabase, wireIndex, wireTable, wireTableSummary } from '../wire.ts';
import { type Actions, placeOf, readItems } from './call-action.ts';

/** Part of a list by place; the server has no other paging for its catalogue (faircom-netography-api.md §A6, §A7). */
export interface ListQuery {
  readonly first: number;
  /** How many are passed over. */
  readonly skip?: number | undefined;
  /** Only names that begin with this. */
  readonly partialName?: string | undefined;
}

export interface TablesQuery extends ListQuery {
  readonly databaseName?: string | undefined;
  readonly ownerName?: string | undefined;
}

/** One more than was asked for tells whether there is a next page; the lists have no `moreRecords`. */
function pageOf<T>(items: readonly (T | SourceError)[], { first, skip = 0 }: ListQuery): Page<T> {
  const next = items.length > first ? skip + first : undefined;
  return { items: items.slice(0, first), next, total: undefined };
}

/** listDatabases (§A6). */
export async function listDatabases(actions: Actions, query: ListQuery): Promise<Page<FairComDatabase>> {
  const params = { partialDatabaseName: query.partialName, skipRecords: query.skip, maxRecords: query.first + 1 };
  const rows = await actions.run({ api: 'db', action: 'listDatabases', params, repeat: 'safe' }, listedRows);
  const convert = (database: FairComDatabase) => database;
  return pageOf(readItems(actions.source, rows, { schema: wireDatabase, convert, what: 'a database' }), query);
}

interface TableNames {
  readonly place: Pick<TableRef, 'databaseName' | 'ownerName'>;
  readonly params: Readonly<Record<string, unknown>>;
}

async function readSummaries(actions: Actions, { place, params }: TableNames) {
  const where = placeOf(actions, place);
  const request = { api: 'db', action: 'listTables', params: { ...where, ...params }, repeat: 'safe' } as const;
  const rows = await actions.run(request, listedRows);
  return readItems(actions.source, rows, {
    schema: wireTableSummary,
    what: 'a table',
    convert: ({ totalRecordCount = -1, ...table }): FairComTableSummary => ({
      databaseName: table.databaseName ?? where.databaseName,
      ownerName: table.ownerName ?? where.ownerName,
      tableName: table.tableName,
      path: table.path,
      uid: table.uid,
      // -1: not counted (§A7).
      recordCount: totalRecordCount < 0 ? undefined : totalRecordCount,
    }),
  });
}

/** listTables of one database and owner (§A7). */
export async function listTables(actions: Actions, query: TablesQuery): Promise<Page<FairComTableSummary>> {
  const params = { partialTableName: query.partialName, skipRecords: query.skip, maxRecords: query.first + 1 };
  return pageOf(await readSummaries(actions, { place: query, params }), query);
}

/** Those of the named tables that exist (§A7, `tableNames` of listTables). */
export async function listNamedTables(
  actions: Actions,
  place: Pick<TableRef, 'databaseName' | 'ownerName'>,
  tableNames: readonly string[],
): Promise<readonly (FairComTableSummary | SourceError)[]> {
  return readSummaries(actions, { place, params: { tableNames, maxRecords: tableNames.length } });
}

const toIndex = (index: FairComIndex): FairComIndex => index;

/** describeTables: several tables of one database and owner in one call (§A7). */
export async function describeTables(
  actions: Actions,
  place: Pick<TableRef, 'databaseName' | 'ownerName'>,
  tableNames: readonly string[],
): Promise<readonly (FairComTable | SourceError)[]> {
  const params = { ...placeOf(actions, place), tableNames };
  const rows = await actions.run({ api: 'db', action: 'describeTables', params, repeat: 'safe' }, listedRows);
  return readItems(actions.source, rows, {
    schema: wireTable,
    what: 'a table',
    convert: ({ indexes = [], primaryKeyFields = [], ...table }): FairComTable => ({
      ...table,
      primaryKeyFields,
      fields: table.fields.map(toField),
      indexes: indexes.map(toIndex),
    }),
  });
}

/** listIndexes of a table (§A7). */
export async function listIndexes(actions: Actions, table: TableRef): Promise<readonly (FairComIndex | SourceError)[]> {
  const params = { ...placeOf(actions, table), tableName: table.tableName };
  const rows = await actions.run({ api: 'db', action: 'listIndexes', params, repeat: 'safe' }, listedRows);
  return readItems(actions.source, rows, { schema: wireIndex, convert: toIndex, what: 'an index' });
}
