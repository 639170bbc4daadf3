import type { BoundNode, OperationContext } from '../../context/context.ts';
import type {
  WatchFolder,
  WatchFolderChange,
  WatchFolderDirection,
  WatchFolderLogin,
  WatchFolderRemoteLogin,
  WatchFolderState,
} from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { answering, InvalidInputError } from '../errors.ts';

type Optional<T> = T | null | undefined;

/** A watch folder together with the node that watches it. */
export interface WatchFolderNode extends WatchFolder {
  readonly sourceName: string;
}

const isGone = (error: unknown) => error instanceof SourceError && error.code === 'NOT_FOUND';

/** The watch folders of a node; one that cannot be read is an error in its place. One call, and one for each. */
export async function watchFoldersOf(node: BoundNode, first: number): Promise<readonly (WatchFolderNode | Error)[]> {
  const ids = await node.client.watchFolderIds();
  const found = await node.loaders.watchFolder.loadMany(ids.slice(0, first));
  return found
    .filter((folder) => !isGone(folder))
    .map((folder) => (folder instanceof Error ? folder : { ...folder, sourceName: node.source.name }));
}

/** One watch folder; null when it is not there. */
export async function watchFolderOf(node: BoundNode, watchFolderId: string): Promise<WatchFolderNode | null> {
  try {
    return { ...(await node.loaders.watchFolder.load(watchFolderId)), sourceName: node.source.name };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

export const watchFolderState = (folder: WatchFolderNode, context: OperationContext): Promise<WatchFolderState> =>
  context.node(folder.sourceName).client.watchFolderState(folder.watchFolderId);

export interface WatchFolderRemoteInput {
  readonly host: string;
  readonly port: number;
  readonly login?: Optional<WatchFolderLogin>;
  readonly user: string;
  readonly password: string;
  readonly hostKeyFingerprint?: Optional<string>;
}

interface WatchFolderPeriods {
  readonly coolOffSeconds?: Optional<number>;
  readonly snapshotPeriodSeconds?: Optional<number>;
  readonly scanPeriodSeconds?: Optional<number>;
}

export interface CreateWatchFolderInput extends WatchFolderPeriods {
  readonly source?: Optional<string>;
  readonly watchFolderId?: Optional<string>;
  readonly direction: WatchFolderDirection;
  readonly sourcePath: string;
  readonly targetPath: string;
  readonly remote: WatchFolderRemoteInput;
}

export interface UpdateWatchFolderInput extends WatchFolderPeriods {
  readonly source?: Optional<string>;
  readonly watchFolderId: string;
  readonly sourcePath?: Optional<string>;
  readonly targetPath?: Optional<string>;
  readonly remote?: Optional<WatchFolderRemoteInput>;
}

export interface DeleteWatchFolderInput {
  readonly source?: Optional<string>;
  readonly watchFolderId: string;
}

export interface WatchFolderResult {
  readonly watchFolder: WatchFolderNode;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

const toLogin = ({ login, hostKeyFingerprint, ...remote }: WatchFolderRemoteInput): WatchFolderRemoteLogin => ({
  ...remote,
  login: login ?? 'NODE_API',
  fingerprint: hostKeyFingerprint ?? undefined,
});

/** The periods as they are asked for; a period of nothing would have the node look without end. */
function periodsOf({ coolOffSeconds, snapshotPeriodSeconds, scanPeriodSeconds }: WatchFolderPeriods) {
  if (coolOffSeconds != null && coolOffSeconds < 0) throw invalid('`coolOffSeconds` must not be below 0.');
  for (const [name, seconds] of Object.entries({ snapshotPeriodSeconds, scanPeriodSeconds })) {
    if (seconds != null && seconds <= 0) throw invalid(`\`${name}\` must be above 0.`);
  }
  return {
    coolOffSeconds: coolOffSeconds ?? undefined,
    snapshotPeriodSeconds: snapshotPeriodSeconds ?? undefined,
    scanPeriodSeconds: scanPeriodSeconds ?? undefined,
  };
}

/** Has a node watch a folder from now on. */
export const createWatchFolder = answering(
  async (input: CreateWatchFolderInput, context: OperationContext): Promise<WatchFolderResult> => {
    const { source, watchFolderId, direction, sourcePath, targetPath, remote } = input;
    const node = context.node(source);
    const created = await node.client.createWatchFolder({
      ...{ direction, sourcePath, targetPath, remote: toLogin(remote), watchFolderId: watchFolderId ?? undefined },
      ...periodsOf(input),
    });
    return { watchFolder: { ...created, sourceName: node.source.name } };
  },
);

/** Changes what a node watches, or how. */
export const updateWatchFolder = answering(
  async (input: UpdateWatchFolderInput, context: OperationContext): Promise<WatchFolderResult> => {
    const change: WatchFolderChange = {
      sourcePath: input.sourcePath ?? undefined,
      targetPath: input.targetPath ?? undefined,
      remote: input.remote ? toLogin(input.remote) : undefined,
      ...periodsOf(input),
    };
    if (Object.values(change).every((value) => value === undefined)) {
      throw invalid('Nothing is asked for: give at least one thing to change.');
    }
    const node = context.node(input.source);
    const changed = await node.client.changeWatchFolder(input.watchFolderId, change);
    node.loaders.watchFolder.clear(input.watchFolderId);
    return { watchFolder: { ...changed, sourceName: node.source.name } };
  },
);

/** Has a node watch a folder no more. */
export const deleteWatchFolder = answering(
  async ({ source, watchFolderId }: DeleteWatchFolderInput, context: OperationContext) => {
    const node = context.node(source);
    await node.client.deleteWatchFolder(watchFolderId);
    node.loaders.watchFolder.clear(watchFolderId);
    return { watchFolderId };
  },
);
