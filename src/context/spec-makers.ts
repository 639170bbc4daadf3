import { createHash } from 'node:crypto';
import type { TransferSpec } from '../transfer-spec/transfer-spec.ts';

/**
 * Which node made which spec, as far as this process has seen: so that a node is not asked to be its own client. It
 * knows hashes of tokens and addresses, no token; it tells nothing that the holder of a spec does not have.
 */
export interface SpecMakers {
  /** Remembers that the node source with this name made the spec. */
  note(source: string, spec: TransferSpec): void;
  /** The source that made the token of this spec; undefined when not known. */
  ofToken(spec: TransferSpec): string | undefined;
  /** The sources whose specs lead to the same address and port. */
  atAddressOf(spec: TransferSpec): readonly string[];
}

/** A day of specs, which is how long most tokens live, for a busy gateway. */
const MAX_TOKENS = 20_000;
const MAX_ADDRESSES = 2_000;

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64');
const addressOf = ({ remoteHost, sshPort }: TransferSpec) => `${remoteHost.toLowerCase()}:${sshPort ?? ''}`;

/** Adds as the newest, and forgets the oldest beyond the limit. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}

export function createSpecMakers(): SpecMakers {
  const tokens = new Map<string, string>();
  const addresses = new Map<string, ReadonlySet<string>>();
  return {
    note: (source, spec) => {
      if (spec.token !== undefined) remember(tokens, hashOf(spec.token), source, MAX_TOKENS);
      const address = addressOf(spec);
      remember(addresses, address, new Set([...(addresses.get(address) ?? []), source]), MAX_ADDRESSES);
    },
    ofToken: ({ token }) => (token === undefined ? undefined : tokens.get(hashOf(token))),
    atAddressOf: (spec) => [...(addresses.get(addressOf(spec)) ?? [])],
  };
}
