import type { BoundFairCom } from '../../context/context.ts';
import type { Page } from '../../sources/faircom/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type Connection, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { isOffsetPosition, type OffsetList, readOffsetPage } from '../offset-pages.ts';
import { createPageCursors } from '../page-cursor.ts';

/** A list of names at a FairCom server, which it pages by counting only (faircom-netography-api.md §A6, §A7). */
export interface CatalogueList<Row, Item> {
  /** What makes the list what it is, beside its source and identity. */
  readonly binding: readonly unknown[];
  readonly read: (part: { readonly skip: number; readonly first: number }) => Promise<Page<Row>>;
  readonly nameOf: (row: Row) => string;
  readonly toItem: (row: Row) => Item;
}

/** Names come in anywhere: the lists are in ascending order. */
const asOffsetList = <Row>({ read, nameOf }: CatalogueList<Row, unknown>): OffsetList<Row | SourceError> => ({
  read: async (skip, first) => {
    const { items, next, total } = await read({ skip, first });
    return { rows: items, hasMore: next !== undefined, total };
  },
  idOf: (row) => (row instanceof SourceError ? undefined : nameOf(row)),
});

/** A page of a list of names. One upstream call; more where names have come or gone between two pages. */
export async function listCatalogue<Row, Item>(
  { source, identity }: BoundFairCom,
  args: PageArguments,
  list: CatalogueList<Row, Item>,
): Promise<Connection<Item>> {
  const cursors = createPageCursors([source.name, identity.key, ...list.binding], isOffsetPosition);
  const after = args.after == null ? undefined : cursors.decode(args.after);
  const page = await readOffsetPage(asOffsetList(list), after, pageSize(args));
  const edges = page.rows.map(({ row, position }) => ({
    node: row instanceof SourceError ? row : list.toItem(row),
    cursor: cursors.encode(position),
  }));
  return toConnection(edges, { hasNextPage: page.hasMore, totalCount: page.total, shifted: page.shifted });
}
