import { posix } from 'node:path';
import { Refusal } from '../kit/message.ts';
import { AscpError } from './ascp-error.ts';
import { resolveInRoot } from './files/resolve-in-root.ts';

/** The absolute form of a path inside a storage root, without a slash at its end. */
export function toAbsolute(path: string): string {
  const normal = posix.normalize(`/${path}`);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

export const joinPath = (...parts: readonly string[]): string => toAbsolute(parts.join('/'));

/** Whether a normalized path is the folder itself or lies below it. */
export const isWithin = (folder: string, path: string): boolean =>
  folder === '/' || path === folder || path.startsWith(`${folder}/`);

/** The place on disk of a path inside a storage root; a path that leads out of it ends as ascp's BAD_PATH. */
export function locate(root: string, path: string): string {
  try {
    return resolveInRoot(root, path);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new AscpError(41, `Bad path: ${path}`, { cause });
  }
}
