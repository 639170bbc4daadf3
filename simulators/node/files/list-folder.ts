import type { Stats } from 'node:fs';
import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { type Access, demandLevel, type FileHandler, type FileState, pathOfId } from './access.ts';
import { countBelow, fileInfo, type RecursiveCounts } from './file-info.ts';
import { type FileNode, fileNodeAt, readLinkTarget, statNode, toFileNode } from './file-node.ts';
import { compileGlob } from './glob.ts';
import { decodeIterationToken, encodeIterationToken } from './iteration-token.ts';
import { queryInteger, queryList, queryPage } from './request-fields.ts';
import type { Found } from './scan.ts';
import { parseSeconds, secondsOf } from './seconds.ts';
import { compareText } from './select.ts';

/** The listing that `Accept-Version: 4.0` asks for is another one (aspera-node-api.md §4). */
export const isVersion4 = ({ headers }: SimulatorRequest): boolean => headers['accept-version'] === '4.0';

type Test<T> = (subject: T) => boolean;

interface Chosen {
  readonly node: FileNode;
  readonly stats?: Stats;
}

/** A test made from a query parameter, or one that everything passes when the parameter is not sent. */
function parameter<T>(query: URLSearchParams, name: string, make: (value: string) => Test<T>): Test<T> {
  const value = query.get(name);
  return value === null ? () => true : make(value);
}

/** Filters that both listings have; reading the folder is enough for them. */
function nameTest(query: URLSearchParams): Test<FileNode> {
  const isType = parameter<FileNode>(query, 'type', (type) => (node) => node.type === type);
  const isName = parameter<string>(query, 'name', (name) => (text) => text === name);
  const isGlob = parameter<string>(query, 'name_glob', (glob) => compileGlob(glob, true));
  return (node) => isType(node) && isName(node.name) && isGlob(node.name);
}

/** Bounds exclude their value: "larger than", "after" (openapi 4.4.6, GET /files/{id}/files). Sizes are for files. */
function statsTest(query: URLSearchParams): ((node: FileNode, stats: Stats) => boolean) | undefined {
  const least = queryInteger(query, 'min_size', 0);
  const most = queryInteger(query, 'max_size', 0);
  const after = query.get('min_modified_time');
  const before = query.get('max_modified_time');
  const isSized = least !== undefined || most !== undefined;
  if (!isSized && after === null && before === null) return undefined;
  const first = after === null ? Number.NEGATIVE_INFINITY : parseSeconds(after);
  const last = before === null ? Number.POSITIVE_INFINITY : parseSeconds(before);
  const hasSize = (node: FileNode, { size }: Stats) =>
    !isSized || (node.type === 'file' && size > (least ?? -1) && size < (most ?? Number.POSITIVE_INFINITY));
  return (node, stats) => hasSize(node, stats) && secondsOf(stats) > first && secondsOf(stats) < last;
}

/** Links that point where `target_id` and `target_node_id` say. */
async function keepTargets(query: URLSearchParams, nodes: readonly FileNode[]): Promise<readonly FileNode[]> {
  const id = query.get('target_id');
  const nodeId = query.get('target_node_id');
  if (id === null && nodeId === null) return nodes;
  const targets = await Promise.all(nodes.map(readLinkTarget));
  return nodes.filter((_, index) => {
    const target = targets[index];
    return target && (id === null || target.target_id === id) && (nodeId === null || target.target_node_id === nodeId);
  });
}

async function look(node: FileNode): Promise<{ node: FileNode; stats: Stats } | undefined> {
  const stats = await statNode(node).catch(() => undefined);
  return stats && { node, stats };
}

async function lookAtAll(nodes: readonly FileNode[]) {
  return (await Promise.all(nodes.map(look))).filter((one) => one !== undefined);
}

const typeRank: Readonly<Record<FileNode['type'], number>> = { folder: 0, file: 1, link: 2 };

type Rank = (root: string, chosen: Chosen) => number | Promise<number>;

interface Order {
  readonly rank: Rank;
  /** Whether the rank needs the entry's size or times. */
  readonly looks: boolean;
}

const recursive =
  (count: keyof RecursiveCounts): Rank =>
  async (root, { node }) =>
    (await countBelow(root, node))[count];

/** What orders before the name does. */
const ranks: ReadonlyMap<string, Order> = new Map<string, Order>([
  ['name', { rank: () => 0, looks: false }],
  ['type', { rank: (_root, { node }) => typeRank[node.type], looks: false }],
  ['size', { rank: (_root, { node, stats }) => (node.type === 'file' ? (stats?.size ?? 0) : 0), looks: true }],
  ['modified_time', { rank: (_root, { stats }) => stats?.mtimeMs ?? 0, looks: true }],
  ['recursive_size', { rank: recursive('recursive_size'), looks: false }],
  ['recursive_file_count', { rank: recursive('recursive_file_count'), looks: false }],
  ['recursive_folder_count', { rank: recursive('recursive_folder_count'), looks: false }],
  ['recursive_link_count', { rank: recursive('recursive_link_count'), looks: false }],
]);

async function inOrder(root: string, chosen: readonly Chosen[], rank: Rank): Promise<Chosen[]> {
  const keyed = await Promise.all(chosen.map(async (one) => ({ one, rank: await rank(root, one) })));
  keyed.sort((left, right) => left.rank - right.rank || compareText(left.one.node.name, right.one.node.name));
  return keyed.map(({ one }) => one);
}

const nodesOf = (root: string, entries: readonly Found[]): FileNode[] =>
  entries.map((one) => toFileNode(root, one)).filter((node) => node !== undefined);

interface Listing {
  readonly state: FileState;
  readonly access: Access;
  readonly query: URLSearchParams;
  readonly folder: FileNode;
}

async function infoOf({ state, access, query }: Listing, chosen: readonly Chosen[]) {
  const include = new Set(queryList(query, 'include'));
  return Promise.all(chosen.map(({ node, stats }) => fileInfo({ state, access, include }, node, stats)));
}

/** The listing without a version: everything or numbered pages, with every filter and sort. */
async function listPages(listing: Listing): Promise<SimulatorResponse> {
  const { query, folder } = listing;
  const { root } = listing.access.storage;
  const order = ranks.get(query.get('sort') ?? 'name');
  if (!order) throw refusal(400, 'Invalid parameter sort');
  const page = queryPage(query);
  const hasStats = statsTest(query);
  const isIglob = parameter<string>(query, 'name_iglob', (glob) => compileGlob(glob, false));
  const isNamed = nameTest(query);
  const { entries } = await listing.state.listings.read(root, folder.path);
  const named = nodesOf(root, entries).filter((node) => isNamed(node) && isIglob(node.name));
  const nodes = await keepTargets(query, named);
  const looked: readonly Chosen[] =
    hasStats || order.looks ? await lookAtAll(nodes) : nodes.map((node): Chosen => ({ node }));
  const chosen = looked.filter(({ node, stats }) => !hasStats || (stats !== undefined && hasStats(node, stats)));
  const sorted = await inOrder(root, chosen, order.rank);
  const shown = page ? sorted.slice(page.start, page.end) : sorted;
  return {
    status: 200,
    json: await infoOf(listing, shown),
    headers: { 'X-Total-Count': String(sorted.length) },
  };
}

/** By name; the path decides between a link and a file on disk that show the same name. */
const orderKey = ({ name, path }: FileNode): string => `${name}\0${path}`;

const isLink = ({ type }: Found) => type === 'symbolic_link';

/** What is in a folder by name; made once for all pages, but where links lead may change without their folder. */
async function nodesByName({ state, access, folder }: Listing): Promise<readonly FileNode[]> {
  const { root } = access.storage;
  const listing = await state.listings.read(root, folder.path);
  const make = (entries: readonly Found[]) =>
    nodesOf(root, entries)
      .map((node) => ({ node, key: orderKey(node) }))
      .sort((left, right) => compareText(left.key, right.key))
      .map(({ node }) => node);
  const hasLinks = listing.derive('has links', (entries) => entries.some(isLink));
  return hasLinks ? make(listing.entries) : listing.derive('nodes by name', make);
}

/** Index of the first node that comes behind a key. */
function indexBehind(nodes: readonly FileNode[], key: string): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const node = nodes[middle];
    if (node && orderKey(node) > key) high = middle;
    else low = middle + 1;
  }
  return low;
}

const nameFilters = ['type', 'name', 'name_glob'];

/** ascli asks for this many entries at a time (aspera-node-api.md §9). */
const LARGEST_PAGE = 1000;

/**
 * The listing of `Accept-Version: 4.0`: by name, in pages behind an iteration token. The token comes as query parameter
 * (ascli) or as header (openapi 4.4.6); sort, page and the filters by size, time, target and name_iglob do nothing.
 */
async function listByToken(listing: Listing, request: SimulatorRequest): Promise<SimulatorResponse> {
  const { query, folder } = listing;
  const perPage = Math.min(queryInteger(query, 'per_page', 1) ?? LARGEST_PAGE, LARGEST_PAGE);
  const sent = query.get('iteration_token') ?? request.headers.iteration_token;
  const after = typeof sent === 'string' && sent !== '' ? decodeIterationToken(folder.path, sent) : '';
  const nodes = await nodesByName(listing);
  const all = nameFilters.some((name) => query.has(name)) ? nodes.filter(nameTest(query)) : nodes;
  const start = indexBehind(all, after);
  const shown = all.slice(start, start + perPage);
  const last = all.length > start + shown.length ? shown.at(-1) : undefined;
  return {
    status: 200,
    json: await infoOf(
      listing,
      shown.map((node) => ({ node })),
    ),
    headers: {
      'X-Total-Count': String(all.length),
      'X-Aspera-Total-Count': String(all.length),
      ...(last ? { 'X-Aspera-Next-Iteration-Token': encodeIterationToken(folder.path, orderKey(last)) } : {}),
    },
  };
}

/** GET /files/{id}/files. Bearer callers need `list` on the folder (openapi 4.4.6). */
export const listFolder: FileHandler = async (state, access, request) => {
  const path = pathOfId(state, access, request.params.id ?? '');
  demandLevel(state, access, path, 'list');
  const folder = await fileNodeAt(access.storage.root, path);
  if (folder?.type !== 'folder') throw refusal(400, 'The file ID is not that of a folder');
  const listing = { state, access, query: request.query, folder };
  return isVersion4(request) ? listByToken(listing, request) : listPages(listing);
};
