import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import * as z from 'zod';
import type { FolderListing } from './folder-listings.ts';
import { compileGlob } from './glob.ts';
import type { EntryType, Found } from './scan.ts';
import { parseSeconds, secondsOf } from './seconds.ts';

/** Members of a browse or search request that choose entries (openapi 4.4.6, filesBrowseRequest). */
export const selectionShape = {
  path: z.string(),
  skip: z.int().min(0).default(0),
  count: z.int().min(0).default(100),
  sort: z.enum(['path', 'type', 'size_a', 'size_d', 'mtime_a', 'mtime_d']).optional(),
  case_sensitive: z.boolean().default(false),
};

export const typesShape = z.array(z.enum(['file', 'directory', 'symbolic_link']));

export const filtersShape = {
  types: typesShape.optional(),
  paths: z.array(z.string()).optional(),
  basenames: z.array(z.string()).optional(),
  size_min: z.int().optional(),
  size_max: z.int().optional(),
  mtime_min: z.string().optional(),
  mtime_max: z.string().optional(),
};

const selection = z.object({ ...selectionShape, filters: z.object(filtersShape).default({}) });
export type Selection = z.infer<typeof selection>;
type Filters = Selection['filters'];

/** The most entries that one answer holds, whatever `count` says: ascli asks for this many (aspera-node-api.md §3). */
const LARGEST_PAGE = 1000;

export const pageSize = (count: number): number => Math.min(count, LARGEST_PAGE);

/** An entry and, when choosing it needed a look at it, what that look showed. */
export interface Selected {
  readonly found: Found;
  readonly stats?: Stats;
}

type Test<T> = (subject: T) => boolean;

/** Any of several globs; no list means no restriction. */
export function anyGlob(globs: readonly string[] | undefined, caseSensitive: boolean): Test<string> {
  if (globs === undefined || globs.length === 0) return () => true;
  const tests = globs.map((glob) => compileGlob(glob, caseSensitive));
  return (text) => tests.some((test) => test(text));
}

/** Path globs that start with a slash are meant from the root, others from the folder that is looked at. */
function pathTest(folder: string, globs: readonly string[] | undefined): Test<string> {
  if (globs === undefined || globs.length === 0) return () => true;
  const prefix = folder === '/' ? '/' : `${folder}/`;
  const rooted = globs.map((glob) => ({ isRooted: glob.startsWith('/'), test: compileGlob(glob, true) }));
  return (path) => rooted.some(({ isRooted, test }) => test(isRooted ? path : path.slice(prefix.length)));
}

/** What reading the folder is enough for: type, path and name. */
function nameTest(folder: string, request: Selection): Test<Found> {
  const { types, paths, basenames, size_min, size_max } = request.filters;
  const isSized = size_min !== undefined || size_max !== undefined;
  const wanted: ReadonlySet<EntryType> | undefined = types && types.length > 0 ? new Set(types) : undefined;
  const hasPath = pathTest(folder, paths);
  const hasName = anyGlob(basenames, request.case_sensitive);
  return ({ type, path, name }) =>
    (!isSized || type === 'file') && (wanted?.has(type) ?? true) && hasName(name) && hasPath(path);
}

/** `size_min` is inclusive, the other three bounds exclude their value (openapi 4.4.6, filesBrowseFilters). */
function statsTest(filters: Filters): Test<Stats> | undefined {
  const tests: Test<Stats>[] = [];
  const { size_min, size_max, mtime_min, mtime_max } = filters;
  if (size_min !== undefined) tests.push(({ size }) => size >= size_min);
  if (size_max !== undefined) tests.push(({ size }) => size < size_max);
  if (mtime_min !== undefined) {
    const after = parseSeconds(mtime_min);
    tests.push((stats) => secondsOf(stats) > after);
  }
  if (mtime_max !== undefined) {
    const before = parseSeconds(mtime_max);
    tests.push((stats) => secondsOf(stats) < before);
  }
  return tests.length === 0 ? undefined : (stats) => tests.every((test) => test(stats));
}

const typeRank: Readonly<Record<EntryType, number>> = { directory: 0, file: 1, symbolic_link: 2 };

const sizeOf = ({ found, stats }: Selected) => (found.type === 'directory' ? 0 : (stats?.size ?? 0));
const timeOf = ({ stats }: Selected) => stats?.mtimeMs ?? 0;

/** What comes before the path in an order; the path decides among equals, so that pages never overlap. */
const ranks: Readonly<Record<NonNullable<Selection['sort']>, (selected: Selected) => number>> = {
  path: () => 0,
  type: ({ found }) => typeRank[found.type],
  size_a: sizeOf,
  size_d: (selected) => -sizeOf(selected),
  mtime_a: timeOf,
  mtime_d: (selected) => -timeOf(selected),
};

export const compareText = (left: string, right: string): number => {
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

function sorted(selected: readonly Selected[], request: Selection): Selected[] {
  const rank = ranks[request.sort ?? 'path'];
  const keyed = selected.map((one) => ({
    one,
    rank: rank(one),
    folded: request.case_sensitive ? '' : one.found.path.toLowerCase(),
  }));
  keyed.sort(
    (left, right) =>
      left.rank - right.rank ||
      compareText(left.folded, right.folded) ||
      compareText(left.one.found.path, right.one.found.path),
  );
  return keyed.map(({ one }) => one);
}

async function look(found: Found): Promise<Selected | undefined> {
  const stats = await lstat(found.location).catch(() => undefined);
  return stats && { found, stats };
}

/** Whether the entries themselves must be looked at: what reading their folder shows is not enough. */
const needsLook = ({ filters, sort = 'path' }: Selection) =>
  statsTest(filters) !== undefined || /^(?:size|mtime)_/.test(sort);

const inOrder = (entries: readonly Found[], request: Selection) =>
  sorted(
    entries.map((found) => ({ found })),
    request,
  );

/** The entries that match the request in its order, before skip and count. Looks at entries only when it must. */
export async function select(
  folder: string,
  entries: readonly Found[],
  request: Selection,
): Promise<readonly Selected[]> {
  const named = entries.filter(nameTest(folder, request));
  if (!needsLook(request)) return inOrder(named, request);
  const hasStats = statsTest(request.filters);
  const looked = (await Promise.all(named.map(look))).filter((one) => one !== undefined);
  return sorted(
    looked.filter(({ stats }) => hasStats === undefined || (stats !== undefined && hasStats(stats))),
    request,
  );
}

/** As `select`, for the entries of a folder: those are put in order once for all pages, where that needs no look. */
export async function selectIn(
  folder: string,
  listing: FolderListing,
  request: Selection,
): Promise<readonly Selected[]> {
  if (needsLook(request)) return select(folder, listing.entries, request);
  const { sort = 'path', case_sensitive, filters } = request;
  const all = listing.derive(`${sort} ${case_sensitive}`, (entries) => inOrder(entries, request));
  if (Object.values(filters).every((filter) => filter === undefined)) return all;
  const isChosen = nameTest(folder, request);
  return all.filter(({ found }) => isChosen(found));
}
