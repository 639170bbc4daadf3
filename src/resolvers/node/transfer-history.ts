import type { BoundNode } from '../../context/context.ts';
import type { NodeTransfer, TransferFeedQuery } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { settledAtMs } from './transfer-order.ts';

/**
 * Reading a node's feed of transfers backwards. The feed only goes forward from the oldest change after a time
 * (aspera-node-api.md §5.2), so a short stretch of the past is read to its end, then a longer one before it, and a
 * shorter one where so much has happened that the end is not in sight.
 */
const WINDOWS_MS = [10_000, 60_000, 600_000, 3_600_000, 21_600_000, Number.POSITIVE_INFINITY] as const;

/** The window to begin with: ten minutes, or everything where few transfers are expected. */
export const firstWindow = { recent: 2, everything: WINDOWS_MS.length - 1 } as const;

export const isWindow = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < WINDOWS_MS.length;

/** Transfers asked for in one call. */
const PAGE = 500;

/** Changes may enter the feed this much later than the times that they carry. */
const SLACK_MS = 60_000;

/** A transfer, or an error in the place behind the transfer before it. */
export type HistoryItem =
  | { readonly transfer: NodeTransfer }
  | { readonly error: SourceError; readonly atMs: number; readonly id: string };

export interface HistoryRequest {
  readonly query: Pick<TransferFeedQuery, 'activeOnly' | 'direction' | 'tag'>;
  /** Index of the window to begin with. */
  readonly first: number;
  /** Only what was settled by then, in milliseconds; all when it is infinite. */
  readonly until: number;
  /** Upstream calls at most. */
  readonly calls: number;
  /** Whether these are enough, when what settled after `sinceMs` is all there. */
  readonly isEnough: (items: readonly HistoryItem[], sinceMs: number) => Promise<boolean>;
}

export interface History {
  readonly items: readonly HistoryItem[];
  /** Everything that settled after this moment is among the items; minus infinity when that is all there is. */
  readonly sinceMs: number;
  /** Index of the window that was read last: a good one to begin with for what comes before. */
  readonly window: number;
}

/** One stretch of the past, as far as it has been read. */
interface Window {
  readonly index: number;
  readonly afterMs: number;
  token: string | undefined;
  /** How many the page before had. */
  last: number;
}

interface Reading {
  readonly node: BoundNode;
  readonly request: HistoryRequest;
  readonly items: Map<string, HistoryItem>;
  readonly suspended: Window[];
  sinceMs: number;
  /** Length of a page that is not the last one, as far as known: servers may have a limit of their own. */
  fullPage: number;
}

function openWindow({ request }: Reading, index: number): Window {
  const base = Number.isFinite(request.until) ? request.until : Date.now();
  const afterMs = base - (WINDOWS_MS[index] ?? Number.POSITIVE_INFINITY);
  return { index, afterMs: Math.floor(afterMs / 1000) * 1000, token: undefined, last: 0 };
}

const keyOf = (item: HistoryItem) => ('transfer' in item ? item.transfer.transferId : item.id);

/** Takes up a page; gives the latest end on it. */
function take(reading: Reading, window: Window, page: readonly (NodeTransfer | SourceError)[]): number {
  let before = { atMs: Math.max(0, window.afterMs), id: '' };
  let latest = Number.NEGATIVE_INFINITY;
  for (const one of page) {
    const item =
      one instanceof SourceError ? { error: one, atMs: before.atMs, id: `${before.id}~` } : { transfer: one };
    reading.items.set(keyOf(item), item);
    const atMs = one instanceof SourceError ? undefined : settledAtMs(one);
    before = { atMs: atMs ?? before.atMs, id: keyOf(item) };
    latest = Math.max(latest, atMs ?? latest);
  }
  return latest;
}

type Outcome = 'done' | 'full' | 'short';

/**
 * Whether a further page shows nothing but the present: what runs changes all the time, and comes again and again at
 * the end of the feed, as does what was read a moment ago.
 */
const isPresent = ({ items }: Reading, page: readonly (NodeTransfer | SourceError)[]): boolean =>
  page.every((one) => !(one instanceof SourceError) && (one.status === 'RUNNING' || items.has(one.transferId)));

/** Reads the next page of a window. The end is an empty page, a token that repeats, the present, or what is known. */
async function readPage(reading: Reading, window: Window): Promise<Outcome> {
  const { token } = window;
  const { transfers, nextToken } = await reading.node.client.transferFeed({
    ...reading.request.query,
    view: 'summary',
    count: PAGE,
    ...(Number.isFinite(window.afterMs) ? { afterTime: new Date(window.afterMs) } : {}),
    ...(token === undefined ? {} : { iterationToken: token }),
  });
  const isFurther = token !== undefined;
  const isEnd = nextToken === undefined || nextToken === token || (isFurther && isPresent(reading, transfers));
  const latest = take(reading, window, transfers);
  if (isFurther && !isEnd) reading.fullPage = Math.min(reading.fullPage, window.last);
  window.last = transfers.length;
  window.token = nextToken;
  const until = Math.min(reading.request.until, reading.sinceMs);
  if (isEnd || transfers.length === 0 || latest > until + SLACK_MS) return 'done';
  return transfers.length >= reading.fullPage ? 'full' : 'short';
}

const isEnough = ({ request, items }: Reading, sinceMs: number) => request.isEnough([...items.values()], sinceMs);

/** The window to read from next; undefined when there is no need for one. */
async function nextWindow(reading: Reading, window: Window, outcome: Outcome): Promise<Window | undefined> {
  const isFirst = reading.sinceMs === Number.POSITIVE_INFINITY;
  if (outcome === 'full' && isFirst && window.index > 0) {
    reading.suspended.push(window);
    return openWindow(reading, window.index - 1);
  }
  if (outcome === 'full') return window;
  const isLast = window.afterMs === Number.NEGATIVE_INFINITY;
  const isDone = outcome === 'done';
  const enough = await isEnough(reading, window.afterMs);
  // A short page is most likely the end. Only what is given to the reader is worth the call that makes sure.
  if (!isDone && (enough || isLast)) return window;
  reading.sinceMs = Math.min(reading.sinceMs, window.afterMs);
  if (enough || isLast) return undefined;
  return reading.suspended.pop() ?? openWindow(reading, window.index + 1);
}

/** Reads back from `until`, or now, until it is enough, or there is no more, or the calls are used up. */
export async function readHistory(node: BoundNode, request: HistoryRequest): Promise<History> {
  const reading: Reading = {
    node,
    request,
    items: new Map(),
    suspended: [],
    sinceMs: Number.POSITIVE_INFINITY,
    fullPage: PAGE,
  };
  let window: Window | undefined = openWindow(reading, request.first);
  let { index } = window;
  for (let calls = 0; window && calls < request.calls; calls += 1) {
    index = window.index;
    const outcome = await readPage(reading, window);
    const next = await nextWindow(reading, window, outcome);
    // The last call is not there to make sure of what is most likely.
    if (outcome === 'short' && calls === request.calls - 1) reading.sinceMs = Math.min(reading.sinceMs, window.afterMs);
    window = next;
  }
  return { items: [...reading.items.values()], sinceMs: reading.sinceMs, window: index };
}
