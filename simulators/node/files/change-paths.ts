import { lstatSync, renameSync } from 'node:fs';
import { lstat, mkdir, realpath, rm, rmdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import * as z from 'zod';
import { refusal } from '../errors.ts';
import type { PathHandler, PathStorage } from './path-handler.ts';
import { decodeBase64, pathsOf, readBody } from './request-fields.ts';
import { childPath, normalizePath, realRoot, resolveEntryInRoot, resolveInRoot } from './resolve-in-root.ts';
import { eachPath, errnoOf } from './storage-error.ts';

/**
 * The largest file that a request may create and that `GET /files/{id}/content` answers: the setting
 * max_request_file_create_size_kb, whose value on an untouched server is 1024.
 */
export const LARGEST_CONTENTS = 1024 * 1024;

const createPath = z.object({
  path: z.string(),
  type: z.string(),
  contents: z.string().optional(),
  target: z.object({ path: z.string() }).optional(),
});
type CreatePath = z.infer<typeof createPath>;

/** Writes a file that must not exist. */
export async function createFile(location: string, contents: string | undefined): Promise<void> {
  const bytes = decodeBase64(contents ?? '');
  if (bytes.length > LARGEST_CONTENTS) throw refusal(400, 'The contents are larger than the server allows');
  await writeFile(location, bytes, { flag: 'wx' });
}

/** Links are written relative, so that the docroot can be moved as a whole. */
async function createLink(root: string, location: string, target: string | undefined): Promise<void> {
  if (target === undefined) throw refusal(400, 'Missing target for a symbolic link');
  resolveInRoot(root, target);
  const folder = await realpath(dirname(location));
  await symlink(relative(folder, join(realRoot(root), normalizePath(target))) || '.', location);
}

async function createOne(root: string, { path, type, contents, target }: CreatePath): Promise<object> {
  const location = resolveEntryInRoot(root, path);
  if (type === 'directory') await mkdir(location);
  else if (type === 'file') await createFile(location, contents);
  else if (type === 'symbolic_link') await createLink(root, location, target?.path);
  else throw refusal(400, `Invalid type: ${type}`);
  return { path };
}

/** POST /files/create (aspera-node-api.md §3). Parents are not made. */
export const create: PathHandler = async ({ root }, request) => {
  const { paths } = readBody(request, pathsOf(createPath));
  const results = await eachPath(
    paths,
    ({ path }) => ({ path }),
    (one) => createOne(root, one),
  );
  return { status: 200, json: { paths: results } };
};

const deletePath = z.object({ path: z.string(), recursive_delete: z.boolean().default(true) });

/** Deletes a file, a link (never what it leads to) or a folder. */
export async function deleteEntry(location: string, isRecursive: boolean): Promise<void> {
  const stats = await lstat(location);
  if (!stats.isDirectory()) await unlink(location);
  else if (isRecursive) await rm(location, { recursive: true });
  else await rmdir(location);
}

/** POST /files/delete (aspera-node-api.md §3). */
export const deletePaths: PathHandler = async ({ root, ids }, request) => {
  const { paths } = readBody(request, pathsOf(deletePath));
  const results = await eachPath(
    paths,
    ({ path }) => ({ path }),
    async ({ path, recursive_delete }) => {
      if (normalizePath(path) === '/') throw refusal(403, 'The docroot itself cannot be deleted');
      const location = resolveEntryInRoot(root, path);
      await deleteEntry(location, recursive_delete);
      ids.removed(location);
      return { path };
    },
  );
  return { status: 200, json: { paths: results } };
};

export function isThere(location: string): boolean {
  try {
    lstatSync(location);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Renames without ever overwriting: nothing else of this process runs between the check and the change. */
export function renameEntry(from: string, to: string): void {
  lstatSync(from);
  if (isThere(to)) throw refusal(409, 'Path already exists');
  renameSync(from, to);
}

const renamePath = z.object({ path: z.string(), source: z.string().min(1), destination: z.string().min(1) });
type RenamePath = z.infer<typeof renamePath>;

async function renameOne({ root, ids }: PathStorage, renamed: RenamePath): Promise<object> {
  const { path, source, destination } = renamed;
  const parent = normalizePath(path);
  const from = childPath(parent, source);
  const to = childPath(parent, destination);
  if (normalizePath(from) === '/') throw refusal(403, 'The docroot itself cannot be renamed');
  const location = resolveEntryInRoot(root, from);
  const destined = resolveEntryInRoot(root, to);
  renameEntry(location, destined);
  ids.moved(location, destined);
  return { path, source, destination };
}

/** POST /files/rename (aspera-node-api.md §3): never overwrites. */
export const rename: PathHandler = async (storage, request) => {
  const { paths } = readBody(request, pathsOf(renamePath));
  const results = await eachPath(
    paths,
    (renamed) => renamed,
    (renamed) => renameOne(storage, renamed),
  );
  return { status: 200, json: { paths: results } };
};
