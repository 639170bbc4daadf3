import type { JsonObject } from './transfer-spec.ts';

/** The daemon's own words for how a partial file is resumed (aspera-node-api.md §7.2). */
const resumePolicies: Readonly<Record<string, string>> = {
  attrs: 'attributes',
  sparse_csum: 'sparse_checksum',
  full_csum: 'full_checksum',
};

/** Members that the daemon spells differently. */
const names: Readonly<Record<string, string>> = { remove_empty_source_directory: 'remove_empty_source_dir' };

/** A transfer spec v1 as the transfer daemon takes it: what it spells differently is spelt its way (§7.2). */
export function transferdSpec(spec: JsonObject): JsonObject {
  const { resume_policy: policy } = spec;
  const own = typeof policy === 'string' ? { resume_policy: resumePolicies[policy] ?? policy } : {};
  const renamed = Object.entries({ ...spec, ...own }).map(([name, value]) => [names[name] ?? name, value] as const);
  return Object.fromEntries(renamed);
}

/** The message `TransferRequest` of `StartTransfer` (aspera-node-api.md §8), with a spec v1 as JSON text. */
export const transferdRequest = (spec: JsonObject) => ({
  transferType: 'FILE_REGULAR',
  config: {},
  transferSpec: JSON.stringify(transferdSpec(spec)),
});
