import { type Stats, statSync } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import * as z from 'zod';
import { typeOfStats } from './entry.ts';
import { childPath, resolveEntryInRoot, resolveInRoot } from './resolve-in-root.ts';
import type { Found } from './scan.ts';

export type FileNodeType = 'file' | 'folder' | 'link';

/** An entry as gen4 sees it. */
export interface FileNode {
  /** Where it is on disk, as a path below the root: what its id stands for. */
  readonly path: string;
  readonly name: string;
  readonly type: FileNodeType;
  readonly location: string;
}

/** A gen4 link is a hidden file `.name.asp-lnk` (aspera-node-api.md §4). */
export const linkFileName = (name: string): string => `.${name}.asp-lnk`;

const linkedName = (fileName: string): string | undefined => /^\.(.+)\.asp-lnk$/s.exec(fileName)?.[1];

/** The path that is shown for a node: a link shows its own name, not the hidden file's. */
export const shownPath = ({ path, name }: FileNode): string =>
  path === '/' ? '/' : childPath(posix.dirname(path), name);

/** A link of the file system stands for what it leads to; one that dangles or leaves the root is not shown. */
function followed(root: string, path: string): Stats | undefined {
  try {
    return statSync(resolveInRoot(root, path));
  } catch {
    return undefined;
  }
}

export function toFileNode(root: string, { path, name, type, location }: Found): FileNode | undefined {
  if (type === 'directory') return { path, name, type: 'folder', location };
  if (type === 'file') {
    const linked = linkedName(name);
    return linked === undefined ? { path, name, type, location } : { path, name: linked, type: 'link', location };
  }
  const target = followed(root, path);
  return target && { path, name, type: target.isDirectory() ? 'folder' : 'file', location };
}

/** The node at a path that is known to exist; undefined for a file system link that cannot be followed. */
export async function fileNodeAt(root: string, path: string): Promise<FileNode | undefined> {
  const location = resolveEntryInRoot(root, path);
  const type = typeOfStats(await lstat(location));
  return toFileNode(root, { path, name: posix.basename(path) || '/', type, location });
}

/** Size and times of a node; a file system link tells those of what it leads to. */
export const statNode = ({ location }: FileNode): Promise<Stats> => stat(location);

const linkFile = z.object({ target_id: z.string(), target_node_id: z.string() });
export type LinkTarget = z.infer<typeof linkFile>;

/** What a link's hidden file holds: its target in JSON. The vendor's own format is not public. */
export const linkFileText = (target: LinkTarget): string => JSON.stringify(target);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where a link points; undefined for any other node and for a hidden file that somebody else wrote. */
export async function readLinkTarget({ type, location }: FileNode): Promise<LinkTarget | undefined> {
  if (type !== 'link') return undefined;
  const target = linkFile.safeParse(parse(await readFile(location, 'utf8')));
  return target.success ? target.data : undefined;
}
