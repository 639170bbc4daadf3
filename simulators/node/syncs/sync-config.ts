import * as z from 'zod';
import { refusal } from '../errors.ts';
import { textOf } from '../fields.ts';
import type { TransferSpec } from '../transfers/transfer-spec.ts';
import { toAbsolute } from '../virtual-path.ts';

const path = z.string().min(1).transform(toAbsolute);

/** The members of a configuration that decide something (the vendor's sync-conf schema); the rest is kept and shown. */
const configShape = z.looseObject({
  name: z.string().regex(/^[\w-]+$/, 'may hold letters, digits, _ and - only'),
  local: z.looseObject({ path }),
  remote: z.looseObject({
    host: z.string().min(1),
    user: z.string().min(1),
    path,
    port: z.int().positive().default(22),
    pass: z.string().optional(),
    token: z.string().optional(),
  }),
  direction: z.enum(['push', 'pull', 'bidi']).default('push'),
  mode: z.enum(['one_time', 'continuous']).default('one_time'),
  create_dir: z.boolean().default(false),
  overwrite: z.enum(['always', 'older', 'conflict']).optional(),
  local_scan_interval_milliseconds: z.int().default(-1),
  remote_scan_interval_milliseconds: z.int().default(-1),
  target_rate_kbps: z.int().positive().optional(),
});

export type SyncConfig = z.output<typeof configShape>;

/** How often a continuous sync looks where its configuration does not say. */
const SCAN_MS = 5_000;

export function scanIntervalMs(config: SyncConfig): number {
  const asked = [config.local_scan_interval_milliseconds, config.remote_scan_interval_milliseconds];
  const set = asked.filter((interval) => interval > 0);
  return set.length > 0 ? Math.min(...set) : SCAN_MS;
}

/** A configuration as `POST /asyncs` takes it, or a 400 that names the first member which is wrong. */
export function readSyncConfig(configuration: unknown): SyncConfig {
  const parsed = configShape.safeParse(configuration);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(400, `Invalid configuration: ${issue?.path.join('.') || 'configuration'}: ${issue?.message}`);
  }
  if (textOf(parsed.data.remote.pass) === undefined && textOf(parsed.data.remote.token) === undefined) {
    throw refusal(400, 'Invalid configuration: remote.pass or remote.token is required');
  }
  return parsed.data;
}

function specOf(config: SyncConfig, direction: 'send' | 'receive', xferId: string): TransferSpec {
  const { remote, local } = config;
  const [from, to] = direction === 'send' ? [local.path, remote.path] : [remote.path, local.path];
  const credential =
    textOf(remote.token) === undefined ? { remote_password: remote.pass ?? '' } : { token: remote.token };
  return {
    ...credential,
    direction,
    remote_host: remote.host,
    remote_user: remote.user,
    ssh_port: remote.port,
    // The folder itself is put in the place of the other folder.
    paths: [{ source: from }],
    src_base: from,
    destination_root: to,
    create_dir: config.create_dir,
    // The newer of two files wins where both sides change.
    overwrite: config.direction === 'bidi' || config.overwrite === 'older' ? 'diff+older' : 'diff',
    preserve_times: true,
    tags: { aspera: { xfer_id: xferId } },
    ...(config.target_rate_kbps === undefined ? {} : { target_rate_kbps: config.target_rate_kbps }),
  };
}

const directions = { push: ['send'], pull: ['receive'], bidi: ['send', 'receive'] } as const;

/** The transfers of one pass, in their order. Removals are not carried over: that needs a snapshot of both sides. */
export const specsOf = (config: SyncConfig, newId: () => string): readonly TransferSpec[] =>
  directions[config.direction].map((direction) => specOf(config, direction, newId()));
