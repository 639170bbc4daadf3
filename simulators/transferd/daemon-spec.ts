import { type Fields, fieldsOf, isFields, listOf, textOf } from '../node/fields.ts';
import { type TransferSpec, transferSpecShape } from '../node/transfers/transfer-spec.ts';

/** Why a spec is refused, in the daemon's words. */
export class SpecRefused extends Error {}

/** The daemon's own words for how a part is resumed (aspera-node-api.md §7.2), and those of the protocol. */
const resumePolicies: Readonly<Record<string, string>> = {
  none: 'none',
  attributes: 'attrs',
  sparse_checksum: 'sparse_csum',
  full_checksum: 'full_csum',
};

function readJson(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new SpecRefused('The transfer spec is not a JSON object');
}

function tagsFrom(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    throw new SpecRefused('The tags of the transfer spec are not JSON');
  }
}

/** Tags as an object, as JSON text, or as base64 of that. */
function readTags({ tags, tags64 }: Fields): Fields | undefined {
  if (isFields(tags)) return tags;
  if (textOf(tags)) return tagsFrom(String(tags));
  const encoded = textOf(tags64);
  return encoded === undefined ? undefined : tagsFrom(Buffer.from(encoded, 'base64').toString('utf8'));
}

function readResumePolicy(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const known = resumePolicies[String(value)];
  if (known !== undefined) return known;
  throw new SpecRefused(`Unknown resume_policy ${JSON.stringify(value)}: ${Object.keys(resumePolicies).join(', ')}`);
}

/** A path of this machine: below the daemon's folder, whether it is written from there or from the root of the disk. */
const localPath = (folder: string, path: string) =>
  path === folder || path.startsWith(`${folder}/`) ? path.slice(folder.length) : path;

function localPaths(spec: TransferSpec, folder: string): TransferSpec {
  const local = (path: string | null | undefined) => (path ? localPath(folder, path) : path);
  if (spec.direction === 'receive') return { ...spec, destination_root: local(spec.destination_root) };
  const paths = spec.paths.map((path) => ({ ...path, source: localPath(folder, path.source) }));
  return { ...spec, source_root: local(spec.source_root), paths };
}

function demandAuthorization({ token, remote_password, ssh_private_key }: TransferSpec): void {
  if ([token, remote_password, ssh_private_key].some(textOf)) return;
  throw new SpecRefused('The transfer spec has neither a token nor a password or key');
}

/** What `StartTransfer` takes: a transfer spec v1 as JSON text, in the daemon's spelling. Paths come later where they may. */
export function readDaemonSpec(text: string, folder: string, mayLackPaths = false): TransferSpec {
  const raw = readJson(text);
  if (raw.session_initiation !== undefined || raw.assets !== undefined) {
    throw new SpecRefused('This simulator takes transfer specs of version 1 only');
  }
  const named = listOf(raw.paths).filter((path) => textOf(fieldsOf(path).source));
  const hasPaths = named.length > 0;
  const withPaths = mayLackPaths && !hasPaths ? { paths: [{ source: '' }] } : {};
  const resumePolicy = readResumePolicy(raw.resume_policy);
  const parsed = transferSpecShape.safeParse({
    ...raw,
    ...withPaths,
    tags: readTags(raw),
    resume_policy: resumePolicy,
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SpecRefused(`Invalid transfer spec: ${issue?.path.join('.') || 'spec'}: ${issue?.message}`);
  }
  demandAuthorization(parsed.data);
  return localPaths(parsed.data, folder);
}

/** Members of a spec that the daemon has no use for. */
export const unknownMembers = (text: string, known: ReadonlySet<string>): readonly string[] =>
  Object.keys(readJson(text)).filter((name) => !known.has(name));

/** Members that can be changed while a transfer runs; a rate of 0 holds it. */
export interface SpecChange {
  readonly targetRateKbps: number | undefined;
  readonly minRateKbps: number | undefined;
}

function readRate(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new SpecRefused(`${name} must be a whole number from 0 on`);
}

export function readSpecChange(text: string): SpecChange {
  const raw = readJson(text);
  return {
    targetRateKbps: readRate(raw.target_rate_kbps, 'target_rate_kbps'),
    minRateKbps: readRate(raw.min_rate_kbps, 'min_rate_kbps'),
  };
}
