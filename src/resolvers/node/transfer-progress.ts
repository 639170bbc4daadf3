import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { LogPosition } from '../../progress/cursor.ts';
import { createLineHand, type Line, type LineHand, type MarkedEvent, toLine } from '../../progress/line.ts';
import { factsOf, isTerminal, stateOf, toLogged } from '../../progress/transfer-state.ts';
import type { Topic, TopicEvent, Watch } from '../../progress/types.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type NodeTransferNode, toTransferNode, transferOfNode } from './transfer.ts';
import { canSeeTransfer } from './visibility.ts';

/** One event of a transfer's life. */
export interface TransferEvent extends MarkedEvent {
  readonly transfer: NodeTransferNode;
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
  readonly node: BoundNode;
  readonly transferId: string;
  readonly context: OperationContext;
  readonly topic: Topic<NodeTransfer>;
  readonly hand: LineHand<TransferEvent>;
  /** Set when the first event is asked for. */
  events: Watch<NodeTransfer> | undefined;
  /** What events leave out, as it was last looked up; undefined when the node did not have the transfer then. */
  rest: Pick<NodeTransfer, 'spec' | 'tags' | 'transferKey'> | undefined;
  /** What was last told, in the shape of events. */
  told: NodeTransfer | undefined;
  progress: number | undefined;
  /** What was last told was looked up; a change that was on the way then may be older. */
  isLookedUp: boolean;
  /** Something may have happened that is still to be told of. */
  hasGap: boolean;
}

async function lookUp(watching: Watching, context: OperationContext): Promise<NodeTransferNode | undefined> {
  const { node, transferId } = watching;
  context.beginEvent();
  const transfer = await transferOfNode(context.node(node.source.name), transferId, context);
  watching.rest = transfer
    ? { spec: transfer.spec, tags: transfer.tags, transferKey: transfer.transferKey }
    : undefined;
  return transfer ?? undefined;
}

function notFound({ node, transferId }: Watching): SourceError {
  const message = `There is no transfer ${transferId} on ${node.source.name}, or it is not yours to see.`;
  return new SourceError('NOT_FOUND', message, { source: node.source.name });
}

/** Says how the transfer stands, as it was looked up. */
function show(watching: Watching, transfer: NodeTransferNode, { cursor, position }: Place, gap: boolean) {
  const logged = toLogged(transfer);
  const isRepeat = !gap && watching.told !== undefined && !isNews(watching, logged);
  watching.told = logged;
  watching.progress = transfer.progress;
  watching.isLookedUp = true;
  watching.hasGap = false;
  const mark = { thing: watching.transferId, position, isLookedUp: true, isRepeat };
  return { transfer, cursor, gap, mark } satisfies TransferEvent;
}

/** Whether a change says anything that the subscriber does not know. */
function isNews({ node, told, isLookedUp }: Watching, change: NodeTransfer): boolean {
  if (!told || isTerminal(change)) return true;
  const { name } = node.source;
  if (factsOf(change) === factsOf(told))
    return stateOf(toTransferNode(name, change)) !== stateOf(toTransferNode(name, told));
  const isSameRun = change.status === told.status && change.sessions.length === told.sessions.length;
  return !isLookedUp || !isSameRun || change.bytesTransferred >= told.bytesTransferred;
}

/**
 * Lists of transfers leave out the files, by which a look-up counts what was there already. Within one session
 * progress does not fall, so what was once shown still stands.
 */
function progressOf({ told, progress: before }: Watching, change: NodeTransfer): number | undefined {
  const { progress, retrying, sessions } = change;
  const isSameRun = told?.sessions.length === sessions.length && !retrying;
  return isSameRun && before !== undefined && progress !== undefined ? Math.max(before, progress) : progress;
}

/** A node that fails just then does not end the subscription: what the feed tells next is told as after a gap. */
async function showAfterGap(watching: Watching, place: Place): Promise<TransferEvent | undefined> {
  watching.hasGap = true;
  try {
    const present = await lookUp(watching, watching.context);
    if (present) return show(watching, present, place, true);
  } catch (error) {
    if (error instanceof SourceError && error.retryable) return undefined;
    throw error;
  }
  throw notFound(watching);
}

/** What a subscriber is told for an event of the topic; nothing for what is no news, or not theirs to see. */
async function tell(watching: Watching, event: TopicEvent<NodeTransfer>): Promise<TransferEvent | undefined> {
  if (event.kind === 'gap') return showAfterGap(watching, event);
  const { value, cursor, position } = event;
  const { node, context, rest, hasGap } = watching;
  if (!hasGap && !isNews(watching, value)) return undefined;
  // The node has forgotten it, but the log has not: its marks say whose it is.
  if (!rest && !(await canSeeTransfer(context, context.node(node.source.name), value))) return undefined;
  const progress = progressOf(watching, value);
  const gap = watching.hasGap;
  watching.told = value;
  watching.progress = progress;
  watching.isLookedUp = false;
  watching.hasGap = false;
  const mark = { thing: watching.transferId, position, isLookedUp: false, isRepeat: false };
  return { transfer: { ...toTransferNode(node.source.name, value), ...rest, progress }, cursor, gap, mark };
}

type Told = AsyncGenerator<TransferEvent, boolean>;

/** Whether all is told that was to be told, and nothing newer. */
const isLevel = ({ isLookedUp, hasGap }: Watching, events: Watch<NodeTransfer>) =>
  !isLookedUp && !hasGap && events.waiting === 0;

/** The events as they come; those that wait already, or all. Ends with the transfer. */
async function* follow(watching: Watching, events: Watch<NodeTransfer>, onlyWaiting: boolean): Told {
  while (!onlyWaiting || events.waiting > 0) {
    if (!onlyWaiting && isLevel(watching, events)) watching.hand.noteLevel();
    const next = await events.next();
    if (next.done) return true;
    const told = await tell(watching, next.value);
    if (told) yield told;
    if (told && isTerminal(told.transfer)) return true;
  }
  return false;
}

/**
 * With a cursor, first comes what the log holds after it. Then, if the transfer has ended and the log did not say so,
 * its end: nobody may have been watching, or the end is what the cursor stands for.
 */
async function* catchUp(watching: Watching, events: Watch<NodeTransfer>): Told {
  const [present] = await Promise.all([lookUp(watching, watching.context), events.ready]);
  if (yield* follow(watching, events, true)) return true;
  if (!present) throw notFound(watching);
  if (!isTerminal(present)) return false;
  yield show(watching, present, watching.topic, watching.hasGap);
  return true;
}

async function* startNow(watching: Watching, place: Place): Told {
  const present = await lookUp(watching, watching.context);
  if (!present) throw notFound(watching);
  yield show(watching, present, place, false);
  return isTerminal(present);
}

async function* tellLife(watching: Watching, after: string | null | undefined): AsyncGenerator<TransferEvent> {
  const { topic, transferId, context } = watching;
  // Watching begins before the present state is asked for, so that nothing falls between the two. Whoever returns with
  // the cursor of that state gets what came while it was asked for.
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
async function lookAgain(watching: Watching): Promise<TransferEvent | undefined> {
  const { told, topic, context } = watching;
  const { cursor, position } = topic;
  const beside = context.fork();
  try {
    const present = await lookUp(watching, beside.context);
    if (watching.told !== told) return undefined;
    if (!present) throw notFound(watching);
    const event = show(watching, present, { cursor, position }, watching.hasGap);
    // Its end is told once: nothing may come after it.
    if (isTerminal(present)) void watching.events?.return();
    return event;
  } finally {
    beside.end();
  }
}

/**
 * The life of one transfer: its present state, every change, and the end, which is told once. With `after` it goes on
 * from that event and misses nothing that the log still holds; where it holds too little, an event says `gap` and shows
 * the present state.
 */
export function transferProgress(
  node: BoundNode,
  transferId: string,
  after: string | null | undefined,
  context: OperationContext,
): Line<TransferEvent> {
  const topic = context.progress.transfersOf(node.source, node.identity);
  const hand = createLineHand(
    () => topic.position,
    () => lookAgain(watching),
  );
  const watching: Watching = {
    ...{ node, transferId, context, topic, hand, events: undefined, rest: undefined, told: undefined },
    ...{ progress: undefined, isLookedUp: false, hasGap: false },
  };
  return toLine(tellLife(watching, after), hand.controls);
}
