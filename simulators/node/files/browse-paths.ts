import { lstat, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import * as z from 'zod';
import { describeFollowed, describeFound, typeOfStats } from './entry.ts';
import type { FolderListing } from './folder-listings.ts';
import { decodeIterationToken, encodeIterationToken } from './iteration-token.ts';
import type { PathHandler } from './path-handler.ts';
import { readBody } from './request-fields.ts';
import { normalizePath, resolveEntryInRoot, resolveInRoot } from './resolve-in-root.ts';
import { type Found, walkFolder } from './scan.ts';
import {
  anyGlob,
  compareText,
  filtersShape,
  pageSize,
  type Selected,
  type Selection,
  select,
  selectIn,
  selectionShape,
  typesShape,
} from './select.ts';

const browseRequest = z.object({ ...selectionShape, filters: z.object(filtersShape).default({}) });

/** The page of a selection that `skip` and `count` ask for. */
async function page(root: string, selected: readonly Selected[], { skip, count }: Selection) {
  const shown = selected.slice(skip, skip + pageSize(count));
  const items = await Promise.all(shown.map(({ found, stats }) => describeFound(root, found, stats)));
  return { items, item_count: items.length, total_count: selected.length };
}

/** What of the request is told back; for browse a guess after the documented echo of search (§11). */
const echo = (path: string, { skip, count, sort }: Selection) => ({
  path,
  skip,
  count: pageSize(count),
  ...(sort === undefined ? {} : { sort }),
});

/** POST /files/browse (aspera-node-api.md §3). */
export const browse: PathHandler = async ({ root, listings }, request) => {
  const asked = readBody(request, browseRequest);
  const path = normalizePath(asked.path);
  const self = await describeFollowed(root, path);
  if (self.type !== 'directory') return { status: 200, json: { self } };
  const selected = await selectIn(path, await listings.read(root, path), asked);
  return { status: 200, json: { self, ...(await page(root, selected, asked)), parameters: echo(path, asked) } };
};

const searchRequest = z.object({
  ...selectionShape,
  filters: z
    .object({ ...filtersShape, depth_min: z.int().min(0).optional(), depth_max: z.int().min(0).optional() })
    .default({}),
});

const depthBelow = (path: string, found: Found) =>
  found.path.slice(path === '/' ? 0 : path.length).split('/').length - 1;

/** A search may start at a file, which is then the only candidate. */
async function candidates(root: string, path: string, depth: number | undefined): Promise<readonly Found[]> {
  const isFolder = (await stat(resolveInRoot(root, path))).isDirectory();
  if (isFolder) return (await walkFolder(root, path, depth)).entries;
  const location = resolveEntryInRoot(root, path);
  return [{ path, name: posix.basename(path), type: typeOfStats(await lstat(location)), location }];
}

/**
 * POST /files/search: browse in depth (aspera-node-api.md §3). Links come as `symbolic_link`, which its filter `types`
 * knows, although one vendor sample shows a link as a file.
 */
export const search: PathHandler = async ({ root }, request) => {
  const asked = readBody(request, searchRequest);
  const path = normalizePath(asked.path);
  const { depth_min = 0, depth_max } = asked.filters;
  const entries = await candidates(root, path, depth_max);
  const deep = entries.filter((found) => found.path === path || depthBelow(path, found) >= depth_min);
  const parameters = {
    ...echo(path, asked),
    ...(asked.filters.depth_min === undefined ? {} : { depth_min }),
    ...(depth_max === undefined ? {} : { depth_max }),
  };
  return { status: 200, json: { ...(await page(root, await select(path, deep, asked), asked)), parameters } };
};

const pageRequest = z.object({
  path: z.string(),
  iteration_token: z.string().optional(),
  retrieve_times: z.boolean().default(false),
  retrieve_metadata: z.boolean().default(true),
  count: z.int().min(1).default(100),
  filters: z
    .object({
      types: typesShape.optional(),
      basenames: z.array(z.string()).optional(),
      out_basenames: z.array(z.string()).optional(),
    })
    .default({}),
});

type PageRequest = z.infer<typeof pageRequest>;

const byName = (entries: readonly Found[]) => entries.toSorted((left, right) => compareText(left.name, right.name));

function pageEntries(listing: FolderListing, { filters }: PageRequest): readonly Found[] {
  const entries = listing.derive('by name', byName);
  const isIn = anyGlob(filters.basenames, true);
  const isOut = anyGlob(filters.out_basenames, true);
  const hasOut = (filters.out_basenames?.length ?? 0) > 0;
  const { types } = filters;
  return entries
    .filter(({ type }) => types === undefined || types.length === 0 || types.includes(type))
    .filter(({ name }) => isIn(name) && !(hasOut && isOut(name)));
}

/**
 * POST /files/page: a folder in pages behind `iteration_token` (aspera-node-api.md §3; the openapi document nests the
 * token inside the items, which its own description contradicts). Without metadata nothing is looked at but the folder.
 */
export const pageThrough: PathHandler = async ({ root, listings }, request) => {
  const asked = readBody(request, pageRequest);
  const { iteration_token: token, retrieve_metadata } = asked;
  const path = normalizePath(asked.path);
  const count = pageSize(asked.count);
  const after = token ? decodeIterationToken(path, token) : '';
  const rest = pageEntries(await listings.read(root, path), asked).filter(({ name }) => name > after);
  const shown = rest.slice(0, count);
  const last = rest.length > shown.length ? shown.at(-1) : undefined;
  const items = retrieve_metadata
    ? await Promise.all(shown.map((found) => describeFound(root, found)))
    : shown.map(({ path: shownPath, name, type }) => ({ path: shownPath, basename: name, type }));
  return {
    status: 200,
    json: {
      items,
      item_count: items.length,
      ...(last ? { next_iteration_token: encodeIterationToken(path, last.name) } : {}),
      parameters: {
        path,
        count,
        ...(token ? { iteration_token: token } : {}),
        retrieve_times: asked.retrieve_times,
        retrieve_metadata,
      },
    },
  };
};
