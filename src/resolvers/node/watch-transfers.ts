import type { BoundNode, OperationContext } from '../../context/context.ts';
import { createLineHand, type Line, type LineHand, type MarkedEvent, toLine } from '../../progress/line.ts';
import { isTerminal } from '../../progress/transfer-state.ts';
import type { Topic, TopicEvent } from '../../progress/types.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type NodeTransferNode, toTransferNode } from './transfer.ts';
import { canSeeTransfer, judgeTransfer } from './visibility.ts';

/** A change of some transfer of a node. */
export interface TransfersEvent extends MarkedEvent {
  /** null on a gap: then the list has to be read again. */
  readonly transfer: NodeTransferNode | null;
  readonly cursor: string;
  readonly gap: boolean;
}

export interface WatchTransfersArguments {
  readonly node?: string | null | undefined;
  readonly activeOnly?: boolean | null | undefined;
  readonly after?: string | null | undefined;
}

/** For how long it stands whether the viewer can read a package, and that this could not be found out. */
const VERDICT_MS = { VISIBLE: 60_000, HIDDEN: 60_000, UNKNOWN: 10_000 } as const;

type Verdict = keyof typeof VERDICT_MS;

/** What had ended at some moment. */
interface Past {
  /** Whatever ended by then, in milliseconds of the node's clock. */
  readonly untilMs: number;
  /** Transfers that ended after that. */
  readonly ids: ReadonlySet<string>;
}

interface Watching {
  readonly node: BoundNode;
  readonly context: OperationContext;
  readonly activeOnly: boolean;
  /** What had ended when the subscriber came; undefined for one that returns, who is told what was missed. */
  readonly past: Past | undefined;
  /** Transfers that the subscriber has been told of and that go on. */
  readonly told: Set<string>;
  /** Transfers of packages: whether they are visible, and until when that stands. */
  readonly asked: Map<string, { readonly verdict: Verdict; readonly untilMs: number }>;
}

/** The clock of a node tells seconds, and its feed may be late. */
const SKEW_MS = 10_000;

/** Bearer tokens may be refused here: the vendor's documents disagree (aspera-node-api.md §1.2). */
async function clockOf({ client }: BoundNode): Promise<number> {
  try {
    return (await client.info()).currentTime?.getTime() ?? Date.now();
  } catch (error) {
    if (error instanceof SourceError && error.code === 'SOURCE_FORBIDDEN') return Date.now();
    throw error;
  }
}

async function readPast(node: BoundNode): Promise<Past> {
  const untilMs = (await clockOf(node)) - SKEW_MS;
  const { transfers } = await node.client.transferFeed({ afterTime: new Date(untilMs), view: 'summary' });
  const ids = transfers.flatMap((one) => (one instanceof SourceError || !isTerminal(one) ? [] : [one.transferId]));
  return { untilMs, ids: new Set(ids) };
}

/** Whether a change is news for the subscriber, whoever may see it. */
function isNews({ past, activeOnly, told }: Watching, { transferId, ...transfer }: NodeTransfer): boolean {
  if (!isTerminal(transfer) || told.has(transferId) || past === undefined) return true;
  const hadEnded = past.ids.has(transferId) || (transfer.endedAt?.getTime() ?? 0) <= past.untilMs;
  return !hadEnded && !activeOnly;
}

async function askFaspex({ node, context }: Watching, transfer: NodeTransfer): Promise<Verdict> {
  // Fresh loaders, so that what was true an hour ago is not taken for true now.
  context.beginEvent();
  try {
    return (await canSeeTransfer(context, context.node(node.source.name), transfer)) ? 'VISIBLE' : 'HIDDEN';
  } catch (error) {
    if (error instanceof SourceError) return 'UNKNOWN';
    throw error;
  }
}

/** A running transfer changes every second: Faspex is asked for its package once a minute. */
async function judge(watching: Watching, transfer: NodeTransfer): Promise<{ verdict: Verdict; isNew: boolean }> {
  const { node, context, asked } = watching;
  const judgement = judgeTransfer(context, node, transfer);
  if (judgement !== 'ASK') return { verdict: judgement, isNew: true };
  const { transferId } = transfer;
  const known = asked.get(transferId);
  const isNew = known === undefined || known.untilMs <= Date.now();
  const verdict = isNew ? await askFaspex(watching, transfer) : known.verdict;
  if (isTerminal(transfer)) asked.delete(transferId);
  else if (isNew) asked.set(transferId, { verdict, untilMs: Date.now() + VERDICT_MS[verdict] });
  return { verdict, isNew };
}

async function tell(watching: Watching, event: TopicEvent<NodeTransfer>): Promise<TransfersEvent | undefined> {
  const { cursor, position } = event;
  // A gap stands for whatever came before it, of any transfer.
  const mark = { thing: '', position, isLookedUp: false, isRepeat: false };
  const gap = { transfer: null, cursor, gap: true, mark };
  if (event.kind === 'gap') return gap;
  const { value } = event;
  if (!isNews(watching, value)) return undefined;
  const { verdict, isNew } = await judge(watching, value);
  // Whose it is could not be found out: they may be missing something. That is said once, and again for an end.
  if (verdict === 'UNKNOWN') return isNew || isTerminal(value) ? gap : undefined;
  if (verdict === 'HIDDEN') return undefined;
  if (isTerminal(value)) watching.told.delete(value.transferId);
  else watching.told.add(value.transferId);
  const transfer = toTransferNode(watching.node.source.name, value);
  return { transfer, cursor, gap: false, mark: { ...mark, thing: value.transferId } };
}

interface Following {
  readonly node: BoundNode;
  readonly context: OperationContext;
  readonly topic: Topic<NodeTransfer>;
  readonly hand: LineHand<TransfersEvent>;
}

async function* follow(
  { node, context, topic, hand }: Following,
  { activeOnly, after }: WatchTransfersArguments,
): AsyncGenerator<TransfersEvent> {
  // What comes while the past is read is told: the subscription begins here.
  const { cursor } = topic;
  const past = after == null ? await readPast(node) : undefined;
  const events = topic.watch({
    // What is certainly not the viewer's never waits for them.
    accepts: (transfer) => judgeTransfer(context, node, transfer) !== 'HIDDEN',
    after: after ?? cursor,
  });
  const leave = () => void events.return?.();
  context.signal.addEventListener('abort', leave, { once: true });
  if (context.signal.aborted) leave();
  const watching: Watching = {
    ...{ node, context, past, activeOnly: activeOnly ?? false },
    ...{ told: new Set(), asked: new Map() },
  };
  try {
    await events.ready;
    for (;;) {
      if (events.waiting === 0) hand.noteLevel();
      const { value: event, done } = await events.next();
      if (done) return;
      const told = await tell(watching, event);
      if (told) yield told;
    }
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}

/**
 * Everything that changes on a node and that the viewer may see, from now on or from `after`: one poll for all. Two more
 * upstream calls find out what is over already.
 */
export function watchTransfers(args: WatchTransfersArguments, context: OperationContext): Line<TransfersEvent> {
  const node = context.node(args.node);
  const topic = context.progress.transfersOf(node.source, node.identity);
  const hand = createLineHand<TransfersEvent>(() => topic.position, undefined);
  return toLine(follow({ node, context, topic, hand }, args), hand.controls);
}
