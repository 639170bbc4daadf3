import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { walkFolder } from '../files/scan.ts';

/** A file as a scan of a folder sees it. */
export interface WatchedFile {
  /** Its path below the folder. */
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Names that belong to a transfer still being received. */
const isTransient = (name: string) => name.endsWith('.partial') || name.endsWith('.aspx');

/** The files below a local folder, at any depth; one that goes away meanwhile is left out. */
export async function listHere(root: string, folder: string): Promise<WatchedFile[]> {
  const { entries } = await walkFolder(root, folder);
  const files = entries.filter(({ type, name }) => type === 'file' && !isTransient(name));
  const seen = await Promise.all(
    files.map(async ({ path, location }) => {
      const found = await stat(location).catch(() => undefined);
      const name = posix.relative(folder, path);
      return found && { name, size: found.size, modifiedMs: Math.floor(found.mtimeMs) };
    }),
  );
  return seen.filter((file) => file !== undefined);
}
