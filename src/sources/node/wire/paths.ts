import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';
import { count, decimal } from '../wire.ts';

/** The JSON of the calls that take paths (gen3, aspera-node-api.md §3). */

export const diskUsage = fromSchema(
  z.object({
    total_size: count,
    file_count: count,
    dir_count: count,
    special_count: count,
    failed_count: count,
  }),
  (usage) => ({
    totalBytes: usage.total_size,
    fileCount: usage.file_count,
    directoryCount: usage.dir_count,
    specialCount: usage.special_count,
    failedCount: usage.failed_count,
  }),
);

export const space = fromSchema(
  z.object({ path: z.string(), bytes_total: count, bytes_free: count, percent_free: decimal }),
  (entry) => ({
    path: entry.path,
    totalBytes: entry.bytes_total,
    freeBytes: entry.bytes_free,
    percentFree: entry.percent_free,
  }),
);
