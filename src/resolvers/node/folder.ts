import type { BoundNode } from '../../context/context.ts';
import type { StorageFile } from '../../sources/node/types.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { createPageCursors } from '../page-cursor.ts';

/** A folder of the storage of an access key, by its id. */
export interface StorageFolder {
  readonly node: BoundNode;
  readonly fileId: string;
}

/** The folder with this id; the one where the storage of the access key begins when none is named. */
export async function folderById(node: BoundNode, fileId: string | null | undefined): Promise<StorageFolder | null> {
  if (fileId != null) return { node, fileId };
  const { rootFileId } = await node.client.accessKeySelf();
  return rootFileId === undefined ? null : { node, fileId: rootFileId };
}

/** Where the node's page begins, and how many of its files come before the next one. */
interface Position {
  readonly from: string | null;
  readonly skip: number;
}

const isPosition = (value: unknown): value is Position => {
  const { from, skip } = (value ?? {}) as Partial<Position>;
  return (from === null || typeof from === 'string') && Number.isSafeInteger(skip) && Number(skip) >= 0;
};

/**
 * A page of a folder behind an iteration token (aspera-node-api.md §4). A token names the end of a whole page, so a
 * cursor inside one is the token before it and how many of its files the reader has had.
 */
export async function listFolder(folder: StorageFolder, args: PageArguments): Promise<Connection<StorageFile>> {
  const { node, fileId } = folder;
  const cursors = createPageCursors(['node.folder', node.source.name, node.identity.key, fileId], isPosition);
  const { from, skip } = args.after == null ? { from: null, skip: 0 } : cursors.decode(args.after);
  const size = pageSize(args);
  const page = await node.client.listFolder(fileId, {
    count: Math.max(1, skip + size),
    ...(from === null ? {} : { iterationToken: from }),
  });
  const rows = page.items.slice(skip, skip + size);
  const isWhole = skip + rows.length >= page.items.length;
  const edges = rows.map((row, index): Edge<StorageFile> => {
    const isLast = index === rows.length - 1 && isWhole && page.next !== undefined;
    const position: Position = isLast ? { from: page.next ?? null, skip: 0 } : { from, skip: skip + index + 1 };
    return { node: row, cursor: cursors.encode(position) };
  });
  return toConnection(edges, { hasNextPage: !isWhole || page.next !== undefined, totalCount: page.total });
}
