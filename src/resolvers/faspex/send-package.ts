import type { BoundFaspex, OperationContext } from '../../context/context.ts';
import { readTransferSpec, type TransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../transport/source-error.ts';
import { answering, DraftLeftError } from '../errors.ts';
import { specToStart } from '../node/start-transfer.ts';
import { type NodeTransferNode, toTransferNode } from '../node/transfer.ts';
import { makePackage, type NewPackageInput } from './new-package.ts';
import type { FaspexPackageNode } from './package.ts';
import { readPaths } from './paths.ts';

type Optional<T> = T | null | undefined;

export interface SendPackageInput extends NewPackageInput {
  readonly paths: readonly string[];
}

export interface SendPackageFromNodeInput extends SendPackageInput {
  readonly node?: Optional<string>;
}

export interface SendPackageFromSharedFolderInput extends SendPackageInput {
  readonly sharedFolderId: string;
}

export interface SendPackageResult {
  readonly package: FaspexPackageNode;
  readonly spec: TransferSpec;
}

export interface SendPackageFromNodeResult {
  readonly package: FaspexPackageNode;
  readonly transfer: NodeTransferNode;
}

export interface SendPackageFromSharedFolderResult {
  readonly package: FaspexPackageNode;
  /** Undefined where Faspex does not tell. */
  readonly transferId: string | undefined;
}

const SOMETHING = 'name at least one file or folder to send';

/**
 * Makes a package and runs what follows its creation; when that fails the caller gets the draft, so that nothing is
 * orphaned.
 */
async function sendBy<T>(
  faspex: BoundFaspex,
  input: SendPackageInput,
  next: (draft: FaspexPackageNode, paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const paths = readPaths(input.paths, SOMETHING);
  const draft = await makePackage(faspex, input, faspex.client.createPackage);
  try {
    return await next(draft, paths);
  } catch (error) {
    throw new DraftLeftError(draft, error instanceof Error ? error : new Error('unknown failure', { cause: error }));
  }
}

/** The server leaves it to the client to say what it sends (aspera-apps-api.md §10); the caller has said it. */
function withLocalPaths(spec: TransferSpec, paths: readonly string[]): TransferSpec {
  if (spec.paths.length > 0) return spec;
  return readTransferSpec({ ...spec.json, paths: paths.map((source) => ({ source })) }, spec.expiresAt);
}

/** Makes a package and gives the spec with which its files are uploaded. */
export const sendPackage = answering(
  async (input: SendPackageInput, context: OperationContext): Promise<SendPackageResult> => {
    const faspex = context.faspex(input.source);
    return sendBy(faspex, input, async (draft, paths) => {
      const spec = await faspex.client.uploadSpec(draft.packageId, paths);
      return { package: draft, spec: withLocalPaths(spec, paths) };
    });
  },
);

/** Makes a package and has a node upload its files: the token never leaves the gateway. */
export const sendPackageFromNode = answering(
  async (input: SendPackageFromNodeInput, context: OperationContext): Promise<SendPackageFromNodeResult> => {
    const faspex = context.faspex(input.source);
    const node = context.node(input.node);
    return sendBy(faspex, input, async (draft, paths) => {
      const spec = await faspex.client.uploadSpec(draft.packageId, paths);
      const sources = paths.map((source) => ({ source }));
      const transfer = await node.client.startTransfer(specToStart({ spec, paths: sources }, context));
      return { package: draft, transfer: toTransferNode(node.source.name, transfer) };
    });
  },
);

/** Folders asked for to find one: as many as IBM's own client asks for (aspera-apps-api.md §10). */
const FOLDERS = 1_000;

/**
 * Refuses a folder that the viewer cannot send from before there is a package, which would be left without its files.
 * @throws SourceError NOT_FOUND
 */
async function demandFolder({ client, source }: BoundFaspex, sharedFolderId: string): Promise<void> {
  const { items, next } = await client.sharedFolders({ limit: FOLDERS });
  const isKnown = items.some((item) => !(item instanceof SourceError) && item.sharedFolderId === sharedFolderId);
  if (isKnown || next !== undefined) return;
  const message = `There is no shared folder ${sharedFolderId} that you can send from: \`sharedFolders\` lists them.`;
  throw new SourceError('NOT_FOUND', message, { source: source.name });
}

/** Makes a package whose files Faspex itself takes from one of its shared folders (aspera-apps-api.md §5.7). One call finds the folder. */
export const sendPackageFromSharedFolder = answering(
  async (
    input: SendPackageFromSharedFolderInput,
    context: OperationContext,
  ): Promise<SendPackageFromSharedFolderResult> => {
    const faspex = context.faspex(input.source);
    await demandFolder(faspex, input.sharedFolderId);
    return sendBy(faspex, input, async (draft, paths) => {
      const { transferId } = await faspex.client.remoteTransfer(draft.packageId, input.sharedFolderId, paths);
      return { package: draft, transferId };
    });
  },
);

export interface AuthorizePackageUploadInput {
  readonly source?: Optional<string>;
  readonly packageId: string;
  readonly paths: readonly string[];
}

/** A fresh spec for a package whose files have not arrived: a draft, or a failed upload. */
export const authorizePackageUpload = answering(
  async (input: AuthorizePackageUploadInput, context: OperationContext): Promise<{ readonly spec: TransferSpec }> => {
    const paths = readPaths(input.paths, SOMETHING);
    const { client } = context.faspex(input.source);
    return { spec: withLocalPaths(await client.uploadSpec(input.packageId, paths), paths) };
  },
);
