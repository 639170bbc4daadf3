import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';
import { code, count, decimal, durationMs, flag, jsonObject, microseconds, text } from '../wire.ts';

/** The JSON of `/ops/transfers` (aspera-node-api.md §5.3). */

const precalc = z
  .object({
    enabled: flag,
    status: text,
    bytes_expected: count,
    files_expected: count,
    directories_expected: count,
    files_excluded: count,
    files_special: count,
    files_failed: count,
  })
  .nullish()
  .transform((value) => (value?.status === 'ready' && value.enabled !== false ? value : undefined));

const outcome = { error_code: code, error_desc: text };
const times = { start_time_usec: microseconds, end_time_usec: microseconds, elapsed_usec: durationMs };

const sourceStatistics = z.object({
  args_scan_attempted: count,
  args_scan_completed: count,
  paths_scan_attempted: count,
  paths_scan_failed: count,
  paths_scan_skipped: count,
  paths_scan_excluded: count,
  dirs_scan_completed: count,
  files_scan_completed: count,
  dirs_xfer_attempted: count,
  dirs_xfer_fail: count,
  files_xfer_attempted: count,
  files_xfer_fail: count,
  files_xfer_noxfer: count,
});

const session = z.object({
  id: z.string(),
  status: text,
  client_node_id: text,
  server_node_id: text,
  client_ip_address: text,
  server_ip_address: text,
  bytes_transferred: count,
  bytes_written: count,
  bytes_lost: count,
  files_completed: count,
  directories_completed: count,
  target_rate_kbps: decimal,
  min_rate_kbps: decimal,
  calc_rate_kbps: decimal,
  avg_rate_kbps: decimal,
  network_delay_usec: count,
  retry_count: count,
  retry_timeout: count,
  stalled: flag,
  precalc,
  source_statistics: sourceStatistics.nullish(),
  ...times,
  ...outcome,
});
export type WireSession = z.output<typeof session>;

const file = z.object({
  id: text,
  path: z.string(),
  status: text,
  size: count,
  bytes_written: count,
  start_byte: count,
  checksum: text,
  checksum_type: text,
  session_id: text,
  ...times,
  ...outcome,
});
export type WireTransferFile = z.output<typeof file>;

/** Members that the spec of a transfer is asked for; the rest of it is passed on as it is. */
const startSpec = z.object({
  title: text,
  direction: text,
  endpoint: text,
  remote_host: text,
  remote_user: text,
  cookie: text,
  tags: jsonObject,
  target_rate_kbps: decimal,
  destination_path: text,
  destination_root: text,
  source_paths: z.array(z.string()).nullish(),
});

const list = <T extends z.ZodType>(schema: T) =>
  z
    .array(schema)
    .nullish()
    .transform((value) => value ?? []);

const wireTransfer = z.object({
  id: z.string().min(1),
  status: z.string().min(1),
  title: text,
  start_spec: startSpec.nullish(),
  sessions: list(session),
  files: list(file),
  bytes_transferred: count,
  bytes_written: count,
  bytes_lost: count,
  avg_rate_kbps: decimal,
  files_completed: count,
  files_skipped: count,
  directories_completed: count,
  precalc,
  ...times,
  ...outcome,
});
export type WireTransfer = z.output<typeof wireTransfer>;

export const transfer = fromSchema(wireTransfer, (read) => read);
