import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import type { LogPosition } from '../../progress/cursor.ts';
import { createLineHand, type Line, type LineHand, type MarkedEvent, toLine } from '../../progress/line.ts';
import { isTerminal } from '../../progress/transfer-state.ts';
import { transferdStateOf } from '../../progress/transferd-state.ts';
import type { Topic, TopicEvent, Watch } from '../../progress/types.ts';
import type { TransferdTransfer } from '../../sources/transferd/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { seenTransferOf, type TransferdTransferNode, toTransferdNode } from './transfer.ts';

/** One event of a transfer's life. */
export interface LocalTransferEvent extends MarkedEvent {
  readonly transfer: TransferdTransferNode;
  readonly cursor: string;
  readonly gap: boolean;
}

/** Where an event is told to be. */
interface Place {
  readonly cursor: string;
  readonly position: LogPosition;
}

/** One line of events while it lasts. */
interface Watching {
  readonly daemon: BoundTransferd;
  readonly transferId: string;
  readonly context: OperationContext;
  readonly topic: Topic<TransferdTransfer>;
  readonly hand: LineHand<LocalTransferEvent>;
  /** Set when the first event is asked for. */
  events: Watch<TransferdTransfer> | undefined;
  /** What was last told. */
  told: TransferdTransfer | undefined;
  /** What was last told was looked up; what the log tells next may be older. */
  isLookedUp: boolean;
  /** Something may have happened that is still to be told of. */
  hasGap: boolean;
}

async function lookUp({ daemon, transferId }: Watching, context: OperationContext): Promise<TransferdTransfer> {
  context.beginEvent();
  const { name } = daemon.source;
  const found = await seenTransferOf(context.transferd(name), transferId, context);
  if (found) return found.transfer;
  const message = `There is no transfer ${transferId} on ${name}, or it is not yours to see.`;
  throw new SourceError('NOT_FOUND', message, { source: name });
}

function show(
  watching: Watching,
  transfer: TransferdTransfer,
  { cursor, position }: Place,
  isLookedUp: boolean,
): LocalTransferEvent {
  const { hasGap: gap, told, transferId } = watching;
  const isRepeat = told !== undefined && !isNews(watching, transfer);
  watching.told = transfer;
  watching.isLookedUp = isLookedUp;
  watching.hasGap = false;
  const mark = { thing: transferId, position, isLookedUp, isRepeat };
  return { transfer: toTransferdNode(watching.daemon.source.name, transfer), cursor, gap, mark };
}

/** Whether a change says anything that the subscriber does not know. Within a state, bytes do not become fewer. */
function isNews({ told, hasGap }: Watching, change: TransferdTransfer): boolean {
  if (!told || hasGap || isTerminal(change)) return true;
  if (change.status === told.status && change.bytesTransferred < told.bytesTransferred) return false;
  return transferdStateOf(change) !== transferdStateOf(told);
}

/** After a gap the newest that is known is told: the feed asked the daemon before it announced the gap. */
function tell(watching: Watching, event: TopicEvent<TransferdTransfer>): LocalTransferEvent | undefined {
  if (event.kind === 'change') {
    return isNews(watching, event.value) ? show(watching, event.value, event, false) : undefined;
  }
  watching.hasGap = true;
  const known = watching.daemon.source.seen.get(watching.transferId);
  return known && watching.told ? show(watching, known.transfer, event, true) : undefined;
}

type Told = AsyncGenerator<LocalTransferEvent, boolean>;

/** Whether all is told that was to be told, and nothing newer. */
const isLevel = ({ isLookedUp, hasGap }: Watching, events: Watch<TransferdTransfer>) =>
  !isLookedUp && !hasGap && events.waiting === 0;

/** The events as they come; those that wait already, or all. Ends with the transfer. */
async function* follow(watching: Watching, events: Watch<TransferdTransfer>, onlyWaiting: boolean): Told {
  while (!onlyWaiting || events.waiting > 0) {
    if (!onlyWaiting && isLevel(watching, events)) watching.hand.noteLevel();
    const next = await events.next();
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
async function* catchUp(watching: Watching, events: Watch<TransferdTransfer>): Told {
  const [present] = await Promise.all([lookUp(watching, watching.context), events.ready]);
  if (yield* follow(watching, events, true)) return true;
  if (!watching.hasGap && !isTerminal(present)) return false;
  yield show(watching, present, watching.topic, true);
  return isTerminal(present);
}

async function* startNow(watching: Watching, place: Place): Told {
  const present = await lookUp(watching, watching.context);
  yield show(watching, present, place, true);
  return isTerminal(present);
}

async function* tellLife(watching: Watching, after: string | null | undefined): AsyncGenerator<LocalTransferEvent> {
  const { topic, transferId, context } = watching;
  // Watching begins before the present state is asked for, so that nothing falls between the two.
  const { cursor, position } = topic;
  const events = topic.watch({ only: transferId, ...(after == null ? {} : { after }) });
  watching.events = events;
  const leave = () => void events.return();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    const isOver = yield* after == null ? startNow(watching, { cursor, position }) : catchUp(watching, events);
    if (!isOver) yield* follow(watching, events, false);
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}

/** The present state for who has just come; nothing when an event has shown it while it was asked for. */
async function lookAgain(watching: Watching): Promise<LocalTransferEvent | undefined> {
  const { told, topic, context } = watching;
  const { cursor, position } = topic;
  const beside = context.fork();
  try {
    const present = await lookUp(watching, beside.context);
    if (watching.told !== told) return undefined;
    const event = show(watching, present, { cursor, position }, true);
    // Its end is told once: nothing may come after it.
    if (isTerminal(present)) void watching.events?.return();
    return event;
  } finally {
    beside.end();
  }
}

/**
 * The life of one transfer of a daemon: its present state, every change as the daemon pushes it, and the end, which is
 * told once. With `after` it goes on from that event; where the log holds too little, or the stream of the daemon broke
 * meanwhile, an event says `gap` and shows the present state.
 */
export function localTransferProgress(
  daemon: BoundTransferd,
  transferId: string,
  after: string | null | undefined,
  context: OperationContext,
): Line<LocalTransferEvent> {
  const topic = context.progress.localTransfersOf(daemon.source, daemon.identity);
  const hand = createLineHand(
    () => topic.position,
    () => lookAgain(watching),
  );
  const watching: Watching = {
    ...{ daemon, transferId, context, topic, hand },
    ...{ events: undefined, told: undefined, isLookedUp: false, hasGap: false },
  };
  return toLine(tellLife(watching, after), hand.controls);
}
