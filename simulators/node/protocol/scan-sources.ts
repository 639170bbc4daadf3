import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { AscpError, toAscpError } from '../ascp-error.ts';
import { locate } from '../virtual-path.ts';
import type { Precalculation } from './message.ts';

/** One requested source: a path of the sender's storage root and the name it gets at the receiver. */
export interface Source {
  readonly path: string;
  readonly target: string;
}

/** One thing to send. `path` is inside the sender's root, `target` inside the receiver's. */
export interface Entry extends Source {
  readonly place: string;
  readonly isFolder: boolean;
  readonly size: number;
  readonly modifiedMs: number;
}

export interface Scan {
  readonly entries: readonly Entry[];
  readonly failures: readonly { readonly path: string; readonly error: AscpError }[];
  readonly total: Precalculation;
}

interface ScanState {
  readonly root: string;
  readonly symlinkPolicy: string;
  readonly entries: Entry[];
  readonly failures: { path: string; error: AscpError }[];
  special: number;
}

/** Names that belong to a transfer still being received; nobody sends them on. */
const isTransient = (name: string) => name.endsWith('.partial') || name.endsWith('.aspx');

const child = (path: string, name: string) => (path === '/' ? `/${name}` : `${path}/${name}`);

async function scanFolder(state: ScanState, source: Source, place: string, above: readonly string[]): Promise<void> {
  const real = await realpath(place);
  if (above.includes(real)) throw new AscpError(63, 'Too many levels of symbolic links');
  const names = (await readdir(place)).filter((name) => !isTransient(name)).sort();
  for (const name of names) {
    await scanSource(state, { path: child(source.path, name), target: child(source.target, name) }, [...above, real]);
  }
}

async function scanSource(state: ScanState, source: Source, above: readonly string[]): Promise<void> {
  try {
    const place = locate(state.root, source.path);
    if (state.symlinkPolicy === 'skip' && (await lstat(place)).isSymbolicLink()) return;
    const { size, mtimeMs, isFolder, isFile } = await stat(place).then((status) => ({
      size: status.size,
      mtimeMs: Math.floor(status.mtimeMs),
      isFolder: status.isDirectory(),
      isFile: status.isFile(),
    }));
    if (!isFolder && !isFile) {
      state.special += 1;
      throw new AscpError(21, 'Not a regular file');
    }
    state.entries.push({ ...source, place, isFolder, size: isFolder ? 0 : size, modifiedMs: mtimeMs });
    if (isFolder) await scanFolder(state, source, place, above);
  } catch (error) {
    state.failures.push({ path: source.path, error: toAscpError(error) });
  }
}

/** Walks the sources on the sending side: what there is to send, what cannot be, and how much it is together. */
export async function scanSources(root: string, sources: readonly Source[], symlinkPolicy: string): Promise<Scan> {
  const state: ScanState = { root, symlinkPolicy, entries: [], failures: [], special: 0 };
  for (const source of sources) await scanSource(state, source, []);
  const files = state.entries.filter((entry) => !entry.isFolder);
  const total: Precalculation = {
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    files: files.length,
    directories: state.entries.length - files.length,
    special: state.special,
    failed: state.failures.length,
  };
  return { entries: state.entries, failures: state.failures, total };
}
