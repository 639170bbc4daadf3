import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../../context/context.ts';
import { addTags, isJsonObject, type JsonObject, readTransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { answering, InvalidInputError } from '../errors.ts';
import { type PathInput, readPaths } from './authorize.ts';
import { type NodeTransferNode, toTransferNode } from './transfer.ts';

export interface StartTransferInput {
  readonly source?: string | null | undefined;
  readonly spec: { readonly json: unknown };
  readonly paths?: readonly PathInput[] | null | undefined;
  readonly destination?: string | null | undefined;
}

export interface StartTransferResult {
  readonly transfer: NodeTransferNode;
}

/** The same id on both sides of a transfer, unless whoever made the spec has given one. */
function xferTags(tags: JsonObject): JsonObject {
  const aspera = isJsonObject(tags.aspera) ? tags.aspera : {};
  return typeof aspera.xfer_id === 'string' ? {} : { aspera: { xfer_id: randomUUID() } };
}

/**
 * What the node is asked to run: the given spec with the caller's own side filled in and the caller's mark in the tags.
 * The tags that the server put there stay: Faspex and AoC recognise their transfers by them.
 */
export function specToStart(input: StartTransferInput, context: OperationContext): JsonObject {
  const spec = readTransferSpec(input.spec.json);
  const paths = input.paths ? readPaths(input.paths) : spec.json.paths;
  if (!Array.isArray(paths) || paths.length === 0) {
    throw new InvalidInputError('The spec has no `paths`: say with `paths` what is transferred.', {
      code: 'BAD_INPUT',
    });
  }
  const tags = addTags(addTags(spec.tags, context.ownership.tagsFor(context.viewer.id)), xferTags(spec.tags));
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
