import type { BoundNode, OperationContext } from '../../context/context.ts';
import { factsOf, isTerminal, stateOf, toLogged } from '../../progress/transfer-state.ts';
import type { TopicEvent, Watch } from '../../progress/types.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type NodeTransferNode, toTransferNode, transferOfNode } from './transfer.ts';
import { canSeeTransfer } from './visibility.ts';

/** One event of a transfer's life. */
export interface TransferEvent {
  readonly transfer: NodeTransferNode;
  readonly cursor: string;
  readonly gap: boolean;
}

/** One subscription while it lasts. It holds little: there may be thousands. */
interface Watching {
  readonly node: BoundNode;
  readonly transferId: string;
  readonly context: OperationContext;
  readonly events: Watch<NodeTransfer>;
  /** What events leave out, as it was last looked up; undefined when the node did not have the transfer then. */
  rest: Pick<NodeTransfer, 'spec' | 'tags' | 'transferKey'> | undefined;
  /** What the subscriber was last told, in the shape of events. */
  told: NodeTransfer | undefined;
  progress: number | undefined;
  /** What they were last told was looked up; a change that was on the way then may be older. */
  isLookedUp: boolean;
  /** Something may have happened that they have still to be told of. */
  hasGap: boolean;
}

async function lookUp(watching: Watching): Promise<NodeTransferNode | undefined> {
  const { context, node, transferId } = watching;
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
function show(watching: Watching, transfer: NodeTransferNode, cursor: string, gap: boolean): TransferEvent {
  watching.told = toLogged(transfer);
  watching.progress = transfer.progress;
  watching.isLookedUp = true;
  watching.hasGap = false;
  return { transfer, cursor, gap };
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
async function showAfterGap(watching: Watching, cursor: string): Promise<TransferEvent | undefined> {
  watching.hasGap = true;
  try {
    const present = await lookUp(watching);
    if (present) return show(watching, present, cursor, true);
  } catch (error) {
    if (error instanceof SourceError && error.retryable) return undefined;
    throw error;
  }
  throw notFound(watching);
}

/** What a subscriber is told for an event of the topic; nothing for what is no news, or not theirs to see. */
async function tell(watching: Watching, event: TopicEvent<NodeTransfer>): Promise<TransferEvent | undefined> {
  const { cursor } = event;
  if (event.kind === 'gap') return showAfterGap(watching, cursor);
  const { value } = event;
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
  return { transfer: { ...toTransferNode(node.source.name, value), ...rest, progress }, cursor, gap };
}

/** The events as they come; those that wait already, or all. Ends with the transfer. */
async function* follow(watching: Watching, isMeant: () => boolean): AsyncGenerator<TransferEvent, boolean> {
  while (isMeant()) {
    const next = await watching.events.next();
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
async function* catchUp(watching: Watching, newestCursor: () => string): AsyncGenerator<TransferEvent, boolean> {
  const { events } = watching;
  const [present] = await Promise.all([lookUp(watching), events.ready]);
  if (yield* follow(watching, () => events.waiting > 0)) return true;
  if (!present) throw notFound(watching);
  if (!isTerminal(present)) return false;
  yield show(watching, present, newestCursor(), watching.hasGap);
  return true;
}

async function* startNow(watching: Watching, cursor: string): AsyncGenerator<TransferEvent, boolean> {
  const present = await lookUp(watching);
  if (!present) throw notFound(watching);
  yield show(watching, present, cursor, false);
  return isTerminal(present);
}

/**
 * The life of one transfer: its present state, every change, and the end, which is told once. With `after` it goes on
 * from that event and misses nothing that the log still holds; where it holds too little, an event says `gap` and shows
 * the present state.
 */
export async function* transferProgress(
  node: BoundNode,
  transferId: string,
  after: string | null | undefined,
  context: OperationContext,
): AsyncGenerator<TransferEvent> {
  const topic = context.progress.transfersOf(node.source, node.identity);
  // Watching begins before the present state is asked for, so that nothing falls between the two. Whoever returns with
  // the cursor of that state gets what came while it was asked for.
  const { cursor } = topic;
  const events = topic.watch({ only: transferId, ...(after == null ? {} : { after }) });
  const leave = () => void events.return();
  context.signal.addEventListener('abort', leave, { once: true });
  const watching: Watching = {
    ...{ node, transferId, context, events },
    ...{ rest: undefined, told: undefined, progress: undefined, isLookedUp: false, hasGap: false },
  };
  try {
    const isOver = yield* after == null ? startNow(watching, cursor) : catchUp(watching, () => topic.cursor);
    if (!isOver) yield* follow(watching, () => true);
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}
