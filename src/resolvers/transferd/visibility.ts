import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import type { TransferdTransfer } from '../../sources/transferd/types.ts';

/**
 * Whether the viewer may see a transfer of a daemon, which knows no users itself: what was started or authorized for
 * them through a gateway with the same key is marked so in its tags. The tags of a package's spec are never touched;
 * such a transfer is known by having been started here.
 */
export function canSeeLocalTransfer(
  context: OperationContext,
  { source }: BoundTransferd,
  { transferId, tags }: TransferdTransfer,
): boolean {
  const { viewer, ownership } = context;
  if (source.config.visibility === 'all' && viewer.scopes.has('transfer.all')) return true;
  return ownership.owns(viewer.id, tags) || source.seen.isClaimedBy(transferId, viewer.id);
}
