import type { OperationContext } from '../../context/context.ts';
import { answering } from '../errors.ts';
import { type StartTransferInput, specAtHand, specToStart } from '../node/start-transfer.ts';
import { type TransferdTransferNode, toTransferdNode } from './transfer.ts';

export interface LocalTransferResult {
  readonly transfer: TransferdTransferNode;
}

/** Has a daemon run a transfer with the files of its machine. */
export const startLocalTransfer = answering(
  async (input: StartTransferInput, context: OperationContext): Promise<LocalTransferResult> => {
    const { source, client } = context.transferd(input.source);
    const { paths, destination } = input;
    const spec = specAtHand(input, context, 'TRANSFERD');
    const { transfer } = await client.startTransfer(specToStart({ spec, paths, destination }, context));
    source.seen.claim(transfer.transferId, context.viewer.id);
    return { transfer: toTransferdNode(source.name, transfer) };
  },
);
