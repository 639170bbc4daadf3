import type { BoundNode, OperationContext } from '../../context/context.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { createPageCursors } from '../page-cursor.ts';
import { newestTransfers, type TransferPosition } from './newest-transfers.ts';
import type { NodeTransferNode } from './transfer.ts';
import { isWindow } from './transfer-history.ts';
import { isPlace } from './transfer-order.ts';

export interface ListTransfersArguments extends PageArguments {
  readonly activeOnly?: boolean | null | undefined;
  readonly direction?: 'SEND' | 'RECEIVE' | null | undefined;
}

const isPosition = (value: unknown): value is TransferPosition => {
  const { place, anchorMs, window } = (value ?? {}) as Partial<TransferPosition>;
  return typeof anchorMs === 'number' && isPlace(place) && isWindow(window);
};

/** A page of a node's transfers that the viewer may see, newest first. */
export async function listTransfers(
  node: BoundNode,
  args: ListTransfersArguments,
  context: OperationContext,
): Promise<Connection<NodeTransferNode>> {
  const activeOnly = args.activeOnly ?? false;
  const direction = args.direction ?? undefined;
  const { source, identity } = node;
  const binding = ['node.transfers', source.name, identity.key, context.viewer.id, activeOnly, direction ?? null];
  const cursors = createPageCursors(binding, isPosition);
  const after = args.after == null ? undefined : cursors.decode(args.after);
  const found = await newestTransfers(node, { count: pageSize(args), activeOnly, direction, after }, context);
  const { anchorMs, window, next } = found;
  const edges = found.rows.map(
    ({ item, place }): Edge<NodeTransferNode> => ({ node: item, cursor: cursors.encode({ place, anchorMs, window }) }),
  );
  return toConnection(edges, {
    hasNextPage: found.hasMore,
    endCursor: next && cursors.encode({ place: next, anchorMs, window }),
    shifted: found.shifted,
  });
}
