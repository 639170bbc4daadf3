import { textOf } from '../fields.ts';
import type { NodeContext } from '../node-context.ts';
import { type Journal, newTransferId } from './journal.ts';
import { startSpecOf, tokenTypeOf } from './start-spec.ts';
import type { TransferRecord } from './transfer-record.ts';
import type { Job, TransferRunner } from './transfer-runner.ts';
import { sourcesOf, type TransferSpec } from './transfer-spec.ts';

export interface OwnTransferDeps {
  readonly node: NodeContext;
  readonly journal: Journal;
  readonly runner: TransferRunner;
}

/** Whose transfer it is on this node, and the folder on disk that its local paths are relative to. */
export interface Starter {
  readonly accessKeyId: string | undefined;
  readonly userId: string | undefined;
  readonly root: string;
}

function newRecord({ node, journal }: OwnTransferDeps, starter: Starter, spec: TransferSpec): TransferRecord {
  const { accessKeyId, userId } = starter;
  return {
    id: newTransferId(),
    endpoint: 'client',
    direction: spec.direction,
    title: textOf(spec.title),
    accessKeyId,
    userId,
    tags: spec.tags ?? {},
    startSpec: startSpecOf(
      spec,
      sourcesOf(spec).map(({ path }) => path),
      {
        endpoint: 'client',
        tokenType: tokenTypeOf(spec.token),
        clientAccessKey: accessKeyId,
        clientUser: userId,
        serverAccessKey: textOf(spec.remote_access_key),
        serverUser: undefined,
        clusterId: node.clusterId,
      },
    ),
    isPrecalculated: spec.precalculate_job_size !== false,
    createdUsec: journal.nowUsec(),
    status: 'waiting',
    sessions: [],
    endUsec: null,
    errorCode: 0,
    errorDescription: '',
  };
}

/** Makes this node the client of a transfer: of one that was posted, of a watch folder, of a sync. */
export const startOwnTransfer = (deps: OwnTransferDeps, starter: Starter, spec: TransferSpec): Job =>
  deps.runner.start(deps.journal.open(newRecord(deps, starter, spec)), spec, starter.root);
