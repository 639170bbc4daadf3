import { z } from 'zod';
import type { AccessLevel, NodeFile, StorageFile } from '../../../src/sources/node/types.ts';

/** What readers of a node's hot answers have to do, said with schemas. */

const text = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));

const decimal = z
  .union([z.number(), z.string().regex(/^(-?\d+(\.\d+)?)?$/)])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? undefined : Number(value)));

const count = decimal.transform((value) => (value === undefined || value < 0 ? undefined : Math.trunc(value)));

const code = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? undefined : String(value)));

const flag = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value) =>
    typeof value === 'string' ? /^(true|yes|1)$/i.test(value) : value === null ? undefined : value,
  );

const dateShape = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?$/i;

function readDate(value: string | null | undefined): Date | undefined {
  const [, day, time, zone = 'Z'] = dateShape.exec(value ?? '') ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const date = z.string().nullish().transform(readDate);

const wordIn = <T>(words: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(words, word) ? words[word] : undefined;

/** A file with the moment that its text means. */
type Dated<T> = Omit<T, 'modifiedAt'> & { readonly modifiedAt: Date | undefined };

const types = { file: 'FILE', directory: 'DIRECTORY', symbolic_link: 'SYMBOLIC_LINK' } as const;

const baseNameOf = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/';

export const pathEntryModel = z
  .object({
    path: z.string().min(1),
    basename: text,
    type: z.string(),
    size: count,
    mtime: date,
    permissions: z
      .array(z.object({ name: z.string() }))
      .nullish()
      .transform((value) => (value ?? []).map(({ name }) => name)),
    target: z.object({ path: text }).nullish(),
  })
  .transform((entry): Dated<NodeFile> => {
    const type = wordIn(types, entry.type) ?? 'OTHER';
    return {
      path: entry.path,
      name: entry.basename ?? baseNameOf(entry.path),
      type,
      vendorType: entry.type,
      sizeBytes: type === 'DIRECTORY' ? undefined : entry.size,
      modifiedAt: entry.mtime,
      permissions: entry.permissions,
      targetPath: entry.target?.path,
    };
  });

export const folderPageModel = z
  .object({
    self: pathEntryModel,
    items: z
      .array(z.unknown())
      .nullish()
      .transform((value) => value ?? []),
    total_count: count,
  })
  .transform(({ self, items, total_count }) => ({ self, items, total: total_count }));

const levels: Readonly<Record<string, AccessLevel>> = {
  list: 'LIST',
  read: 'READ',
  write: 'WRITE',
  delete: 'DELETE',
  mkdir: 'MKDIR',
  rename: 'RENAME',
  preview: 'PREVIEW',
};

const storageTypes = { file: 'FILE', folder: 'FOLDER', link: 'LINK' } as const;

export const storageFileModel = z
  .object({
    id: code.pipe(z.string()),
    name: z.string(),
    path: text,
    size: count,
    type: z.string(),
    modified_time: date,
    content_type: text,
    mount_point: flag,
    access_levels: z
      .array(z.string())
      .nullish()
      .transform((value) => (value ?? []).flatMap((level) => wordIn(levels, level) ?? [])),
    target_id: code,
    target_node_id: text,
    recursive_size: count,
    recursive_file_count: count,
    recursive_folder_count: count,
    permission_count: count,
  })
  .transform(
    (file): Dated<StorageFile> => ({
      fileId: file.id,
      name: file.name,
      path: file.path,
      type: wordIn(storageTypes, file.type) ?? 'OTHER',
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
