import type { BoundNode, OperationContext } from '../../context/context.ts';
import type {
  SyncDirection,
  SyncJob,
  SyncJobCounters,
  SyncJobFile,
  SyncJobState,
  SyncMode,
  SyncRemote,
} from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { answering, InvalidInputError } from '../errors.ts';
import { specOptions } from './authorize.ts';

type Optional<T> = T | null | undefined;

/** A sync together with the node that runs it. */
export interface SyncJobNode extends SyncJob {
  readonly sourceName: string;
}

const isGone = (error: unknown) => error instanceof SourceError && error.code === 'NOT_FOUND';

/** The syncs that a node runs; one that cannot be read is an error in its place. One call, and one for each. */
export async function syncJobsOf(node: BoundNode, first: number): Promise<readonly (SyncJobNode | Error)[]> {
  const ids = await node.client.syncJobIds();
  const found = await node.loaders.syncJob.loadMany(ids.slice(0, first));
  return found
    .filter((job) => !isGone(job))
    .map((job) => (job instanceof Error ? job : { ...job, sourceName: node.source.name }));
}

/** One sync that a node runs; null when it is not there. */
export async function syncJobOf(node: BoundNode, syncJobId: string): Promise<SyncJobNode | null> {
  try {
    return { ...(await node.loaders.syncJob.load(syncJobId)), sourceName: node.source.name };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

const clientOf = ({ sourceName }: SyncJobNode, context: OperationContext) => context.node(sourceName).client;

export const syncJobState = (job: SyncJobNode, context: OperationContext): Promise<SyncJobState> =>
  clientOf(job, context).syncJobState(job.syncJobId);

export const syncJobCounters = (job: SyncJobNode, context: OperationContext): Promise<SyncJobCounters> =>
  clientOf(job, context).syncJobCounters(job.syncJobId);

export interface SyncJobFilesArguments {
  readonly first?: Optional<number>;
  readonly skip?: Optional<number>;
}

/** A part of the files of a sync, one call. */
export function syncJobFiles(
  job: SyncJobNode,
  { first, skip }: SyncJobFilesArguments,
  context: OperationContext,
): Promise<readonly (SyncJobFile | SourceError)[]> {
  if (skip != null && skip < 0) {
    throw new SourceError('BAD_INPUT', '`skip` must not be below 0.', { source: job.sourceName });
  }
  return clientOf(job, context).syncJobFiles(job.syncJobId, { count: first ?? 20, skip: skip ?? 0 });
}

export interface SyncRemoteInput {
  readonly node?: Optional<{
    readonly name: string;
    readonly path: string;
    readonly tokenLifeSeconds?: Optional<number>;
  }>;
  readonly server?: Optional<{
    readonly host: string;
    readonly port?: Optional<number>;
    readonly user: string;
    readonly password: string;
    readonly path: string;
  }>;
}

export interface CreateSyncJobInput {
  readonly source?: Optional<string>;
  readonly name: string;
  readonly direction: SyncDirection;
  readonly mode: SyncMode;
  readonly localPath: string;
  readonly remote: SyncRemoteInput;
  readonly createFolders?: Optional<boolean>;
  readonly scanIntervalSeconds?: Optional<number>;
}

export interface SyncJobInput {
  readonly source?: Optional<string>;
  readonly syncJobId: string;
}

export interface SyncJobResult {
  readonly syncJob: SyncJobNode;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

/** Another configured node authorizes the sync: its token goes to the node that runs it, and to nobody else. */
async function authorizedRemote(input: CreateSyncJobInput, context: OperationContext): Promise<SyncRemote> {
  const { node } = input.remote;
  if (!node) throw invalid('`remote` must say a node or a server.');
  const { name, path, tokenLifeSeconds } = node;
  if (context.node(name).source === context.node(input.source).source) {
    throw invalid(`A sync needs two nodes: ${name} would have to log in at itself.`);
  }
  const spec = await context.node(name).client.authorizeSync(input.direction, {
    ...specOptions(context, { tokenLifeSeconds }),
    paths: [{ source: path }],
  });
  const { remoteHost: host, sshPort: port, remoteUser: user = '', token } = spec;
  return { host, port, user, path, token };
}

async function remoteOf(input: CreateSyncJobInput, context: OperationContext): Promise<SyncRemote> {
  const { server } = input.remote;
  return server ? { ...server, port: server.port ?? undefined } : authorizedRemote(input, context);
}

/** Sets up a sync; it waits to be started. */
export const createSyncJob = answering(
  async (input: CreateSyncJobInput, context: OperationContext): Promise<SyncJobResult> => {
    const { source, name, direction, mode, localPath, createFolders, scanIntervalSeconds } = input;
    if (!/^[\w-]+$/.test(name)) throw invalid('`name` may hold letters, digits, `_` and `-` only.');
    if (scanIntervalSeconds != null && scanIntervalSeconds <= 0) {
      throw invalid('`scanIntervalSeconds` must be above 0.');
    }
    const node = context.node(source);
    const remote = await remoteOf(input, context);
    const created = await node.client.createSyncJob({
      ...{ name, direction, mode, localPath, remote },
      createFolders: createFolders ?? false,
      scanIntervalSeconds: scanIntervalSeconds ?? undefined,
    });
    return { syncJob: { ...created, sourceName: node.source.name } };
  },
);

/** Reads the sync first: what answers shows it, and a mistaken id is found before anything is done. */
const control = (verb: 'start' | 'stop') =>
  answering(async ({ source, syncJobId }: SyncJobInput, context: OperationContext): Promise<SyncJobResult> => {
    const node = context.node(source);
    const job = await node.loaders.syncJob.load(syncJobId);
    await node.client.controlSyncJob(syncJobId, verb);
    return { syncJob: { ...job, sourceName: node.source.name } };
  });

export const startSyncJob = control('start');
export const stopSyncJob = control('stop');

/** Gives a sync up; what has been transferred stays. */
export const deleteSyncJob = answering(async ({ source, syncJobId }: SyncJobInput, context: OperationContext) => {
  const node = context.node(source);
  await node.client.deleteSyncJob(syncJobId);
  node.loaders.syncJob.clear(syncJobId);
  return { syncJobId };
});
