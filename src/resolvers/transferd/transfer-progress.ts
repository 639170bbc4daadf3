import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import { isTerminal } from '../../progress/transfer-state.ts';
import { transferdStateOf } from '../../progress/transferd-state.ts';
import type { TopicEvent, Watch } from '../../progress/types.ts';
import type { TransferdTransfer } from '../../sources/transferd/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { seenTransferOf, type TransferdTransferNode, toTransferdNode } from './transfer.ts';

/** One event of a transfer's life. */
export interface LocalTransferEvent {
  readonly transfer: TransferdTransferNode;
  readonly cursor: string;
  readonly gap: boolean;
}

/** One subscription while it lasts. */
interface Watching {
  readonly daemon: BoundTransferd;
  readonly transferId: string;
  readonly context: OperationContext;
  readonly events: Watch<TransferdTransfer>;
  /** What the subscriber was last told. */
  told: TransferdTransfer | undefined;
  /** Something may have happened that they have still to be told of. */
  hasGap: boolean;
}

async function lookUp({ daemon, transferId, context }: Watching): Promise<TransferdTransfer> {
  context.beginEvent();
  const { name } = daemon.source;
  const found = await seenTransferOf(context.transferd(name), transferId, context);
  if (found) return found.transfer;
  const message = `There is no transfer ${transferId} on ${name}, or it is not yours to see.`;
  throw new SourceError('NOT_FOUND', message, { source: name });
}

function show(watching: Watching, transfer: TransferdTransfer, cursor: string): LocalTransferEvent {
  const gap = watching.hasGap;
  watching.told = transfer;
  watching.hasGap = false;
  return { transfer: toTransferdNode(watching.daemon.source.name, transfer), cursor, gap };
}

/** Whether a change says anything that the subscriber does not know. Within a state, bytes do not become fewer. */
function isNews({ told, hasGap }: Watching, change: TransferdTransfer): boolean {
  if (!told || hasGap || isTerminal(change)) return true;
  if (change.status === told.status && change.bytesTransferred < told.bytesTransferred) return false;
  return transferdStateOf(change) !== transferdStateOf(told);
}

/** After a gap the newest that is known is told: the feed asked the daemon before it announced the gap. */
function tell(watching: Watching, event: TopicEvent<TransferdTransfer>): LocalTransferEvent | undefined {
  const { cursor } = event;
  if (event.kind === 'change') return isNews(watching, event.value) ? show(watching, event.value, cursor) : undefined;
  watching.hasGap = true;
  const known = watching.daemon.source.seen.get(watching.transferId);
  return known && watching.told ? show(watching, known.transfer, cursor) : undefined;
}

/** The events as they come; those that wait already, or all. Ends with the transfer. */
async function* follow(watching: Watching, isMeant: () => boolean): AsyncGenerator<LocalTransferEvent, boolean> {
  while (isMeant()) {
    const next = await watching.events.next();
    if (next.done) return true;
    const told = tell(watching, next.value);
    if (told) yield told;
    if (told && isTerminal(told.transfer)) return true;
  }
  return false;
}

/**
 * With a cursor, first comes what the log holds after it, then the present state where the log did not say it: after a
 * gap, or when the transfer ended while nobody watched.
 */
async function* catchUp(watching: Watching, newestCursor: () => string): AsyncGenerator<LocalTransferEvent, boolean> {
  const present = await lookUp(watching);
  const { events } = watching;
  if (yield* follow(watching, () => events.waiting > 0)) return true;
  if (!watching.hasGap && !isTerminal(present)) return false;
  yield show(watching, present, newestCursor());
  return isTerminal(present);
}

async function* startNow(watching: Watching, cursor: string): AsyncGenerator<LocalTransferEvent, boolean> {
  const present = await lookUp(watching);
  yield show(watching, present, cursor);
  return isTerminal(present);
}

/**
 * The life of one transfer of a daemon: its present state, every change as the daemon pushes it, and the end, which is
 * told once. With `after` it goes on from that event; where the log holds too little, or the stream of the daemon broke
 * meanwhile, an event says `gap` and shows the present state.
 */
export async function* localTransferProgress(
  daemon: BoundTransferd,
  transferId: string,
  after: string | null | undefined,
  context: OperationContext,
): AsyncGenerator<LocalTransferEvent> {
  const topic = context.progress.localTransfersOf(daemon.source, daemon.identity);
  // Watching begins before the present state is asked for, so that nothing falls between the two.
  const { cursor } = topic;
  const events = topic.watch({ only: transferId, ...(after == null ? {} : { after }) });
  const leave = () => void events.return();
  context.signal.addEventListener('abort', leave, { once: true });
  const watching: Watching = { daemon, transferId, context, events, told: undefined, hasGap: false };
  try {
    const isOver = yield* after == null ? startNow(watching, cursor) : catchUp(watching, () => topic.cursor);
    if (!isOver) yield* follow(watching, () => true);
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}
