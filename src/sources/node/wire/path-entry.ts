import { itemsIn, itemsOf, list, member, membersOf, optional, requiredText, text } from '../../../reading/members.ts';
import { type Reader, Unreadable } from '../../../reading/reader.ts';
import { count, instant } from '../members.ts';
import type { NodeFile } from '../types.ts';

/** What the calls that take paths say of one of them (gen3, aspera-node-api.md §3), by hand: folders may be large. */

const types: ReadonlyMap<string, NodeFile['type']> = new Map([
  ['file', 'FILE'],
  ['directory', 'DIRECTORY'],
  ['symbolic_link', 'SYMBOLIC_LINK'],
]);

const baseNameOf = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/';

const readPermission: Reader<string> = (value) => requiredText(membersOf(value).name, 'name');

const readTarget: Reader<string | undefined> = (value) => text(membersOf(value).path, 'path');

function pathOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Unreadable('a path', ['path']);
}

export const pathEntry: Reader<NodeFile> = (value) => {
  const entry = membersOf(value);
  const path = pathOf(entry.path);
  const name = text(entry.basename, 'basename') ?? baseNameOf(path);
  const vendorType = requiredText(entry.type, 'type');
  const type = types.get(vendorType) ?? 'OTHER';
  const size = count(entry.size, 'size');
  return {
    path,
    name,
    type,
    vendorType,
    // Folders have no size of their own; nodes write 0 or leave it out.
    sizeBytes: type === 'DIRECTORY' ? undefined : size,
    modifiedAt: instant(entry.mtime, 'mtime'),
    permissions: list(entry.permissions, 'permissions', readPermission),
    targetPath: optional(entry.target, 'target', readTarget),
  };
};

/** Only `self` is sent when the path is a file (§3). The items are left to be read one by one. */
export const folderPage: Reader<{
  readonly self: NodeFile;
  readonly items: readonly unknown[];
  readonly total: number | undefined;
}> = (value) => {
  const folder = membersOf(value);
  return {
    self: member(folder.self, 'self', pathEntry),
    items: itemsOf(folder.items, 'items'),
    total: count(folder.total_count, 'total_count'),
  };
};

export const searchPage: Reader<{ readonly items: readonly unknown[]; readonly total: number | undefined }> = (
  value,
) => {
  const page = membersOf(value);
  return { items: member(page.items, 'items', itemsIn), total: count(page.total_count, 'total_count') };
};

/** The answer of every call that gives a result per path. */
export const pathList: Reader<readonly unknown[]> = (value) => member(membersOf(value).paths, 'paths', itemsIn);
