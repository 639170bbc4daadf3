import { isJsonObject, type JsonObject } from '../../transfer-spec/transfer-spec.ts';
import { InvalidInputError } from '../errors.ts';
import { type PathInput, readPaths } from './authorize.ts';

type Optional<T> = T | null | undefined;

/** A transfer spec written member by member. */
export interface TypedSpecInput {
  readonly direction: 'SEND' | 'RECEIVE';
  readonly remoteHost: string;
  readonly remoteUser?: Optional<string>;
  readonly sshPort?: Optional<number>;
  readonly faspPort?: Optional<number>;
  readonly token?: Optional<string>;
  readonly remotePassword?: Optional<string>;
  readonly sshPrivateKey?: Optional<string>;
  readonly sshPrivateKeyPassphrase?: Optional<string>;
  readonly localPassword?: Optional<string>;
  readonly paths: readonly PathInput[];
  readonly sourceRoot?: Optional<string>;
  readonly destinationRoot?: Optional<string>;
  readonly targetRateKbps?: Optional<number>;
  readonly cookie?: Optional<string>;
  readonly tags?: unknown;
}

function readTags(tags: unknown): JsonObject | undefined {
  if (tags === null || tags === undefined) return undefined;
  if (isJsonObject(tags)) return tags;
  throw new InvalidInputError('`tags` must be an object.', { code: 'BAD_INPUT' });
}

/** The same as transfer spec v1 (aspera-node-api.md §7). */
export function typedSpec(input: TypedSpecInput): JsonObject {
  const members = {
    direction: input.direction.toLowerCase(),
    remote_host: input.remoteHost,
    remote_user: input.remoteUser,
    ssh_port: input.sshPort,
    fasp_port: input.faspPort,
    token: input.token,
    remote_password: input.remotePassword,
    ssh_private_key: input.sshPrivateKey,
    ssh_private_key_passphrase: input.sshPrivateKeyPassphrase,
    password: input.localPassword,
    paths: readPaths(input.paths),
    source_root: input.sourceRoot,
    destination_root: input.destinationRoot,
    target_rate_kbps: input.targetRateKbps,
    cookie: input.cookie,
    tags: readTags(input.tags),
  };
  return Object.fromEntries(Object.entries(members).flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
}
