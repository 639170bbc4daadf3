import type { BoundFairCom, OperationContext } from '../../context/context.ts';
import type { FairComTable, RecordFilter, TableRef } from '../../sources/faircom/types.ts';
import type { Connection } from '../connection.ts';
import { listCatalogue } from './catalogue-page.ts';
import type { FairComDatabaseNode, SearchArguments } from './database.ts';
import { type RecordFilterInput, readFilter } from './record-filter.ts';

/** Which table on which server; its description is loaded when somebody asks for it. */
export interface FairComTableNode {
  readonly sourceName: string;
  readonly databaseName: string;
  readonly ownerName: string;
  readonly tableName: string;
  /** As the server told in a list; undefined when it did not count. */
  readonly listedCount: number | undefined;
}

/** Which table is meant, as a caller says it. */
export interface TableInput {
  readonly databaseName?: string | null | undefined;
  readonly ownerName?: string | null | undefined;
  readonly tableName: string;
}

export const tableRefOf = ({ databaseName, ownerName, tableName }: TableInput): TableRef => ({
  databaseName: databaseName ?? undefined,
  ownerName: ownerName ?? undefined,
  tableName,
});

export const toTableNode = (sourceName: string, table: FairComTable): FairComTableNode => ({
  sourceName,
  databaseName: table.databaseName,
  ownerName: table.ownerName,
  tableName: table.tableName,
  listedCount: undefined,
});

/** One table. @throws SourceError NOT_FOUND when there is none of this name */
export async function tableNamed({ loaders, source }: BoundFairCom, input: TableInput): Promise<FairComTableNode> {
  return toTableNode(source.name, await loaders.table.load(tableRefOf(input)));
}

/** What the server says of a table: one call for all tables of a database and owner that are asked for together. */
export const descriptionOf = (table: FairComTableNode, context: OperationContext): Promise<FairComTable> =>
  context.faircom(table.sourceName).loaders.table.load(table);

export interface ListTablesArguments extends SearchArguments {
  readonly ownerName?: string | null | undefined;
}

/** Tables of a database whose names begin with a text. */
export function listTables(
  { sourceName, databaseName }: FairComDatabaseNode,
  args: ListTablesArguments,
  context: OperationContext,
): Promise<Connection<FairComTableNode>> {
  const bound = context.faircom(sourceName);
  const partialName = args.search ?? undefined;
  const ownerName = args.ownerName ?? undefined;
  return listCatalogue(bound, args, {
    binding: ['faircom.tables', databaseName, ownerName ?? null, partialName ?? null],
    read: (part) => bound.client.listTables({ ...part, databaseName, ownerName, partialName }),
    nameOf: ({ tableName }) => tableName,
    toItem: (table) => ({
      sourceName,
      databaseName: table.databaseName,
      ownerName: table.ownerName,
      tableName: table.tableName,
      listedCount: table.recordCount,
    }),
  });
}

/** How many records a table holds, or how many of them meet a filter. */
export async function recordCount(
  table: FairComTableNode,
  { where }: { readonly where?: RecordFilterInput | null | undefined },
  context: OperationContext,
): Promise<number | undefined> {
  if (where == null && table.listedCount !== undefined) return table.listedCount;
  const { client, source } = context.faircom(table.sourceName);
  const filter: RecordFilter | undefined = where == null ? undefined : readFilter(where, source.name);
  return client.countRecords(await descriptionOf(table, context), filter);
}
