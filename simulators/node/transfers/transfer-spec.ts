import { posix } from 'node:path';
import * as z from 'zod';
import { refusal } from '../errors.ts';
import { type Fields, textOf } from '../fields.ts';
import type { Source } from '../protocol/scan-sources.ts';
import { isWithin, joinPath, toAbsolute } from '../virtual-path.ts';

export const ratePolicies = ['fixed', 'high', 'fair', 'low'] as const;

const rate = z.int().positive();
const path = z.looseObject({ source: z.string(), destination: z.string().nullish() });

/** The members of a transfer spec (version 1, aspera-node-api.md §7) that decide something; the rest is echoed. */
export const transferSpecShape = z.looseObject({
  direction: z.enum(['send', 'receive']),
  remote_host: z.string().min(1),
  paths: z.array(path).min(1),
  source_root: z.string().nullish(),
  destination_root: z.string().nullish(),
  source_root_id: z.string().nullish(),
  destination_root_id: z.string().nullish(),
  src_base: z.string().nullish(),
  token: z.string().nullish(),
  remote_user: z.string().nullish(),
  remote_password: z.string().nullish(),
  ssh_private_key: z.string().nullish(),
  ssh_private_key_passphrase: z.string().nullish(),
  remote_access_key: z.string().nullish(),
  ssh_port: z.int().positive().nullish(),
  target_rate_kbps: rate.nullish(),
  min_rate_kbps: z.int().nonnegative().nullish(),
  rate_policy: z.enum(ratePolicies).nullish(),
  cookie: z.string().nullish(),
  title: z.string().nullish(),
  tags: z.record(z.string(), z.unknown()).nullish(),
  create_dir: z.boolean().nullish(),
  overwrite: z.enum(['never', 'always', 'diff', 'older', 'diff+older']).nullish(),
  resume_policy: z.enum(['none', 'attrs', 'sparse_csum', 'full_csum']).nullish(),
  symlink_policy: z.enum(['follow', 'copy', 'copy+force', 'skip']).nullish(),
  precalculate_job_size: z.boolean().nullish(),
  preserve_times: z.boolean().nullish(),
  preserve_modification_time: z.boolean().nullish(),
  delete_source: z.boolean().nullish(),
  remove_after_transfer: z.boolean().nullish(),
  remove_empty_directories: z.boolean().nullish(),
  xfer_max_retries: z.int().nonnegative().nullish(),
});

export type TransferSpec = z.infer<typeof transferSpecShape>;

/** Rate of a spec that names none: quick enough for tests and demonstrations. */
export const DEFAULT_RATE_KBPS = 1_000_000;
const DEFAULT_SSH_PORT = 33001;

/** A spec as POST /ops/transfers takes it, or a 400 that names the first member which is wrong. */
export function readTransferSpec(body: unknown): TransferSpec {
  const parsed = transferSpecShape.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(400, `Invalid transfer spec: ${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const { token, remote_password, ssh_private_key } = parsed.data;
  if (![token, remote_password, ssh_private_key].some(textOf)) {
    throw refusal(400, 'Invalid transfer spec: token is required');
  }
  return parsed.data;
}

export const sshPortOf = (spec: TransferSpec): number => spec.ssh_port ?? DEFAULT_SSH_PORT;
export const rateOf = (spec: TransferSpec): number => spec.target_rate_kbps ?? DEFAULT_RATE_KBPS;

export const minRateOf = (spec: TransferSpec): number => spec.min_rate_kbps ?? 0;

/** The part of a source's path that is made again at the destination: its name, or all below `src_base`. */
function tailOf(source: string, base: string | undefined): string {
  const normal = toAbsolute(source);
  if (base === undefined) return posix.basename(normal);
  const prefix = toAbsolute(base);
  return isWithin(prefix, normal) ? normal.slice(prefix === '/' ? 0 : prefix.length) : normal;
}

/**
 * Each requested source with the place it gets: `destination` of its path, or its own name, below `destination_root`
 * (which therefore always is a folder, as with the file lists that the Node API gives to ascp, §7.1).
 */
export function sourcesOf(spec: TransferSpec): readonly Source[] {
  const base = textOf(spec.src_base);
  return spec.paths.map(({ source, destination }) => ({
    path: joinPath(spec.source_root ?? '', source),
    target: joinPath(spec.destination_root ?? '', textOf(destination) ?? tailOf(source, base)),
  }));
}

const secrets: ReadonlySet<string> = new Set([
  'password',
  'remote_password',
  'ssh_private_key',
  'ssh_private_key_passphrase',
  'content_protection_password',
  'proxy',
]);

/** The accepted spec as it may be given back: without passwords and keys, and without members that are null. */
export const withoutSecrets = (spec: TransferSpec): Fields =>
  Object.fromEntries(Object.entries(spec).filter(([name, value]) => !secrets.has(name) && value !== null));
