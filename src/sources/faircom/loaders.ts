import DataLoader from 'dataloader';
import { SourceError } from '../../transport/source-error.ts';
import type { FairComClient } from './client.ts';
import { isRefusedRequest } from './errors.ts';
import { sameName } from './field-values.ts';
import type { KeptTables } from './kept-tables.ts';
import { keyIdentity, keyTexts } from './record-key.ts';
import type { FairComRecord, FairComTable, RecordKey, TableRef } from './types.ts';

/** A record by its primary key. */
export interface RecordRef {
  readonly table: TableRef;
  readonly key: RecordKey;
}

/** The loaders of one operation. */
export interface FairComLoaders {
  /** Descriptions: one describeTables call per database and owner. Rejects with NOT_FOUND. */
  readonly table: DataLoader<TableRef, FairComTable, string>;
  /** A description that an operation has read a moment ago, until it is forgotten; undefined when there is none. */
  readonly keptTable: { find(table: TableRef): FairComTable | undefined; forget(table: TableRef): void };
  /** One getRecordsByIds call per table, after the table's description; undefined when no record has the key. */
  readonly record: DataLoader<RecordRef, FairComRecord | undefined, string>;
}

export interface LoaderSettings {
  readonly source: string;
  readonly databaseName: string;
  readonly ownerName: string;
  readonly kept: KeptTables;
}

/**
 * Loads items group by group, all groups at once, and gives each item its own outcome in the order of the items. What
 * a group's call throws is the outcome of that group alone.
 */
async function loadInGroups<Item, Outcome>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  load: (first: Item, group: readonly Item[]) => Promise<(item: Item) => Outcome | Error>,
): Promise<(Outcome | Error)[]> {
  const outcomes: (Outcome | Error)[] = [];
  const run = async (group: readonly (readonly [place: number, item: Item])[]) => {
    const [head] = group;
    if (!head) return;
    const members = group.map(([, item]) => item);
    const pick = await load(head[1], members).catch((error: Error) => () => error);
    for (const [place, item] of group) outcomes[place] = pick(item);
  };
  const groups = Map.groupBy(items.entries(), ([, item]) => groupOf(item));
  await Promise.all([...groups.values()].map(run));
  return outcomes;
}

type Described = readonly (FairComTable | SourceError)[];

/**
 * Descriptions of tables of one place. Whether one unknown name spoils the whole call is not documented: after a
 * refusal the catalogue tells which exist, and those are described again.
 */
async function describe(client: FairComClient, place: TableRef, names: readonly string[]): Promise<Described> {
  try {
    return await client.describeTables(place, names);
  } catch (error) {
    if (!isRefusedRequest(error)) throw error;
    const listed = await client.listNamedTables(place, names);
    const found = listed.flatMap((table) => (table instanceof SourceError ? [] : [table.tableName]));
    const existing = names.filter((name) => found.some((other) => sameName(other, name)));
    if (existing.length === names.length) throw error;
    return existing.length === 0 ? [] : client.describeTables(place, existing);
  }
}

const isError = (item: unknown): item is SourceError => item instanceof SourceError;

/** A description that cannot be read has no name; it is the fate of every table that is missing then. */
function pickTable(source: string, described: Described, name: string): FairComTable | SourceError {
  const table = described.find((one) => !isError(one) && sameName(one.tableName, name));
  if (table) return table;
  return described.find(isError) ?? new SourceError('NOT_FOUND', `${source} has no table "${name}".`, { source });
}

/** The same for every spelling of a key, e.g. `7` and `007`; an error for what cannot be a key of the table. */
function identityOf(source: string, table: FairComTable, key: RecordKey): string | SourceError {
  try {
    return keyIdentity(keyTexts(source, table, key));
  } catch (error) {
    if (isError(error)) return error;
    throw error;
  }
}

/** The records of one table, each under the identity of its key. */
async function loadFrom(client: FairComClient, source: string, table: FairComTable, refs: readonly RecordRef[]) {
  const keys = refs.map(({ key }) => key).filter((key) => !isError(identityOf(source, table, key)));
  const records = keys.length === 0 ? [] : await client.getRecordsByIds(table, keys);
  const unreadable = records.find(isError);
  const found = new Map(
    records.flatMap((record) => (isError(record) ? [] : [[identityOf(source, table, record.key), record] as const])),
  );
  return ({ key }: RecordRef): FairComRecord | SourceError | undefined => {
    const identity = identityOf(source, table, key);
    return isError(identity) ? identity : (found.get(identity) ?? unreadable);
  };
}

/** Loaders that batch what one operation asks for. */
export function createFairComLoaders(client: FairComClient, settings: LoaderSettings): FairComLoaders {
  const { source, databaseName, ownerName, kept } = settings;
  const placeKey = (table: TableRef) =>
    JSON.stringify([table.databaseName ?? databaseName, table.ownerName ?? ownerName]).toLowerCase();
  // Names have no case (faircom-netography-api.md §A8).
  const tableKey = (table: TableRef) => `${placeKey(table)}${table.tableName.toLowerCase()}`;

  const loadTables = (tables: readonly TableRef[]) =>
    loadInGroups(tables, placeKey, async (place, group) => {
      const described = await describe(
        client,
        place,
        group.map(({ tableName }) => tableName),
      );
      return (table) => {
        const found = pickTable(source, described, table.tableName);
        if (!isError(found)) kept.keep(tableKey(table), found);
        return found;
      };
    });
  const table = new DataLoader<TableRef, FairComTable, string>(loadTables, { cacheKeyFn: tableKey });

  const loadRecords = (refs: readonly RecordRef[]) =>
    loadInGroups(
      refs,
      (ref) => tableKey(ref.table),
      async (first, group) => loadFrom(client, source, await table.load(first.table), group),
    );
  const record = new DataLoader<RecordRef, FairComRecord | undefined, string>(loadRecords, {
    cacheKeyFn: (ref) => `${tableKey(ref.table)} ${JSON.stringify(ref.key)}`,
  });
  const keptTable: FairComLoaders['keptTable'] = {
    find: (ref) => kept.find(tableKey(ref)),
    forget: (ref) => kept.forget(tableKey(ref)),
  };
  return { table, keptTable, record };
}
