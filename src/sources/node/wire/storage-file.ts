import { list, membersOf, requiredText, text } from '../../../reading/members.ts';
import { type Reader, Unreadable } from '../../../reading/reader.ts';
import { code, count, flag, instant, requiredCode } from '../members.ts';
import type { AccessLevel, StorageFile } from '../types.ts';
import { accessLevelOf } from './access-level.ts';

/** What the calls that take file ids say of one of them (gen4, aspera-node-api.md §4), by hand: folders may be large. */

const types: ReadonlyMap<string, StorageFile['type']> = new Map([
  ['file', 'FILE'],
  ['folder', 'FOLDER'],
  ['link', 'LINK'],
]);

const readLevel: Reader<AccessLevel | undefined> = (value) => {
  if (typeof value === 'string') return accessLevelOf(value);
  throw new Unreadable('text');
};

export const storageFile: Reader<StorageFile> = (value) => {
  const file = membersOf(value);
  // Ids are text in the contract; numbers are let through so that one odd server does not lose a whole page.
  const fileId = requiredCode(file.id, 'id');
  const name = requiredText(file.name, 'name');
  const path = text(file.path, 'path');
  const size = count(file.size, 'size');
  const vendorType = requiredText(file.type, 'type');
  return {
    fileId,
    name,
    path,
    type: types.get(vendorType) ?? 'OTHER',
    vendorType,
    sizeBytes: vendorType === 'folder' ? undefined : size,
    modifiedAt: instant(file.modified_time, 'modified_time'),
    contentType: text(file.content_type, 'content_type'),
    isMountPoint: flag(file.mount_point, 'mount_point') ?? false,
    accessLevels: list(file.access_levels, 'access_levels', readLevel).filter((level) => level !== undefined),
    targetFileId: code(file.target_id, 'target_id'),
    targetNodeId: text(file.target_node_id, 'target_node_id'),
    recursiveSizeBytes: count(file.recursive_size, 'recursive_size'),
    recursiveFileCount: count(file.recursive_file_count, 'recursive_file_count'),
    recursiveFolderCount: count(file.recursive_folder_count, 'recursive_folder_count'),
    permissionCount: count(file.permission_count, 'permission_count'),
  };
};
