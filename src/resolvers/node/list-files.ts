import type { BoundNode } from '../../context/context.ts';
import type { NodeFile, NodeFileFilter, NodeFileSort, Page } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { isOffsetPosition, type OffsetList, readOffsetPage } from '../offset-pages.ts';
import { createPageCursors } from '../page-cursor.ts';
import { type AsperaFileNode, toFileNode } from './file.ts';

type Optional<T> = T | null | undefined;

export interface FileFilterInput {
  readonly types?: Optional<readonly ('FILE' | 'DIRECTORY' | 'SYMBOLIC_LINK')[]>;
  readonly names?: Optional<readonly string[]>;
  readonly paths?: Optional<readonly string[]>;
  readonly minSizeBytes?: Optional<number>;
  readonly maxSizeBytes?: Optional<number>;
  readonly modifiedAfter?: Optional<Date>;
  readonly modifiedBefore?: Optional<Date>;
}

export interface ListFilesArguments extends PageArguments {
  readonly path?: Optional<string>;
  readonly filter?: Optional<FileFilterInput>;
  readonly sort?: Optional<NodeFileSort>;
}

export interface SearchFilesArguments extends ListFilesArguments {
  readonly maxDepth?: Optional<number>;
}

interface FilePart {
  readonly skip: number;
  readonly count: number;
  readonly sort: NodeFileSort;
  readonly filter: NodeFileFilter;
}

type Row = NodeFile | SourceError;

interface FileList {
  readonly node: BoundNode;
  /** What makes the list what it is, besides the node, its folder, order and filter. */
  readonly binding: readonly unknown[];
  readonly read: (part: FilePart) => Promise<Page<NodeFile, number>>;
}

const present = (filter: Optional<FileFilterInput>): NodeFileFilter =>
  Object.fromEntries(Object.entries(filter ?? {}).filter(([, value]) => value != null));

/**
 * One page of a list that the node cuts by offset and that has one order as long as nothing changes
 * (aspera-node-api.md §3); a path stands for a file, so a page begins behind the last path of the one before.
 */
async function listPage(list: FileList, args: ListFilesArguments): Promise<Connection<AsperaFileNode>> {
  const { source, identity } = list.node;
  const sort = args.sort ?? 'PATH';
  const filter = present(args.filter);
  const cursors = createPageCursors([...list.binding, source.name, identity.key, sort, filter], isOffsetPosition);
  const after = args.after == null ? undefined : cursors.decode(args.after);
  const rows: OffsetList<Row> = {
    read: async (skip, count) => {
      const { items, next, total } = await list.read({ skip, count, sort, filter });
      return { rows: items, hasMore: next !== undefined, total };
    },
    idOf: (row) => (row instanceof SourceError ? undefined : row.path),
  };
  const page = await readOffsetPage(rows, after, pageSize(args));
  const edges = page.rows.map(
    ({ row, position }): Edge<AsperaFileNode> => ({
      node: row instanceof SourceError ? row : toFileNode(source.name, row),
      cursor: cursors.encode(position),
    }),
  );
  return toConnection(edges, { hasNextPage: page.hasMore, totalCount: page.total, shifted: page.shifted });
}

/** A page of a folder. One call, and up to five more when the folder has changed since the page before. */
export function listFiles(node: BoundNode, args: ListFilesArguments): Promise<Connection<AsperaFileNode>> {
  const path = args.path ?? '/';
  const read = async (part: FilePart) => {
    const folder = await node.client.browsePath(path, part);
    if (folder.self.type === 'DIRECTORY') return folder;
    const message = `${path} is no folder. Ask for \`file(path:)\`.`;
    throw new SourceError('BAD_INPUT', message, { source: node.source.name });
  };
  return listPage({ node, binding: ['node.files', path], read }, args);
}

/** A page of what is below a folder at any depth; calls as for a folder. */
export function searchFiles(node: BoundNode, args: SearchFilesArguments): Promise<Connection<AsperaFileNode>> {
  const path = args.path ?? '/';
  const maxDepth = args.maxDepth ?? undefined;
  const read = (part: FilePart) => node.client.search(path, { ...part, maxDepth });
  return listPage({ node, binding: ['node.search', path, maxDepth ?? null], read }, args);
}
