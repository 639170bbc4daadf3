import type { Reader } from '../../../reading/reader.ts';
import { isJsonObject } from '../../../transfer-spec/transfer-spec.ts';
import type { SourceError } from '../../../transport/source-error.ts';
import { type NodeConnection, sendPaths } from '../connection.ts';
import { badAnswer, embeddedRefusal } from '../errors.ts';
import { parseAnswer, parseItem } from '../parse.ts';
import { compact, toSeconds } from '../request-shape.ts';
import type {
  BrowseOptions,
  DiskUsage,
  FolderPage,
  NodeFile,
  NodeFileFilter,
  NodeFileSort,
  Page,
  SearchOptions,
  StorageSpace,
} from '../types.ts';
import { folderPage, pathEntry, pathList, searchPage } from '../wire/path-entry.ts';
import { diskUsage, space } from '../wire/paths.ts';
import { nodeErrorOf } from '../wire.ts';

/** Reading by path (gen3): node users and access keys only (aspera-node-api.md §3). All of it goes by POST. */

const sortWords: Readonly<Record<NodeFileSort, string>> = {
  PATH: 'path',
  TYPE: 'type',
  SIZE_ASC: 'size_a',
  SIZE_DESC: 'size_d',
  MODIFIED_ASC: 'mtime_a',
  MODIFIED_DESC: 'mtime_d',
};

const filterToWire = (filter: NodeFileFilter) => ({
  types: filter.types?.map((type) => type.toLowerCase()),
  paths: filter.paths,
  basenames: filter.names,
  size_min: filter.minSizeBytes,
  size_max: filter.maxSizeBytes,
  mtime_min: filter.modifiedAfter && toSeconds(filter.modifiedAfter.getTime()),
  mtime_max: filter.modifiedBefore && toSeconds(filter.modifiedBefore.getTime()),
});

function selectionToWire(path: string, options: SearchOptions) {
  const depth = { depth_min: options.minDepth, depth_max: options.maxDepth };
  const filters = compact({ ...filterToWire(options.filter ?? {}), ...depth });
  return compact({
    path,
    skip: options.skip,
    count: options.count,
    sort: options.sort && sortWords[options.sort],
    case_sensitive: options.caseSensitive,
    filters: Object.keys(filters).length === 0 ? undefined : filters,
  });
}

/** An entry, or the refusal that stands in its place. */
function readEntry(source: string, item: unknown): NodeFile | SourceError {
  const error = nodeErrorOf(item);
  return error ? embeddedRefusal(source, error) : parseItem(source, 'a file', pathEntry, item);
}

/** An empty page is the last one whatever the total says: the folder may have shrunk meanwhile. */
function pageOf(source: string, items: readonly unknown[], total: number | undefined, skip: number) {
  const end = skip + items.length;
  const isLast = items.length === 0 || (total !== undefined && end >= total);
  return { items: items.map((item) => readEntry(source, item)), next: isLast ? undefined : end, total };
}

/** `POST /files/browse`: one page of a folder. */
export async function browsePath(
  connection: NodeConnection,
  path: string,
  options: BrowseOptions,
): Promise<FolderPage> {
  const { body } = await sendPaths(connection, {
    operation: 'node.browsePath',
    method: 'POST',
    path: '/files/browse',
    json: selectionToWire(path, options),
    repeat: 'safe',
  });
  const { self, items, total } = parseAnswer(connection.source, 'a folder', folderPage, body);
  if (self.type !== 'DIRECTORY') return { self, items: [], next: undefined, total: 0 };
  return { self, ...pageOf(connection.source, items, total, options.skip ?? 0) };
}

/** `POST /files/search`: what is below a folder, at any depth. */
export async function searchFiles(
  connection: NodeConnection,
  path: string,
  options: SearchOptions,
): Promise<Page<NodeFile, number>> {
  const { body } = await sendPaths(connection, {
    operation: 'node.searchFiles',
    method: 'POST',
    path: '/files/search',
    json: selectionToWire(path, options),
    repeat: 'safe',
  });
  const { items, total } = parseAnswer(connection.source, 'a list of files', searchPage, body);
  return pageOf(connection.source, items, total, options.skip ?? 0);
}

/**
 * The results of a call with many paths, in the order they were asked for. Nodes keep that order; where one leaves a
 * path out, results are found by their own path, and a path without a result has an error.
 */
function alignToPaths<T>(
  source: string,
  paths: readonly string[],
  body: unknown,
  { what, read }: { readonly what: string; readonly read: Reader<T> },
): (T | SourceError)[] {
  const items = parseAnswer(source, 'a result per path', pathList, body);
  const isComplete = items.length === paths.length;
  const byPath = new Map(isComplete ? [] : items.map((item) => [isJsonObject(item) ? item.path : undefined, item]));
  return paths.map((path, index) => {
    const item = isComplete ? items[index] : byPath.get(path);
    if (item === undefined) return badAnswer(source, `no result for ${JSON.stringify(path)}`);
    const error = nodeErrorOf(item);
    return error ? embeddedRefusal(source, error) : parseItem(source, what, read, item);
  });
}

/** `POST /files/info`: many paths in one call, links followed. */
export async function readFiles(
  connection: NodeConnection,
  paths: readonly string[],
): Promise<(NodeFile | SourceError)[]> {
  const { body } = await sendPaths(connection, {
    operation: 'node.filesInfo',
    method: 'POST',
    path: '/files/info',
    json: { paths: paths.map((path) => ({ path })) },
    repeat: 'safe',
  });
  return alignToPaths(connection.source, paths, body, { what: 'a file', read: pathEntry });
}

/** `POST /space`: room on the storage of each path (aspera-node-api.md §2). */
export async function readSpace(
  connection: NodeConnection,
  paths: readonly string[],
): Promise<(StorageSpace | SourceError)[]> {
  const { body } = await sendPaths(connection, {
    operation: 'node.space',
    method: 'POST',
    path: '/space',
    json: { paths: paths.map((path) => ({ path })) },
    repeat: 'safe',
  });
  return alignToPaths(connection.source, paths, body, { what: 'the room on a storage', read: space });
}

/** `POST /files/du`: what a folder holds in depth. */
export async function readDiskUsage(connection: NodeConnection, path: string): Promise<DiskUsage> {
  const { body } = await sendPaths(connection, {
    operation: 'node.diskUsage',
    method: 'POST',
    path: '/files/du',
    json: { path },
    repeat: 'safe',
  });
  return { path, ...parseAnswer(connection.source, 'the size of a folder', diskUsage, body) };
}
