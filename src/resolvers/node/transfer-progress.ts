import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { TopicEvent } from '../../progress/types.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type NodeTransferNode, toTransferNode, transferOfNode } from './transfer.ts';

/** One event of a transfer's life. */
export interface TransferEvent {
  readonly transfer: NodeTransferNode;
  readonly cursor: string;
  readonly gap: boolean;
}

const isTerminal = ({ status }: NodeTransfer) => status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELED';

/** A change that was on the way when the present state was asked for, and that it has overtaken. */
const isOvertaken = (change: NodeTransfer, present: NodeTransfer) =>
  !isTerminal(change) && change.status === present.status && change.bytesTransferred < present.bytesTransferred;

async function presentState(node: BoundNode, transferId: string, context: OperationContext): Promise<NodeTransferNode> {
  context.beginEvent();
  const transfer = await transferOfNode(context.node(node.source.name), transferId, context);
  if (transfer) return transfer;
  const message = `There is no transfer ${transferId} on ${node.source.name}, or it is not yours to see.`;
  throw new SourceError('NOT_FOUND', message, { source: node.source.name });
}

/** What a subscriber is told for an event of the topic; nothing for a change that is older than what it has. */
async function tell(
  event: TopicEvent<NodeTransfer>,
  present: NodeTransferNode,
  node: BoundNode,
  context: OperationContext,
): Promise<TransferEvent | undefined> {
  const { cursor } = event;
  if (event.kind === 'gap') {
    return { transfer: await presentState(node, present.transferId, context), cursor, gap: true };
  }
  if (isOvertaken(event.value, present)) return undefined;
  return { transfer: toTransferNode(node.source.name, event.value), cursor, gap: false };
}

/**
 * The life of one transfer: its present state, every change, and the end. With `after` it goes on from that event and
 * misses nothing that the log still holds; where it holds too little, an event says `gap` and shows the present state.
 */
export async function* transferProgress(
  node: BoundNode,
  transferId: string,
  after: string | null | undefined,
  context: OperationContext,
): AsyncGenerator<TransferEvent> {
  const topic = context.progress.transfersOf(node.source, node.identity);
  // Watching begins before the present state is asked for, so that nothing falls between the two.
  const events = topic.watch({
    accepts: (transfer) => transfer.transferId === transferId,
    ...(after == null ? {} : { after }),
  });
  const leave = () => void events.return?.();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    let present = await presentState(node, transferId, context);
    if (after == null || isTerminal(present)) yield { transfer: present, cursor: topic.cursor, gap: false };
    if (isTerminal(present)) return;
    for await (const event of events) {
      const told = await tell(event, present, node, context);
      if (!told) continue;
      present = told.transfer;
      yield told;
      if (isTerminal(present)) return;
    }
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}
