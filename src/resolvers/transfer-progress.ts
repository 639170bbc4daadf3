import type { OperationContext } from '../context/context.ts';
import type { Line, MarkedEvent } from '../progress/line.ts';
import { SourceError } from '../transport/source-error.ts';
import { splitId } from './global-id.ts';
import { transferProgress } from './node/transfer-progress.ts';
import type { TransferNode } from './transfer.ts';
import { localTransferProgress } from './transferd/transfer-progress.ts';

/** One event of a transfer's life. */
export interface TransferEvent extends MarkedEvent {
  readonly transfer: TransferNode;
  readonly cursor: string;
  readonly gap: boolean;
}

/** The events of the transfer with this global id, whichever product runs it. */
export function watchTransfer(
  { typename, id }: { readonly typename: string; readonly id: string },
  after: string | null | undefined,
  context: OperationContext,
): Line<TransferEvent> {
  const [sourceName, transferId] = splitId(id, 2) ?? [];
  if (sourceName !== undefined && transferId !== undefined) {
    if (typename === 'NodeTransfer') return transferProgress(context.node(sourceName), transferId, after, context);
    if (typename === 'TransferdTransfer') {
      return localTransferProgress(context.transferd(sourceName), transferId, after, context);
    }
  }
  throw new SourceError('BAD_INPUT', 'This id is not of a transfer. Take `id` from a Transfer.', { source: 'gateway' });
}
