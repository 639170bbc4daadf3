import type { BoundFaspex, OperationContext } from '../../context/context.ts';
import type { FaspexNewPackage } from '../../sources/faspex/types.ts';
import { readTransferSpec, type TransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { answering, DraftLeftError, InvalidInputError } from '../errors.ts';
import { specToStart } from '../node/start-transfer.ts';
import { type NodeTransferNode, toTransferNode } from '../node/transfer.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';
import { type RecipientInput, resolveRecipients } from './recipients.ts';

type Optional<T> = T | null | undefined;

/** What a new package says of itself, however its files get there. */
export interface NewPackageInput {
  readonly source?: Optional<string>;
  readonly title: string;
  readonly recipients: readonly RecipientInput[];
  readonly privateRecipients?: Optional<readonly RecipientInput[]>;
  readonly note?: Optional<string>;
  readonly metadata?: unknown;
  readonly encryptAtRest?: Optional<boolean>;
  readonly downloadLimit?: Optional<number>;
  readonly expiresAt?: Optional<Date>;
}

export interface SendPackageInput extends NewPackageInput {
  readonly paths: readonly string[];
}

export interface SendPackageFromNodeInput extends SendPackageInput {
  readonly node?: Optional<string>;
}

export interface SendPackageResult {
  readonly package: FaspexPackageNode;
  readonly spec: TransferSpec;
}

export interface SendPackageFromNodeResult {
  readonly package: FaspexPackageNode;
  readonly transfer: NodeTransferNode;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

function readMetadata(metadata: unknown): Readonly<Record<string, unknown>> | undefined {
  if (metadata === null || metadata === undefined) return undefined;
  if (typeof metadata === 'object' && !Array.isArray(metadata)) return metadata as Readonly<Record<string, unknown>>;
  throw invalid('`metadata` must be an object: the names of the fields with their values.');
}

/** What can be refused is refused before anything is made at Faspex. */
async function readNewPackage(faspex: BoundFaspex, input: SendPackageInput): Promise<FaspexNewPackage> {
  if (input.title.trim() === '') throw invalid('`title` is empty.');
  if (input.paths.length === 0) throw invalid('`paths` is empty: name at least one file or folder to send.');
  const everybody = [...input.recipients, ...(input.privateRecipients ?? [])];
  if (everybody.length === 0) throw invalid('`recipients` is empty: name at least one.');
  const resolved = await resolveRecipients(faspex, everybody);
  const { note, encryptAtRest, downloadLimit, expiresAt } = input;
  return {
    title: input.title,
    recipients: resolved.slice(0, input.recipients.length),
    privateRecipients: input.privateRecipients ? resolved.slice(input.recipients.length) : undefined,
    metadata: readMetadata(input.metadata),
    note: note ?? undefined,
    encryptAtRest: encryptAtRest ?? undefined,
    downloadLimit: downloadLimit ?? undefined,
    expiresAt: expiresAt ?? undefined,
    expirationPolicy: expiresAt ? 'DELETE_AFTER_EXPIRATION_DATE' : undefined,
  };
}

/** Runs what follows the creation; when it fails the caller gets the draft, so that nothing is orphaned. */
async function withDraft<T>(draft: FaspexPackageNode, next: () => Promise<T>): Promise<T> {
  try {
    return await next();
  } catch (error) {
    throw new DraftLeftError(draft, error instanceof Error ? error : new Error('unknown failure', { cause: error }));
  }
}

async function createDraft(faspex: BoundFaspex, input: SendPackageInput): Promise<FaspexPackageNode> {
  const created = await faspex.client.createPackage(await readNewPackage(faspex, input));
  return toPackageNode(faspex.source.name, created);
}

/** Makes a package and gives the spec with which its files are uploaded. */
export const sendPackage = answering(
  async (input: SendPackageInput, context: OperationContext): Promise<SendPackageResult> => {
    const faspex = context.faspex(input.source);
    const draft = await createDraft(faspex, input);
    const spec = await withDraft(draft, () => faspex.client.uploadSpec(draft.packageId, input.paths));
    return { package: draft, spec: withLocalPaths(spec, input.paths) };
  },
);

/** The server leaves it to the client to say what it sends (aspera-apps-api.md §10); the caller has said it. */
function withLocalPaths(spec: TransferSpec, paths: readonly string[]): TransferSpec {
  if (spec.paths.length > 0) return spec;
  return readTransferSpec({ ...spec.json, paths: paths.map((source) => ({ source })) }, spec.expiresAt);
}

/** Makes a package and has a node upload its files: the token never leaves the gateway. */
export const sendPackageFromNode = answering(
  async (input: SendPackageFromNodeInput, context: OperationContext): Promise<SendPackageFromNodeResult> => {
    const faspex = context.faspex(input.source);
    const node = context.node(input.node);
    const draft = await createDraft(faspex, input);
    const transfer = await withDraft(draft, async () => {
      const spec = await faspex.client.uploadSpec(draft.packageId, input.paths);
      const paths = input.paths.map((source) => ({ source }));
      return node.client.startTransfer(specToStart({ spec: { json: spec.json }, paths }, context));
    });
    return { package: draft, transfer: toTransferNode(node.source.name, transfer) };
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
    if (input.paths.length === 0) throw invalid('`paths` is empty: name at least one file or folder to send.');
    const { client } = context.faspex(input.source);
    return { spec: withLocalPaths(await client.uploadSpec(input.packageId, input.paths), input.paths) };
  },
);
