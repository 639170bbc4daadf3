import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';

/**
 * Whether the viewer may see a transfer. Where the node itself knows the viewer (actAs: viewer) it has decided; with a
 * shared credential the viewer sees what was started or authorized for them through a gateway with the same key.
 */
export async function canSeeTransfer(
  context: OperationContext,
  node: BoundNode,
  transfer: NodeTransfer,
): Promise<boolean> {
  const { actAs, visibility } = node.source.config;
  if (actAs === 'viewer') return true;
  if (visibility === 'all' && context.viewer.scopes.has('transfer.all')) return true;
  return context.ownership.owns(context.viewer.id, transfer.tags);
}
