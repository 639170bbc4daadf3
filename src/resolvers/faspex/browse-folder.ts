import type { FaspexFile, Page } from '../../sources/faspex/types.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { createPageCursors } from '../page-cursor.ts';

export interface FolderArguments extends PageArguments {
  readonly path?: string | null | undefined;
}

/** The folder that is meant; the root when none is named. */
export const folderPath = ({ path }: FolderArguments): string => path || '/';

/** Where the vendor's page begins, and how many of its files come before the next one. */
interface Position {
  readonly from: string | null;
  readonly skip: number;
}

/** The node behind Faspex gives no more entries in one page (aspera-apps-api.md §1.2). */
const MAX_COUNT = 1_000;

const isPosition = (value: unknown): value is Position => {
  const { from, skip } = (value ?? {}) as Partial<Position>;
  const isPlace = from === null || typeof from === 'string';
  return isPlace && Number.isSafeInteger(skip) && Number(skip) >= 0 && Number(skip) < MAX_COUNT;
};

/** Reads a page of a folder from one of the vendor's places on. */
export type ReadFolder = (part: {
  readonly count: number;
  readonly after: string | undefined;
}) => Promise<Page<FaspexFile, string>>;

/**
 * A page of a folder. The vendor's continuation token names a whole page, so a cursor inside a page is the token and
 * how many files of it the reader has had.
 */
export async function browseFolder(
  binding: readonly unknown[],
  args: FolderArguments,
  read: ReadFolder,
): Promise<Connection<FaspexFile>> {
  const cursors = createPageCursors([...binding, folderPath(args)], isPosition);
  const { from, skip } = args.after == null ? { from: null, skip: 0 } : cursors.decode(args.after);
  const size = pageSize(args);
  // A page of no files is asked for as one of one file, which nobody is given.
  const count = Math.min(MAX_COUNT, skip + Math.max(1, size));
  const page = await read({ count, after: from ?? undefined });
  const rows = page.items.slice(skip, skip + size);
  const end = skip + rows.length;
  const isWhole = end >= page.items.length;
  const edges = rows.map((node, index): Edge<FaspexFile> => {
    const isLast = index === rows.length - 1 && isWhole && page.next !== undefined;
    const position: Position = isLast ? { from: page.next ?? null, skip: 0 } : { from, skip: skip + index + 1 };
    return { node, cursor: cursors.encode(position) };
  });
  return toConnection(edges, { hasNextPage: !isWhole || page.next !== undefined, totalCount: page.total });
}
