import type { BoundFairCom } from '../../context/context.ts';
import type { FairComDatabase } from '../../sources/faircom/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { Connection, PageArguments } from '../connection.ts';
import { listCatalogue } from './catalogue-page.ts';

/** A database together with the server that it is on. */
export interface FairComDatabaseNode extends FairComDatabase {
  readonly sourceName: string;
}

export interface SearchArguments extends PageArguments {
  readonly search?: string | null | undefined;
}

/** Databases whose names begin with a text. */
export function listDatabases(bound: BoundFairCom, args: SearchArguments): Promise<Connection<FairComDatabaseNode>> {
  const partialName = args.search ?? undefined;
  return listCatalogue(bound, args, {
    binding: ['faircom.databases', partialName ?? null],
    read: (part) => bound.client.listDatabases({ ...part, partialName }),
    nameOf: ({ databaseName }) => databaseName,
    toItem: (database) => ({ ...database, sourceName: bound.source.name }),
  });
}

/** The list is in ascending order: a name comes before all that begin with it, but for other spellings. */
const NAMESAKES = 20;

/** One database. There is no call for that: it is looked for in the list (faircom-netography-api.md §A6). */
export async function databaseNamed({ client, source }: BoundFairCom, name: string): Promise<FairComDatabaseNode> {
  const { items } = await client.listDatabases({ first: NAMESAKES, partialName: name });
  const isIt = (item: FairComDatabase | SourceError): item is FairComDatabase =>
    !(item instanceof SourceError) && item.databaseName.toLowerCase() === name.toLowerCase();
  const database = items.find(isIt);
  if (database) return { ...database, sourceName: source.name };
  const unreadable = items.find((item) => item instanceof SourceError);
  const message = `${source.name} has no database "${name}".`;
  throw unreadable ?? new SourceError('NOT_FOUND', message, { source: source.name });
}
