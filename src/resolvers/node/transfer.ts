import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';
import { canSeeTransfer } from './visibility.ts';

/** A transfer together with the node whose record it is. */
export interface NodeTransferNode extends NodeTransfer {
  readonly __typename: 'NodeTransfer';
  readonly sourceName: string;
}

export const toTransferNode = (sourceName: string, transfer: NodeTransfer): NodeTransferNode => ({
  ...transfer,
  __typename: 'NodeTransfer',
  sourceName,
});

/** One transfer of a node; null when it is not there or not the viewer's to see. */
export async function transferOfNode(
  node: BoundNode,
  transferId: string,
  context: OperationContext,
): Promise<NodeTransferNode | null> {
  try {
    const transfer = await node.loaders.transfer.load(transferId);
    return (await canSeeTransfer(context, node, transfer)) ? toTransferNode(node.source.name, transfer) : null;
  } catch (error) {
    if (error instanceof SourceError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** The transfer behind a global id's local part, or null. */
export async function transferByNodeId(id: string, context: OperationContext): Promise<NodeTransferNode | null> {
  const [sourceName, transferId] = splitId(id, 2) ?? [];
  if (sourceName === undefined || transferId === undefined) return null;
  if (!context.sources.node.find(sourceName)) return null;
  return transferOfNode(context.node(sourceName), transferId, context);
}
