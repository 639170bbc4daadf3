import type { OperationContext } from '../../context/context.ts';
import type { FaspexFile } from '../../sources/faspex/types.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { createPageCursors } from '../page-cursor.ts';
import type { FaspexPackageNode } from './package.ts';
import { receivingSide } from './receive-package.ts';

export interface PackageFilesArguments extends PageArguments {
  readonly path?: string | null | undefined;
}

/** Where the vendor's page begins, and how many of its files come before the next one. */
interface Position {
  readonly from: string | null;
  readonly skip: number;
}

const isPosition = (value: unknown): value is Position => {
  const { from, skip } = (value ?? {}) as Partial<Position>;
  return (from === null || typeof from === 'string') && Number.isSafeInteger(skip) && (skip as number) >= 0;
};

/**
 * A page of a folder of a package. The vendor's continuation token names a whole page, so a cursor inside a page is
 * the token and how many files of it the reader has had.
 */
export async function packageFiles(
  pkg: FaspexPackageNode,
  args: PackageFilesArguments,
  context: OperationContext,
): Promise<Connection<FaspexFile>> {
  const faspex = context.faspex(pkg.sourceName);
  const path = args.path ?? '/';
  const binding = ['faspex.files', pkg.sourceName, faspex.identity.key, pkg.packageId, path];
  const cursors = createPageCursors(binding, isPosition);
  const { from, skip } = args.after == null ? { from: null, skip: 0 } : cursors.decode(args.after);
  const size = pageSize(args);
  const side = await receivingSide(faspex, pkg);
  const page = await faspex.client.packageFiles(pkg.packageId, {
    ...side,
    path,
    count: skip + size,
    after: from ?? undefined,
  });
  const rows = page.items.slice(skip, skip + size);
  const isWhole = skip + rows.length >= page.items.length;
  const edges = rows.map((node, index): Edge<FaspexFile> => {
    const isLast = index === rows.length - 1 && isWhole && page.next !== undefined;
    const position: Position = isLast ? { from: page.next ?? null, skip: 0 } : { from, skip: skip + index + 1 };
    return { node, cursor: cursors.encode(position) };
  });
  return toConnection(edges, { hasNextPage: !isWhole || page.next !== undefined, totalCount: page.total });
}
