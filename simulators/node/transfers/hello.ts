import { type Fields, present, textOf } from '../fields.ts';
import type { Hello } from '../protocol/message.ts';
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

/** What a client says to open a session for a spec. */
export function helloOf(spec: TransferSpec, facts: HelloFacts): Hello {
  const sources = sourcesOf(spec);
  const optional: Fields = present({
    token: textOf(spec.token),
    user: textOf(spec.remote_user),
    password: textOf(spec.remote_password),
    cookie: textOf(spec.cookie),
    tags: spec.tags ?? undefined,
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
