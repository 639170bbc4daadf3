import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../../context/context.ts';
import { sshSecretsIn } from '../../transfer-spec/ssh-secrets.ts';
import {
  addTags,
  isJsonObject,
  type JsonObject,
  readTransferSpec,
  type TransferSpec,
} from '../../transfer-spec/transfer-spec.ts';
import { transferdSpec } from '../../transfer-spec/transferd-request.ts';
import { refusalOf, validateTransferSpec } from '../../transfer-spec/validate.ts';
import { answering, InvalidInputError, NotFoundError } from '../errors.ts';
import { demandScope } from '../forbidden.ts';
import { type PathInput, readPaths } from './authorize.ts';
import { demandOtherNode } from './own-client.ts';
import { type NodeTransferNode, toTransferNode } from './transfer.ts';
import { type TypedSpecInput, typedSpec } from './typed-spec.ts';

/** A spec in the one form in which it is at hand. */
export interface TransferSpecInput {
  readonly json?: unknown;
  readonly typed?: TypedSpecInput | null | undefined;
  readonly specId?: string | null | undefined;
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

/** What runs the transfer: each spells some members of a spec its own way. */
type StartingAgent = 'NODE' | 'TRANSFERD';

/** What is transferred with which spec, as far as the starting side has a say in it. */
export interface ToStart {
  readonly spec: TransferSpec;
  readonly paths?: readonly PathInput[] | null | undefined;
  readonly destination?: string | null | undefined;
}

/** What the caller says of their own side, in place of what the spec says. */
const ownSide = ({ paths, destination }: Omit<ToStart, 'spec'>): JsonObject => ({
  ...(paths ? { paths: readPaths(paths) } : {}),
  ...(destination == null ? {} : { destination_root: destination }),
});

/** Servers also write `{}` for a path, where they leave it to the client to say what is transferred. */
const isNamed = (path: unknown) => isJsonObject(path) && typeof path.source === 'string';

/**
 * What the node is asked to run: the given spec with the caller's own side filled in and the caller's mark in the tags.
 */
export function specToStart({ spec: { json, tags }, ...own }: ToStart, context: OperationContext): JsonObject {
  const spec: JsonObject = { precalculate_job_size: true, ...json, ...ownSide(own) };
  if (!Array.isArray(spec.paths) || spec.paths.length === 0 || !spec.paths.every(isNamed)) {
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
function refuseWrong(raw: unknown, input: StartTransferInput, agent: StartingAgent): void {
  const spec = isJsonObject(raw) ? { ...raw, ...ownSide(input) } : raw;
  const own = agent === 'TRANSFERD' && isJsonObject(spec) ? transferdSpec(spec) : spec;
  const refusal = refusalOf(validateTransferSpec(own, agent));
  if (refusal === undefined) return;
  const who = agent === 'NODE' ? 'A node' : 'A transfer daemon';
  throw new InvalidInputError(`${who} cannot run this transfer spec. ${refusal}`, { code: 'BAD_INPUT' });
}

/** @throws NotFoundError when the viewer has no such spec (any more) */
function keptSpec(specId: string, { keptSpecs, viewer }: OperationContext): TransferSpec {
  const spec = keptSpecs.find(viewer.id, specId);
  if (spec) return spec;
  throw new NotFoundError(
    'You have no transfer spec with this `specId`: they are kept for an hour at most, by the gateway that gave them, for whom it gave them to. Obtain a new spec.',
    { code: 'NOT_FOUND' },
  );
}

/**
 * The spec that the caller means. What logs in to a system needs a scope of its own: with a password a node can be
 * turned against any server, and passwords be tried out.
 */
export function specAtHand(input: StartTransferInput, context: OperationContext, agent: StartingAgent): TransferSpec {
  const { typed, json, specId } = input.spec;
  if (specId != null) return keptSpec(specId, context);
  const raw = typed ? typedSpec(typed) : json;
  if (isJsonObject(raw) && sshSecretsIn(raw).length > 0) demandScope(context, 'transfer.ssh');
  refuseWrong(raw, input, agent);
  return readTransferSpec(raw);
}

/** Makes a node the client of a transfer. */
export const startTransfer = answering(
  async (input: StartTransferInput, context: OperationContext): Promise<StartTransferResult> => {
    const node = context.node(input.source);
    const { paths, destination } = input;
    const spec = specAtHand(input, context, 'NODE');
    demandOtherNode(node, spec, context);
    const transfer = await node.client.startTransfer(specToStart({ spec, paths, destination }, context));
    return { transfer: toTransferNode(node.source.name, transfer) };
  },
);
