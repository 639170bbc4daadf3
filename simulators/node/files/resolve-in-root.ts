import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { refusal } from '../errors.ts';
import { errnoOf, refusalFrom } from './storage-error.ts';

/** As Linux: more links in a row than this count as a loop. */
const LINKS_FOLLOWED = 40;

function segmentsOf(path: string): readonly string[] {
  if (path.includes('\0')) throw refusal(400, 'Illegal character in path');
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw refusal(403, 'Path is outside of the docroot');
  return segments;
}

/** The path as the Node API writes it: absolute below the docroot, one slash between names, none at the end. */
export const normalizePath = (path: string): string => `/${segmentsOf(path).join('/')}`;

/** The path of an entry in a folder, both as the Node API writes them. */
export const childPath = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Where opening `path` would end, also when the last names do not exist yet or a link on the way dangles. */
function realLocation(path: string, followed = 0): string {
  if (followed > LINKS_FOLLOWED) throw refusal(400, 'Too many levels of symbolic links');
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw refusalFrom(error);
  }
  const parent = realLocation(dirname(path), followed);
  const here = join(parent, basename(path));
  const target = readLink(here);
  return target === undefined ? here : realLocation(resolve(parent, target), followed + 1);
}

/** The docroot with every link on the way to it resolved. */
export function realRoot(root: string): string {
  try {
    return realpathSync.native(root);
  } catch {
    throw refusal(500, 'Docroot check failed');
  }
}

function refuseOutside(root: string, path: string): void {
  const inside = realRoot(root);
  const location = realLocation(path);
  if (location !== inside && !location.startsWith(inside.endsWith(sep) ? inside : `${inside}${sep}`)) {
    throw refusal(403, 'Path is outside of the docroot');
  }
}

/**
 * The place on disk of a path below `root`. Throws the node's refusal for `..`, for a NUL byte, and for a path whose
 * links, the last one included, lead out of the root.
 */
export function resolveInRoot(root: string, path: string): string {
  const location = join(root, ...segmentsOf(path));
  refuseOutside(root, location);
  return location;
}

/** As `resolveInRoot` for work on the entry itself (delete, rename): a link at the end of the path is not followed. */
export function resolveEntryInRoot(root: string, path: string): string {
  const segments = segmentsOf(path);
  if (segments.length === 0) return realRoot(root);
  const location = join(root, ...segments);
  refuseOutside(root, dirname(location));
  return location;
}
