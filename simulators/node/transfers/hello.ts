import { type Fields, fieldsOf, present, textOf } from '../fields.ts';
import type { Hello } from '../protocol/message.ts';
import { proveKey } from '../tokens/ssh-key.ts';
import { joinPath } from '../virtual-path.ts';
import { rateOf, sourcesOf, type TransferSpec, withoutSecrets } from './transfer-spec.ts';

export interface HelloFacts {
  readonly sessionId: string;
  readonly clientNodeId: string;
  readonly retryCount: number;
  readonly targetRateKbps: number;
  readonly minRateKbps: number;
}

function removalOf(spec: TransferSpec): Hello['removeSources'] {
  if (spec.delete_source || spec.remove_empty_directories) return 'folders';
  return spec.remove_after_transfer ? 'files' : 'nothing';
}

/**
 * The tags, with the remote access key and the file id of the remote root where a spec names them outside its tags
 * (bearer tokens, aspera-node-api.md §1.4, §5.1).
 */
function tagsOf(spec: TransferSpec): Fields | undefined {
  const accessKey = textOf(spec.remote_access_key);
  if (accessKey === undefined || !spec.token?.startsWith('Bearer ')) return spec.tags ?? undefined;
  const rootId = textOf(spec.direction === 'send' ? spec.destination_root_id : spec.source_root_id);
  const aspera = fieldsOf(spec.tags?.aspera);
  const node = { ...present({ access_key: accessKey, file_id: rootId }), ...fieldsOf(aspera.node) };
  return { ...spec.tags, aspera: { ...aspera, node } };
}

/** The proof that the client holds the private key of the spec, which itself does not leave it. */
function keyProofOf(spec: TransferSpec, { sessionId }: HelloFacts): string | undefined {
  const [pem, user] = [textOf(spec.ssh_private_key), textOf(spec.remote_user)];
  if (pem === undefined || user === undefined) return undefined;
  return proveKey(pem, textOf(spec.ssh_private_key_passphrase), { user, sessionId });
}

/** What a client says to open a session for a spec. */
export function helloOf(spec: TransferSpec, facts: HelloFacts): Hello {
  const sources = sourcesOf(spec);
  const optional: Fields = present({
    token: textOf(spec.token),
    user: textOf(spec.remote_user),
    password: textOf(spec.remote_password),
    keyProof: keyProofOf(spec, facts),
    cookie: textOf(spec.cookie),
    tags: tagsOf(spec),
  });
  return {
    ...optional,
    ...facts,
    type: 'hello',
    version: 1,
    direction: spec.direction,
    destinations: sources.map(({ target }) => target),
    destinationRoot: joinPath(spec.destination_root ?? ''),
    createFolder: spec.create_dir !== false,
    sources: spec.direction === 'receive' ? sources : [],
    precalculate: spec.precalculate_job_size !== false,
    targetRateKbps: facts.targetRateKbps || rateOf(spec),
    overwrite: spec.overwrite ?? 'diff',
    resumePolicy: spec.resume_policy ?? 'sparse_csum',
    preserveTimes: spec.preserve_times === true || spec.preserve_modification_time === true,
    removeSources: removalOf(spec),
    symlinkPolicy: spec.symlink_policy ?? 'follow',
    spec: present({ ...withoutSecrets(spec), token: undefined }),
  };
}
