import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { type Fields, isObject, readFields, stringField } from '../fields.ts';
import type { NodeEntry, StorageNode } from './storage-node.ts';

/** The node gives so many entries at most, whatever is asked (aspera-apps-api.md §1.2). */
const MAX_PER_CALL = 1000;
const DEFAULT_PER_CALL = 100;

function readCount(query: URLSearchParams, name: string, fallback: number, code: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw refusal(400, code, `${name} must be an integer that is not negative.`);
  return Number(text);
}

/** The path of a request inside a folder that nobody may leave. */
export function insideFolder(root: string, path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw refusal(400, 1003, 'A path must stay inside its folder.');
  return [root.replace(/\/$/, ''), ...names].join('/') || '/';
}

/** An entry as Faspex shows it: relative to its root, and the size as text, empty for links (§5.6, part E, 7). */
const entryView = (root: string, entry: NodeEntry) => ({
  path: entry.path.slice(root === '/' ? 0 : root.length) || '/',
  basename: entry.path === root ? '' : entry.basename,
  type: entry.type,
  size: entry.type === 'symbolic_link' ? '' : String(entry.size ?? 0),
  mtime: entry.mtime,
  permissions: entry.permissions ?? [],
});

/** Empty filters mean no filter; ascli always sends `basenames: []`. */
function readFilters(fields: Fields): Fields {
  const filters = isObject(fields.filters) ? fields.filters : {};
  const isSet = ([name, value]: [string, unknown]) =>
    name !== 'include_sub_dir' && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(filters).filter(isSet));
}

function askFor(root: string, fields: Fields, skip: number, count: number) {
  const path = stringField(fields, 'path');
  if (path === undefined) throw refusal(400, 1003, 'The parameter path is missing.');
  return {
    path: insideFolder(root, path),
    skip,
    count,
    filters: readFilters(fields),
    ...(fields.sort === undefined ? {} : { sort: fields.sort }),
    ...(fields.case_sensitive === undefined ? {} : { case_sensitive: fields.case_sensitive }),
  };
}

/** The first generation of browsing: `offset` and `limit`; an empty page is the end for ascli (§1.2). */
export async function browseByOffset(
  storage: StorageNode,
  root: string,
  request: SimulatorRequest,
): Promise<SimulatorResponse> {
  const offset = readCount(request.query, 'offset', 0, 1004);
  const limit = Math.min(readCount(request.query, 'limit', DEFAULT_PER_CALL, 1005), MAX_PER_CALL);
  const folder = await storage.browse(askFor(root, readFields(request), offset, limit));
  const items = (folder.items ?? []).map((entry) => entryView(root, entry));
  const self = folder.self ? [entryView(root, folder.self)] : [];
  return { status: 200, json: { self, items, item_count: items.length, total_count: folder.total_count ?? 0 } };
}

function readPerPage(query: URLSearchParams): number {
  const perPage = readCount(query, 'per_page', -1, 1005);
  const limit = readCount(query, 'limit', -1, 1005);
  if (perPage >= 0 && limit >= 0 && perPage !== limit) throw refusal(400, 1035, 'per_page and limit must be equal.');
  const asked = Math.max(perPage, limit);
  return asked <= 0 ? DEFAULT_PER_CALL : Math.min(asked, MAX_PER_CALL);
}

const encodeToken = (skip: number) => Buffer.from(`after:${skip}`).toString('base64url');

/** The token comes back in the query by ascli and in the body by the OpenAPI document (§1.2). */
function readToken(query: URLSearchParams, fields: Fields): number {
  const token = query.get('iteration_token') || stringField(fields, 'iteration_token');
  if (!token) return 0;
  const skip = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (skip === undefined) throw refusal(400, 1003, 'iteration_token is not valid.');
  return Number(skip);
}

/** The second generation: the continuation comes in a header, which is absent at the end (§1.2). */
export async function browseByToken(
  storage: StorageNode,
  root: string,
  request: SimulatorRequest,
): Promise<SimulatorResponse> {
  const fields = readFields(request);
  const perPage = readPerPage(request.query);
  const skip = readToken(request.query, fields);
  const asked = askFor(root, fields, skip, perPage);
  const folder = await storage.browse(asked);
  const items = (folder.items ?? []).map((entry) => entryView(root, entry));
  const end = skip + items.length;
  const hasMore = items.length > 0 && end < (folder.total_count ?? 0);
  const parameters = { path: asked.path.slice(root === '/' ? 0 : root.length) || '/', count: perPage };
  return {
    status: 200,
    json: { items, item_count: items.length, parameters },
    ...(hasMore ? { headers: { 'x-aspera-next-iteration-token': encodeToken(end) } } : {}),
  };
}
