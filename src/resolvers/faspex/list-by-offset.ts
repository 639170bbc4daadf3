import type { Page } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type Connection, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { isOffsetPosition, type OffsetList, readOffsetPage } from '../offset-pages.ts';
import { createPageCursors } from '../page-cursor.ts';

/** Reads a part of a list of Faspex. */
export type ReadPart<T> = (part: { readonly offset: number; readonly limit: number }) => Promise<Page<T>>;

/**
 * A list of Faspex as offset paging wants it. Rows may come in anywhere: what is archived enters a history at the date
 * of its creation, and contacts are sorted by nothing that the vendor names.
 */
export const offsetList = <T>(readPart: ReadPart<T>, idOf: (item: T) => string): OffsetList<T | SourceError> => ({
  read: async (offset, limit) => {
    const { items, next, total } = await readPart({ offset, limit });
    // Lists of groups have no documented paging (aspera-apps-api.md §1.1): more than was asked for is all there is.
    if (items.length > limit) {
      const end = offset + limit;
      return { rows: items.slice(offset, end), hasMore: end < items.length, total };
    }
    return { rows: items, hasMore: next !== undefined, total };
  },
  idOf: (row) => (row instanceof SourceError ? undefined : idOf(row)),
});

export interface OffsetListOptions<T, Node> {
  /** Everything that makes the list what it is: field, source, upstream identity, filters. */
  readonly binding: readonly unknown[];
  readonly args: PageArguments;
  readonly read: ReadPart<T>;
  readonly idOf: (item: T) => string;
  readonly toNode: (item: T) => Node;
}

/** A page of a list that the vendor cuts by offset and does not filter by time. One call, more when it has changed. */
export async function listByOffset<T, Node>(options: OffsetListOptions<T, Node>): Promise<Connection<Node>> {
  const { args, toNode } = options;
  const cursors = createPageCursors(options.binding, isOffsetPosition);
  const after = args.after == null ? undefined : cursors.decode(args.after);
  const page = await readOffsetPage(offsetList(options.read, options.idOf), after, pageSize(args));
  const edges = page.rows.map(({ row, position }) => ({
    node: row instanceof SourceError ? row : toNode(row),
    cursor: cursors.encode(position),
  }));
  return toConnection(edges, { hasNextPage: page.hasMore, totalCount: page.total, shifted: page.shifted });
}
