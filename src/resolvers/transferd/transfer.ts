import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import type { SeenTransfer, TransferdTransfer } from '../../sources/transferd/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';
import { canSeeLocalTransfer } from './visibility.ts';

/** A transfer together with the daemon that runs it. */
export interface TransferdTransferNode extends TransferdTransfer {
  readonly __typename: 'TransferdTransfer';
  readonly sourceName: string;
}

export const toTransferdNode = (sourceName: string, transfer: TransferdTransfer): TransferdTransferNode => ({
  ...transfer,
  __typename: 'TransferdTransfer',
  sourceName,
});

/** As the daemon tells it; what it no longer keeps, as it ended, if that was seen here. */
async function findSeen(daemon: BoundTransferd, transferId: string): Promise<SeenTransfer | undefined> {
  const { seen } = daemon.source;
  try {
    return await daemon.loaders.transfer.load(transferId);
  } catch (error) {
    if (!(error instanceof SourceError && error.code === 'NOT_FOUND')) throw error;
    seen.lose(transferId);
    return seen.get(transferId);
  }
}

/** One transfer of a daemon, and when that was found out; undefined when it is not there or not the viewer's to see. */
export async function seenTransferOf(
  daemon: BoundTransferd,
  transferId: string,
  context: OperationContext,
): Promise<SeenTransfer | undefined> {
  const found = await findSeen(daemon, transferId);
  return found && canSeeLocalTransfer(context, daemon, found.transfer) ? found : undefined;
}

/** One transfer of a daemon; null when it is not there or not the viewer's to see. */
export async function transferOfDaemon(
  daemon: BoundTransferd,
  transferId: string,
  context: OperationContext,
): Promise<TransferdTransferNode | null> {
  const found = await seenTransferOf(daemon, transferId, context);
  return found ? toTransferdNode(daemon.source.name, found.transfer) : null;
}

/** The transfer behind a global id's local part, or null. */
export async function localTransferByNodeId(
  id: string,
  context: OperationContext,
): Promise<TransferdTransferNode | null> {
  const [sourceName, transferId] = splitId(id, 2) ?? [];
  if (sourceName === undefined || transferId === undefined) return null;
  if (!context.sources.transferd.find(sourceName)) return null;
  return transferOfDaemon(context.transferd(sourceName), transferId, context);
}
