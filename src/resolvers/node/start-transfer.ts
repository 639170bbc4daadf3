import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../../context/context.ts';
import { addTags, isJsonObject, type JsonObject, readTransferSpec } from '../../transfer-spec/transfer-spec.ts';
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

/**
 * What the node is asked to run: the given spec with the caller's own side filled in and the caller's mark in the tags.
 */
export function specToStart(input: StartTransferInput, context: OperationContext): JsonObject {
  const { typed, json } = input.spec;
  const spec = readTransferSpec(typed ? typedSpec(typed) : json);
  const paths = input.paths ? readPaths(input.paths) : spec.json.paths;
  if (!Array.isArray(paths) || paths.length === 0) {
    throw new InvalidInputError('The spec has no `paths`: say with `paths` what is transferred.', {
      code: 'BAD_INPUT',
    });
  }
  const tags = tagsToStart(spec.tags, context);
  return {
    precalculate_job_size: true,
    ...spec.json,
    paths,
    tags,
    ...(input.destination == null ? {} : { destination_root: input.destination }),
  };
}

/** Makes a node the client of a transfer. */
export const startTransfer = answering(
  async (input: StartTransferInput, context: OperationContext): Promise<StartTransferResult> => {
    const node = context.node(input.source);
    const transfer = await node.client.startTransfer(specToStart(input, context));
    return { transfer: toTransferNode(node.source.name, transfer) };
  },
);
