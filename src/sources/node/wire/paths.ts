import { z } from 'zod';
import type { NodeFile } from '../types.ts';
import { count, date, decimal, text } from '../wire.ts';

/** The JSON of the calls that take paths (gen3, aspera-node-api.md §3). */

const types: Readonly<Record<string, NodeFile['type']>> = {
  file: 'FILE',
  directory: 'DIRECTORY',
  symbolic_link: 'SYMBOLIC_LINK',
};

const permissions = z
  .array(z.object({ name: z.string() }))
  .nullish()
  .transform((value) => (value ?? []).map(({ name }) => name));

const baseNameOf = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/';

export const pathEntry = z
  .object({
    path: z.string().min(1),
    basename: text,
    type: z.string(),
    size: count,
    mtime: date,
    permissions,
    target: z.object({ path: text }).nullish(),
  })
  .transform((entry): NodeFile => {
    const type = types[entry.type] ?? 'OTHER';
    return {
      path: entry.path,
      name: entry.basename ?? baseNameOf(entry.path),
      type,
      vendorType: entry.type,
      // Folders have no size of their own; nodes write 0 or leave it out.
      sizeBytes: type === 'DIRECTORY' ? undefined : entry.size,
      modifiedAt: entry.mtime,
      permissions: entry.permissions,
      targetPath: entry.target?.path,
    };
  });

/** Only `self` is sent when the path is a file (§3). */
export const folderPage = z.object({
  self: pathEntry,
  items: z
    .array(z.unknown())
    .nullish()
    .transform((value) => value ?? []),
  total_count: count,
});

export const searchPage = z.object({ items: z.array(z.unknown()), total_count: count });

/** The answer of every call that gives a result per path. */
export const pathList = z.object({ paths: z.array(z.unknown()) });

export const diskUsage = z
  .object({
    total_size: count,
    file_count: count,
    dir_count: count,
    special_count: count,
    failed_count: count,
  })
  .transform((usage) => ({
    totalBytes: usage.total_size,
    fileCount: usage.file_count,
    directoryCount: usage.dir_count,
    specialCount: usage.special_count,
    failedCount: usage.failed_count,
  }));

export const space = z
  .object({ path: z.string(), bytes_total: count, bytes_free: count, percent_free: decimal })
  .transform((entry) => ({
    path: entry.path,
    totalBytes: entry.bytes_total,
    freeBytes: entry.bytes_free,
    percentFree: entry.percent_free,
  }));
