import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../../context/context.ts';
import { addTags, isJsonObject, type JsonObject, readTransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { refusalOf, validateTransferSpec } from '../../transfer-spec/validate.ts';
import { answering, InvalidInputError } from '../errors.ts';
import { type PathInput, readPaths } from './authorize.ts';
import { type NodeTransferNode, toTransferNode } from './transfer.ts';
import { type TypedSpecInput, typedSpec } from './typed-spec.ts';

/** A spec in the one form in which it is at hand. */
export interface TransferSpecInput {
  readonly json?: unknown;
  readonly typed?: TypedSpecInput | null | undefined;
}

export interface StartTransferInput {
  readonly source?: string | null | undefined;
  readonly spec: TransferSpecInput;
  readonly paths?: readonly PathInput[] | null | undefined;
  readonly destination?: string | null | undefined;
}

export interface StartTransferResult {
  readonly transfer: NodeTransferNode;
}

/**
 * The tags that a transfer starts with: the caller's mark, and an id that both sides record. Faspex finds its transfers
 * by their tags, which nobody may alter (aspera-apps-api.md §5.5); theirs are known by their package.
 */
function tagsToStart(tags: JsonObject, context: OperationContext): JsonObject {
  const aspera = isJsonObject(tags.aspera) ? tags.aspera : {};
  if (aspera.faspex !== undefined) return context.ownership.unmarked(tags);
  const id = typeof aspera.xfer_id === 'string' ? {} : { aspera: { xfer_id: randomUUID() } };
  return addTags(addTags(tags, context.ownership.tagsFor(context.viewer.id)), id);
}

const rawSpec = ({ spec: { typed, json } }: StartTransferInput): unknown => (typed ? typedSpec(typed) : json);

/** What the caller says of their own side, in place of what the spec says. */
const ownSide = ({ paths, destination }: StartTransferInput): JsonObject => ({
  ...(paths ? { paths: readPaths(paths) } : {}),
  ...(destination == null ? {} : { destination_root: destination }),
});

/**
 * What the node is asked to run: the given spec with the caller's own side filled in and the caller's mark in the tags.
 */
export function specToStart(input: StartTransferInput, context: OperationContext): JsonObject {
  const { json, tags } = readTransferSpec(rawSpec(input));
  const spec: JsonObject = { precalculate_job_size: true, ...json, ...ownSide(input) };
  if (!Array.isArray(spec.paths) || spec.paths.length === 0) {
    throw new InvalidInputError('The spec has no `paths`: say with `paths` what is transferred.', {
      code: 'BAD_INPUT',
    });
  }
  return { ...spec, tags: tagsToStart(tags, context) };
}

/**
 * Refuses a caller’s spec that cannot be run, with everything that is wrong in it. Unknown parameters pass, because
 * nodes know more of them than documents do, and so does what only has no effect. Specs that a server has made are not
 * looked at: their caller could not change them.
 */
function refuseWrong(input: StartTransferInput): void {
  const raw = rawSpec(input);
  const spec = isJsonObject(raw) ? { ...raw, ...ownSide(input) } : raw;
  const refusal = refusalOf(validateTransferSpec(spec, 'NODE'));
  if (refusal === undefined) return;
  throw new InvalidInputError(`A node cannot run this transfer spec. ${refusal}`, { code: 'BAD_INPUT' });
}

/** Makes a node the client of a transfer. */
export const startTransfer = answering(
  async (input: StartTransferInput, context: OperationContext): Promise<StartTransferResult> => {
    const node = context.node(input.source);
    refuseWrong(input);
    const transfer = await node.client.startTransfer(specToStart(input, context));
    return { transfer: toTransferNode(node.source.name, transfer) };
  },
);
