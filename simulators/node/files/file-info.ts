import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { posix } from 'node:path';
import { type Access, type FileState, levelsAt } from './access.ts';
import { type FileNode, readLinkTarget, shownPath, statNode, toFileNode } from './file-node.ts';
import { type AccessLevel, oldAccessLevel } from './permission-store.ts';
import { walkFolder } from './scan.ts';
import { isoSeconds } from './seconds.ts';

/** What `include` adds to a file's metadata (aspera-node-api.md §4). */
export type Include = ReadonlySet<string>;

export interface RecursiveCounts {
  readonly recursive_size: number;
  readonly recursive_file_count: number;
  readonly recursive_folder_count: number;
  readonly recursive_link_count: number;
}

/** A file's metadata (openapi 4.4.6, files-id-get-200). */
export interface FileInfo extends Partial<RecursiveCounts> {
  readonly id: string;
  readonly name: string;
  /** For admins only. */
  readonly path?: string;
  readonly size?: number;
  readonly type: FileNode['type'];
  readonly modified_time: string;
  readonly content_type?: string;
  readonly mount_point?: boolean;
  readonly access_levels?: readonly AccessLevel[];
  readonly access_level?: 'edit' | 'view';
  readonly permission_count?: number;
  readonly target_id?: string;
  readonly target_node_id?: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.mov': 'video/quicktime',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.wav': 'audio/wav',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};

export const contentTypeOf = (name: string): string =>
  contentTypes[posix.extname(name).toLowerCase()] ?? 'application/octet-stream';

/** Sizes and numbers of everything below a node; of a file or link there is nothing below. */
export async function countBelow(root: string, node: FileNode): Promise<RecursiveCounts> {
  const entries = node.type === 'folder' ? (await walkFolder(root, node.path)).entries : [];
  const nodes = entries.map((found) => toFileNode(root, found)).filter((below) => below !== undefined);
  const files = nodes.filter(({ type }) => type === 'file');
  const sizes = await Promise.all(
    files.map(({ location }) =>
      lstat(location).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return {
    recursive_size: sizes.reduce((sum, size) => sum + size, 0),
    recursive_file_count: files.length,
    recursive_folder_count: nodes.filter(({ type }) => type === 'folder').length,
    recursive_link_count: nodes.filter(({ type }) => type === 'link').length,
  };
}

export const mountKey = ({ accessKeyId }: Access, fileId: string): string => `${accessKeyId}\0${fileId}`;

function typeMembers(state: FileState, access: Access, { type, name }: FileNode, id: string, stats: Stats) {
  if (type === 'file') return { size: stats.size, content_type: contentTypeOf(name) };
  // Mount points are told to access keys only (openapi 4.4.6, PUT /files/{id}).
  if (type !== 'folder' || access.caller.kind !== 'accessKey') return {};
  return { mount_point: state.mountPoints.has(mountKey(access, id)) };
}

function levelMembers(state: FileState, access: Access, path: string) {
  const levels = [...levelsAt(state, access, path)];
  return { access_levels: levels, access_level: oldAccessLevel(levels) };
}

/** Metadata of a node as this caller sees it; `known` saves looking at it again. */
export async function fileInfo(
  { state, access, include }: { state: FileState; access: Access; include: Include },
  node: FileNode,
  known?: Stats,
): Promise<FileInfo> {
  const { storage, caller, accessKeyId } = access;
  const stats = known ?? (await statNode(node));
  const id = state.ids.fileIdOf(storage, node.path);
  const permissionsOn = () => state.permissions.all(accessKeyId).filter(({ file_id }) => file_id === id);
  return {
    id,
    name: node.name,
    ...(caller.isAdmin ? { path: shownPath(node) } : {}),
    type: node.type,
    modified_time: isoSeconds(stats.mtimeMs),
    ...typeMembers(state, access, node, id, stats),
    ...(await readLinkTarget(node)),
    ...(include.has('access_levels') ? levelMembers(state, access, node.path) : {}),
    ...(include.has('permission_count') ? { permission_count: permissionsOn().length } : {}),
    ...(include.has('recursive_counts') ? await countBelow(storage.root, node) : {}),
  };
}
