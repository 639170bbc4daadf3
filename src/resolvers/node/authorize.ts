import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { RatePolicy, SpecOptions, SyncDirection } from '../../sources/node/types.ts';
import type { TransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { answering, InvalidInputError } from '../errors.ts';

type Optional<T> = T | null | undefined;

/** Settings that a caller may give with any request for a spec. */
export interface SpecOptionsInput {
  readonly tokenLifeSeconds?: Optional<number>;
  readonly targetRateKbps?: Optional<number>;
  readonly ratePolicy?: Optional<RatePolicy>;
  readonly cipher?: Optional<string>;
  readonly title?: Optional<string>;
}

export interface PathInput {
  readonly source: string;
  readonly destination?: Optional<string>;
}

export interface AuthorizeUploadInput {
  readonly source?: Optional<string>;
  readonly destination: string;
  readonly paths?: Optional<readonly PathInput[]>;
  readonly options?: Optional<SpecOptionsInput>;
}

export interface AuthorizeDownloadInput {
  readonly source?: Optional<string>;
  readonly paths?: Optional<readonly PathInput[]>;
  readonly sourceRoot?: Optional<string>;
  readonly options?: Optional<SpecOptionsInput>;
}

export interface AuthorizeSyncInput {
  readonly source?: Optional<string>;
  readonly direction: SyncDirection;
  readonly folder: string;
  readonly options?: Optional<SpecOptionsInput>;
}

export interface SpecResult {
  readonly spec: TransferSpec;
}

/** Gives the spec out, and remembers who made it: that node must not start it as well. */
export function given(context: OperationContext, { source }: BoundNode, spec: TransferSpec): SpecResult {
  context.specMakers.note(source.name, spec);
  return { spec };
}

export const readPaths = (paths: readonly PathInput[]) =>
  paths.map(({ source, destination }) => ({ source, ...(destination == null ? {} : { destination }) }));

/** All that is below the root: a token for it may be used for many transfers (aspera-node-api.md §3, §10.3). */
const EVERYTHING = [{}] as const;

/** Every spec that the gateway makes says for whom: that is how its transfers are found to be theirs. */
export function specOptions(context: OperationContext, options: Optional<SpecOptionsInput>): SpecOptions {
  const { tokenLifeSeconds, targetRateKbps, ratePolicy, cipher, title } = options ?? {};
  if (tokenLifeSeconds != null && tokenLifeSeconds <= 0) {
    throw new InvalidInputError('`tokenLifeSeconds` must be above 0.', { code: 'BAD_INPUT' });
  }
  return {
    tokenLifeSeconds: tokenLifeSeconds ?? undefined,
    targetRateKbps: targetRateKbps ?? undefined,
    ratePolicy: ratePolicy ?? undefined,
    cipher: cipher ?? undefined,
    title: title ?? undefined,
    tags: context.ownership.tagsFor(context.viewer.id),
  };
}

/** Asks the node for a spec with which a client may write below the destination. */
export const authorizeUpload = answering(
  async (input: AuthorizeUploadInput, context: OperationContext): Promise<SpecResult> => {
    const node = context.node(input.source);
    const spec = await node.client.authorizeUpload({
      ...specOptions(context, input.options),
      paths: input.paths?.length ? readPaths(input.paths) : EVERYTHING,
      destinationRoot: input.destination,
    });
    return given(context, node, spec);
  },
);

/** Whoever selected nothing did not mean everything: that is asked for by leaving `paths` out. */
function pathsToRead({ paths, sourceRoot }: AuthorizeDownloadInput) {
  if (paths?.length) return readPaths(paths);
  if (paths == null && sourceRoot != null && sourceRoot !== '') return EVERYTHING;
  const advice =
    'name at least one file or folder, or leave `paths` out and give `sourceRoot` for all that is below it.';
  throw new InvalidInputError(`No \`paths\`: ${advice}`, { code: 'BAD_INPUT' });
}

/** Asks the node for a spec with which a client may read these paths. */
export const authorizeDownload = answering(
  async (input: AuthorizeDownloadInput, context: OperationContext): Promise<SpecResult> => {
    const paths = pathsToRead(input);
    const node = context.node(input.source);
    const spec = await node.client.authorizeDownload({
      ...specOptions(context, input.options),
      paths,
      sourceRoot: input.sourceRoot ?? undefined,
    });
    return given(context, node, spec);
  },
);

/** Asks the node for a spec with which a client may synchronize a folder. */
export const authorizeSync = answering(
  async (input: AuthorizeSyncInput, context: OperationContext): Promise<SpecResult> => {
    const node = context.node(input.source);
    const spec = await node.client.authorizeSync(input.direction, {
      ...specOptions(context, input.options),
      paths: [{ source: input.folder }],
    });
    return given(context, node, spec);
  },
);
