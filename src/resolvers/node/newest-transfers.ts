import type { BoundNode, OperationContext } from '../../context/context.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../transport/source-error.ts';
import { toTransferNode } from './transfer.ts';
import { firstWindow, type History, type HistoryItem, type HistoryRequest, readHistory } from './transfer-history.ts';
import {
  comparePlaces,
  inOrder,
  latestTimeOf,
  placeOf,
  type TransferPlace,
  type TransferRow,
} from './transfer-order.ts';
import { PACKAGE_TAG, seesEverything } from './visibility.ts';
import { createTakeVisible, type TakeVisible, type VisibleRows } from './visible-transfers.ts';

/** Where a page of transfers ended, in the list as it was at `anchorMs`. */
export interface TransferPosition {
  readonly place: TransferPlace;
  readonly anchorMs: number;
  /** The stretch of the past that was read for it, as the next one to try. */
  readonly window: number;
}

export interface NewestTransfersQuery {
  /** How many at most. */
  readonly count: number;
  readonly activeOnly: boolean;
  readonly direction: 'SEND' | 'RECEIVE' | undefined;
  readonly after: TransferPosition | undefined;
}

export interface NewestTransfers {
  readonly rows: readonly TransferRow[];
  readonly anchorMs: number;
  readonly window: number;
  readonly hasMore: boolean;
  /** Where to go on; undefined when that is behind the last row. */
  readonly next: TransferPlace | undefined;
  /** Transfers that ended since the anchor may be missing. */
  readonly shifted: boolean;
}

/** A feed that a page is read from, with its share of the six upstream calls of a page. */
interface Strand extends Pick<HistoryRequest, 'query' | 'first' | 'calls'> {
  /** Whether other strands have what this one may lack. */
  readonly isExtra?: boolean;
}

/** The path to a single value inside tags, as the node's filter spells it (aspera-node-api.md §5.2). */
function tagFilter(tags: JsonObject): string {
  const [[name, value] = ['', '']] = Object.entries<JsonValue>(tags);
  return isJsonObject(value) ? `${name}.${tagFilter(value)}` : `${name}=${value}`;
}

/**
 * What has to be read for a viewer. Who sees everything reads the feed backwards in windows, and what waits or runs
 * however long ago it came. Who sees their own asks the node for what carries their mark, and for the transfers of packages.
 */
function strandsFor(context: OperationContext, node: BoundNode, query: NewestTransfersQuery): readonly Strand[] {
  const base = { direction: query.direction, ...(query.activeOnly ? { activeOnly: true } : {}) };
  const { everything, recent } = firstWindow;
  if (!seesEverything(context, node)) {
    const marks = [tagFilter(context.ownership.tagsFor(context.viewer.id))];
    if (context.viewer.scopes.has('faspex.read') && context.sources.faspex.all.length > 0) marks.push(PACKAGE_TAG);
    return marks.map((tag) => ({ query: { ...base, tag }, first: everything, calls: 6 / marks.length }));
  }
  if (query.activeOnly) return [{ query: base, first: everything, calls: 6 }];
  const isAmongGoing = query.after === undefined || query.after.place.isGoing;
  const going: Strand = { query: { ...base, activeOnly: true }, first: everything, calls: 1, isExtra: true };
  return [{ query: base, first: query.after?.window ?? recent, calls: 5 }, ...(isAmongGoing ? [going] : [])];
}

/** The transfers behind the position that are settled after `sinceMs` or go on, in order. */
function rowsOf(
  node: BoundNode,
  items: readonly HistoryItem[],
  after: TransferPosition | undefined,
  sinceMs: number,
): TransferRow[] {
  const anchorMs = after?.anchorMs ?? Number.POSITIVE_INFINITY;
  const rows = items.map((one): TransferRow => {
    if ('transfer' in one) {
      return { place: placeOf(one.transfer, anchorMs), item: toTransferNode(node.source.name, one.transfer) };
    }
    return { place: { isGoing: false, atMs: one.atMs, transferId: one.id }, item: one.error };
  });
  const isIn = ({ place }: TransferRow) =>
    (place.isGoing || (place.atMs ?? 0) > sinceMs) && (!after || comparePlaces(place, after.place) > 0);
  return inOrder(rows.filter(isIn));
}

function read(node: BoundNode, strand: Strand, query: NewestTransfersQuery, takeVisible: TakeVisible) {
  const { after, count } = query;
  // Among the going ones are those that ended since the anchor: the feed has to be known back to there.
  const reachMs = after?.place.isGoing ? after.anchorMs : Number.POSITIVE_INFINITY;
  const isEnough = async (items: readonly HistoryItem[], sinceMs: number) => {
    if (sinceMs > reachMs) return false;
    const { rows, isCut } = await takeVisible(rowsOf(node, items, after, sinceMs), count + 1);
    return isCut || rows.length > count;
  };
  const until = after && !after.place.isGoing ? (after.place.atMs ?? 0) : Number.POSITIVE_INFINITY;
  return readHistory(node, { ...strand, until, isEnough });
}

/** Everything that was read, each transfer once. */
function join(histories: readonly History[]): HistoryItem[] {
  const items = histories.flatMap((history) => history.items);
  return [...new Map(items.map((item) => ['transfer' in item ? item.transfer.transferId : item.id, item])).values()];
}

const transfersOf = (items: readonly HistoryItem[]) =>
  items.flatMap((item) => ('transfer' in item ? [item.transfer] : []));

function tooMany(node: BoundNode): SourceError {
  const message = `${node.source.name} has more transfers than one page can look through. Narrow the list with \`activeOnly\` or \`direction\`.`;
  return new SourceError('REQUEST_LIMIT', message, { source: node.source.name });
}

/** Where a page that is not full goes on: behind what was looked at, or where the calls were used up. */
function nextPlace({ isCut, lookedTo }: VisibleRows, sinceMs: number): TransferPlace | undefined {
  if (isCut) return lookedTo;
  return Number.isFinite(sinceMs) ? { isGoing: false, atMs: sinceMs, transferId: '' } : undefined;
}

/** The newest transfers of a node that the viewer may see. At most six upstream calls. */
export async function newestTransfers(
  node: BoundNode,
  query: NewestTransfersQuery,
  context: OperationContext,
): Promise<NewestTransfers> {
  const { after, count } = query;
  const takeVisible = createTakeVisible(context, node);
  const strands = strandsFor(context, node, query);
  const histories = await Promise.all(strands.map((strand) => read(node, strand, query, takeVisible)));
  const items = join(histories);
  const known = histories.filter((_, index) => !strands[index]?.isExtra).map(({ sinceMs }) => sinceMs);
  const sinceMs = Math.max(...known);
  const found = await takeVisible(rowsOf(node, items, after, sinceMs), count + 1);
  const isFull = found.rows.length > count;
  const isCutShort = !isFull && !found.isCut && sinceMs > Number.NEGATIVE_INFINITY;
  if (isCutShort && found.rows.length === 0 && sinceMs === Number.POSITIVE_INFINITY) throw tooMany(node);
  return {
    rows: found.rows.slice(0, count),
    // Later than all that had ended by now, read or not, and earlier than all that ends or starts from now on.
    anchorMs: after?.anchorMs ?? Math.max(latestTimeOf(transfersOf(items)), Number.isFinite(sinceMs) ? sinceMs : 0),
    window: histories[0]?.window ?? firstWindow.recent,
    hasMore: isFull || found.isCut || isCutShort,
    next: isFull ? undefined : nextPlace(found, sinceMs),
    shifted: after?.place.isGoing === true && sinceMs > after.anchorMs,
  };
}
