import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { RatePolicy, TransferChange } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { answering, ConflictError, InvalidInputError, NotFoundError } from '../errors.ts';
import { splitId } from '../global-id.ts';
import { counterpartOf } from './counterpart.ts';
import { type NodeTransferNode, toTransferNode, transferOfNode } from './transfer.ts';

type Optional<T> = T | null | undefined;

export interface ControlTransferInput {
  readonly id: { readonly typename: string; readonly id: string };
}

export interface ChangeTransferRateInput extends ControlTransferInput {
  readonly targetRateKbps?: Optional<number>;
  readonly minRateKbps?: Optional<number>;
  readonly ratePolicy?: Optional<RatePolicy>;
}

export interface ControlTransferResult {
  readonly transfer: NodeTransferNode;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

/** The transfer that is meant and its node. What the viewer may not see is not there, whoever may control it. */
async function findTransfer({ id }: ControlTransferInput, context: OperationContext) {
  const [sourceName, transferId] = splitId(id.id, 2) ?? [];
  if (id.typename !== 'NodeTransfer' || sourceName === undefined || transferId === undefined) {
    throw invalid('This id is not of a transfer of a node. Take `id` from a NodeTransfer.');
  }
  const known = context.sources.node.find(sourceName);
  const node = known && context.node(sourceName);
  const transfer = node && (await transferOfNode(node, transferId, context));
  if (node && transfer) return { node, transfer };
  const message = `There is no transfer ${transferId} on ${sourceName}, or it is not yours to see.`;
  throw new NotFoundError(message, { code: 'NOT_FOUND', ...(known ? { source: sourceName } : {}) });
}

/** The other record, for a sentence only: that it cannot be found does not change what is refused. */
async function otherRecord(transfer: NodeTransferNode, context: OperationContext): Promise<NodeTransferNode | null> {
  try {
    return await counterpartOf(transfer, context);
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

/** Only the node that started a transfer can change it, and only before its end (aspera-node-api.md §5.4). */
async function demandControllable(transfer: NodeTransferNode, context: OperationContext): Promise<void> {
  const { sourceName: source, transferId, status } = transfer;
  if (transfer.side === 'SERVER') {
    const other = await otherRecord(transfer, context);
    const where = other
      ? `its counterpart, transfer ${other.transferId} on ${other.sourceName}`
      : 'the node or client that started it, which is not among the configured nodes';
    const message = `${source} only serves transfer ${transferId} and cannot change it. Change it at ${where}.`;
    throw new InvalidInputError(message, { code: 'BAD_INPUT', source });
  }
  if (transfer.endedAt === undefined) return;
  throw new ConflictError(`The transfer has ended (${status}): nothing can be changed.`, { code: 'CONFLICT', source });
}

async function change(
  input: ControlTransferInput,
  wanted: TransferChange,
  context: OperationContext,
): Promise<ControlTransferResult> {
  const { node, transfer } = await findTransfer(input, context);
  await demandControllable(transfer, context);
  return { transfer: await send(node, transfer.transferId, wanted) };
}

async function send(node: BoundNode, transferId: string, wanted: TransferChange): Promise<NodeTransferNode> {
  const changed = await node.client.changeTransfer(transferId, wanted);
  node.loaders.transfer.clear(transferId).prime(transferId, changed);
  return toTransferNode(node.source.name, changed);
}

/** Ends a transfer for good. */
export const cancelTransfer = answering((input: ControlTransferInput, context: OperationContext) =>
  change(input, { status: 'CANCELED' }, context),
);

/** Stops a transfer so that it can be resumed. */
export const pauseTransfer = answering((input: ControlTransferInput, context: OperationContext) =>
  change(input, { status: 'PAUSED' }, context),
);

/** Goes on with a paused transfer. */
export const resumeTransfer = answering((input: ControlTransferInput, context: OperationContext) =>
  change(input, { status: 'RUNNING' }, context),
);

/** Changes how fast a transfer goes, at once. */
export const changeTransferRate = answering(async (input: ChangeTransferRateInput, context: OperationContext) => {
  const { targetRateKbps, minRateKbps, ratePolicy } = input;
  if (targetRateKbps == null && minRateKbps == null && ratePolicy == null) {
    throw invalid('Nothing is asked for: give `targetRateKbps`, `minRateKbps` or `ratePolicy`.');
  }
  if (targetRateKbps != null && targetRateKbps <= 0) throw invalid('`targetRateKbps` must be above 0.');
  if (minRateKbps != null && minRateKbps < 0) throw invalid('`minRateKbps` must not be below 0.');
  const wanted = {
    targetRateKbps: targetRateKbps ?? undefined,
    minRateKbps: minRateKbps ?? undefined,
    ratePolicy: ratePolicy ?? undefined,
  };
  return change(input, wanted, context);
});
