import { z } from 'zod';
import { publicJson } from '../../../transfer-spec/public-json.ts';
import type { AccessKey, AccessLevel, FilePermission, NodeEvent, StorageFile } from '../types.ts';
import { code, count, date, flag, jsonObject, text } from '../wire.ts';

/** The JSON of the calls that take file ids (gen4, §4), of permissions, access keys (§2) and events (§2). */

const levels: Readonly<Record<string, AccessLevel>> = {
  list: 'LIST',
  read: 'READ',
  write: 'WRITE',
  delete: 'DELETE',
  mkdir: 'MKDIR',
  rename: 'RENAME',
  preview: 'PREVIEW',
};

/** A level that is not known here is left out: what a viewer may do is never guessed. */
const accessLevels = z
  .array(z.string())
  .nullish()
  .transform((value) => (value ?? []).flatMap((level) => levels[level] ?? []));

const types: Readonly<Record<string, StorageFile['type']>> = { file: 'FILE', folder: 'FOLDER', link: 'LINK' };

/** Ids are text in the contract; numbers are let through so that one odd server does not lose a whole page. */
const id = code.pipe(z.string());

export const storageFile = z
  .object({
    id,
    name: z.string(),
    path: text,
    size: count,
    type: z.string(),
    modified_time: date,
    content_type: text,
    mount_point: flag,
    access_levels: accessLevels,
    target_id: code,
    target_node_id: text,
    recursive_size: count,
    recursive_file_count: count,
    recursive_folder_count: count,
    permission_count: count,
  })
  .transform(
    (file): StorageFile => ({
      fileId: file.id,
      name: file.name,
      path: file.path,
      type: types[file.type] ?? 'OTHER',
      vendorType: file.type,
      sizeBytes: file.type === 'folder' ? undefined : file.size,
      modifiedAt: file.modified_time,
      contentType: file.content_type,
      isMountPoint: file.mount_point ?? false,
      accessLevels: file.access_levels,
      targetFileId: file.target_id,
      targetNodeId: file.target_node_id,
      recursiveSizeBytes: file.recursive_size,
      recursiveFileCount: file.recursive_file_count,
      recursiveFolderCount: file.recursive_folder_count,
      permissionCount: file.permission_count,
    }),
  );

export const permission = z
  .object({
    id,
    file_id: code,
    access_id: z.string(),
    access_type: z.enum(['user', 'group']),
    access_levels: accessLevels,
    tags: jsonObject,
    created_by_id: text,
    created_at: date,
    last_updated_by_id: text,
    last_updated_at: date,
  })
  .transform(
    (one): FilePermission => ({
      permissionId: one.id,
      fileId: one.file_id,
      accessId: one.access_id,
      accessType: one.access_type === 'group' ? 'GROUP' : 'USER',
      accessLevels: one.access_levels,
      tags: publicJson(one.tags ?? {}),
      createdById: one.created_by_id,
      createdAt: one.created_at,
      updatedById: one.last_updated_by_id,
      updatedAt: one.last_updated_at,
    }),
  );

export const accessKey = z
  .object({
    id: z.string().min(1),
    root_file_id: code,
    storage: z.object({ type: text, path: text, bucket: text, endpoint: text }).nullish(),
    configuration: jsonObject,
  })
  .transform(
    (key): AccessKey => ({
      accessKeyId: key.id,
      rootFileId: key.root_file_id,
      storageType: key.storage?.type,
      storagePath: key.storage?.path,
      storageBucket: key.storage?.bucket,
      storageEndpoint: key.storage?.endpoint,
      configuration: publicJson(key.configuration ?? {}),
    }),
  );

export const event = z
  .object({
    id,
    time: date,
    user_id: text,
    types: z.union([z.array(z.string()), z.string().transform((value) => [value])]),
    data: jsonObject,
  })
  .transform(
    (one): NodeEvent => ({
      eventId: one.id,
      time: one.time,
      userId: one.user_id,
      types: one.types,
      data: publicJson(one.data ?? {}),
    }),
  );
