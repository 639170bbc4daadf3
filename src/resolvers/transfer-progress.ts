import type { OperationContext } from '../context/context.ts';
import { SourceError } from '../transport/source-error.ts';
import { splitId } from './global-id.ts';
import { type TransferEvent, transferProgress } from './node/transfer-progress.ts';

/** The events of the transfer with this global id, whichever product runs it. */
export function watchTransfer(
  id: { readonly typename: string; readonly id: string },
  after: string | null | undefined,
  context: OperationContext,
): AsyncGenerator<TransferEvent> {
  const [sourceName, transferId] = splitId(id.id, 2) ?? [];
  if (id.typename !== 'NodeTransfer' || sourceName === undefined || transferId === undefined) {
    throw new SourceError('BAD_INPUT', 'This id is not of a transfer. Take `id` from a Transfer.', {
      source: 'gateway',
    });
  }
  return transferProgress(context.node(sourceName), transferId, after, context);
}
