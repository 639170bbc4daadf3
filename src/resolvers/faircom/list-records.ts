import type { OperationContext } from '../../context/context.ts';
import type { FairComTable, PlacedRecord, RecordPosition } from '../../sources/faircom/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { createPageCursors, type PageCursors } from '../page-cursor.ts';
import { type FairComRecordNode, toRecordNode } from './record.ts';
import { type FieldConditionInput, type RecordFilterInput, readBounds, readFilter } from './record-filter.ts';
import { isRecordValues } from './record-input.ts';
import { descriptionOf, type FairComTableNode, type TableInput, tableNamed, tableRefOf, toTableNode } from './table.ts';

type Optional<T> = T | null | undefined;

export interface ListRecordsArguments extends PageArguments {
  readonly where?: Optional<RecordFilterInput>;
  readonly index?: Optional<string>;
  readonly keyRange?: Optional<readonly FieldConditionInput[]>;
}

/** A place in an index. Null is the start: the place of what follows only records that could not be read. */
type Position = RecordPosition | null;

const isPosition = (value: unknown): value is Position => value === null || isRecordValues(value);

/**
 * The edges of a page. A record that could not be read has no known place; it takes that of the record before it, and
 * the last one the place at which the next page begins.
 */
function toEdges(
  items: readonly (PlacedRecord | SourceError)[],
  bounds: { readonly after: Position; readonly next: Position },
  cursors: PageCursors<Position>,
  table: FairComTableNode,
): Edge<FairComRecordNode>[] {
  // Records are remembered themselves: their positions are made for those whose cursor somebody asks for.
  let place: { readonly position: Position } = { position: bounds.after };
  return items.map((item, index) => {
    const isBad = item instanceof SourceError;
    if (!isBad) place = item;
    else if (index === items.length - 1 && bounds.next) place = { position: bounds.next };
    const here = place;
    return { node: isBad ? item : toRecordNode(table, item.record), cursor: () => cursors.encode(here.position) };
  });
}

/** What a server refuses because of a description that no longer fits its table. */
const isRefused = (error: unknown) =>
  error instanceof SourceError && (error.code === 'BAD_INPUT' || error.code === 'NOT_FOUND');

/**
 * Reads a page of a table as it is described. Whoever reads on goes by the description of a moment ago, which saves a call;
 * where that no longer fits, the page is read once more with the present one.
 */
async function readPage<T>(
  table: FairComTableNode,
  { after, context }: { readonly after: Position; readonly context: OperationContext },
  read: (described: FairComTable) => Promise<T>,
): Promise<T> {
  const { keptTable } = context.faircom(table.sourceName).loaders;
  const kept = after && keptTable.find(table);
  if (kept) {
    try {
      return await read(kept);
    } catch (error) {
      if (!isRefused(error)) throw error;
      keptTable.forget(table);
    }
  }
  return read(await descriptionOf(table, context));
}

/** A page of records in the order of an index, by keyset: no record that stays is missed or comes twice. */
export async function listRecords(
  table: FairComTableNode,
  args: ListRecordsArguments,
  context: OperationContext,
): Promise<Connection<FairComRecordNode>> {
  const { client, source, identity } = context.faircom(table.sourceName);
  const { databaseName, ownerName, tableName } = table;
  const { index = null, where = null, keyRange = null } = args;
  const binding = [source.name, identity.key, databaseName, ownerName, tableName, index, where, keyRange];
  const cursors = createPageCursors(['faircom.records', ...binding], isPosition);
  const after = args.after == null ? null : cursors.decode(args.after);
  const size = pageSize(args);
  const page = await readPage(table, { after, context }, (described) =>
    client.recordsPage({
      table: described,
      index: index ?? undefined,
      where: where ? readFilter(where, source.name) : undefined,
      keyRange: keyRange ? readBounds(keyRange, source.name) : undefined,
      after: after ?? undefined,
      // Of an empty page one record is read all the same: it tells whether there are any.
      first: Math.max(1, size),
    }),
  );
  const items = page.items.slice(0, size);
  const edges = toEdges(items, { after, next: page.next ?? null }, cursors, table);
  return toConnection(edges, { hasNextPage: page.next !== undefined || items.length < page.items.length });
}

/** A page of records of a table that is named. */
export async function listRecordsOf(
  sourceName: string,
  args: ListRecordsArguments & TableInput,
  context: OperationContext,
): Promise<Connection<FairComRecordNode>> {
  const bound = context.faircom(sourceName);
  const kept = args.after == null ? undefined : bound.loaders.keptTable.find(tableRefOf(args));
  const table = kept ? toTableNode(sourceName, kept) : await tableNamed(bound, args);
  return listRecords(table, args, context);
}
