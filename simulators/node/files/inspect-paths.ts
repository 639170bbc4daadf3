import { lstat, open, statfs } from 'node:fs/promises';
import * as z from 'zod';
import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { describeFollowed, typeOfStats } from './entry.ts';
import type { PathHandler } from './path-handler.ts';
import { pathsOf, readBody } from './request-fields.ts';
import { normalizePath, resolveEntryInRoot, resolveInRoot } from './resolve-in-root.ts';
import { type Found, walkFolder } from './scan.ts';
import { eachPath, errnoOf } from './storage-error.ts';

const pathOnly = z.object({ path: z.string() });

/** The vendor's sample has words of its own for a path that `/files/info` does not find. */
function missingPath(error: unknown): never {
  const code = errnoOf(error);
  throw code === 'ENOENT' || code === 'ENOTDIR' ? refusal(404, 'Path not found') : error;
}

/** POST /files/info (aspera-node-api.md §3): links are followed, a path that fails has its error inside the 200. */
export const info: PathHandler = async ({ root }, request) => {
  const { paths } = readBody(request, pathsOf(pathOnly));
  const results = await eachPath(
    paths,
    ({ path }) => ({ path }),
    async ({ path }) => describeFollowed(root, normalizePath(path)).catch(missingPath),
  );
  return { status: 200, json: { paths: results } };
};

interface Usage {
  total_size: number;
  file_count: number;
  dir_count: number;
  special_count: number;
  failed_count: number;
}

async function addUsage(usage: Usage, found: Found): Promise<void> {
  if (found.type === 'directory') {
    usage.dir_count += 1;
    return;
  }
  const stats = await lstat(found.location).catch(() => undefined);
  if (stats === undefined) usage.failed_count += 1;
  else if (stats.isFile()) {
    usage.file_count += 1;
    usage.total_size += stats.size;
  } else usage.special_count += 1;
}

/** POST /files/du (aspera-node-api.md §3). Links are not followed and count as special; the path itself is not counted. */
export const diskUsage: PathHandler = async ({ root }, request) => {
  const path = normalizePath(readBody(request, pathOnly).path);
  const location = resolveEntryInRoot(root, path);
  const type = typeOfStats(await lstat(location));
  const usage: Usage = { total_size: 0, file_count: 0, dir_count: 0, special_count: 0, failed_count: 0 };
  if (type === 'directory') {
    const { entries, failed } = await walkFolder(root, path);
    usage.failed_count = failed;
    await Promise.all(entries.map((found) => addUsage(usage, found)));
  } else await addUsage(usage, { path, name: path, type, location });
  return { status: 200, json: { path, ...usage } };
};

/** POST /space: the file system that holds each path (openapi 4.4.6, space-paths). */
export const space: PathHandler = async ({ root }, request) => {
  const { paths } = readBody(request, pathsOf(pathOnly));
  const results = await eachPath(
    paths,
    ({ path }) => ({ path }),
    async ({ path }) => {
      const { blocks, bavail, bsize } = await statfs(resolveInRoot(root, path));
      const percent = blocks === 0 ? 0 : (bavail / blocks) * 100;
      return {
        path,
        bytes_total: blocks * bsize,
        bytes_free: bavail * bsize,
        percent_free: Math.round(percent * 100) / 100,
      };
    },
  );
  return { status: 200, json: { paths: results } };
};

/** The most bytes that `GET /files/{path}/contents` answers (openapi 4.4.6). */
const CONTENTS_LIMIT = 4096;

/** The path in the URL, which ascli encodes as a form does: a space is `+`, a plus `%2B` (aspera-node-api.md §3). */
function pathInUrl({ path }: SimulatorRequest): string {
  const [, , encoded = ''] = path.split('/');
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw refusal(400, 'The path is not URI encoded');
  }
}

async function readStart(location: string): Promise<Buffer> {
  const file = await open(location);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CONTENTS_LIMIT), 0, CONTENTS_LIMIT, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** GET /files/{url-encoded path}/contents: the start of a regular file, never of a folder or a link (openapi 4.4.6). */
export const contents: PathHandler = async ({ root }, request) => {
  const location = resolveEntryInRoot(root, pathInUrl(request));
  if (!(await lstat(location)).isFile()) throw refusal(400, 'Only the contents of a file can be read');
  return {
    status: 200,
    body: await readStart(location),
    headers: { 'content-type': 'application/octet-stream' },
  };
};
