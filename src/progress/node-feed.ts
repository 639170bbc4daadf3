import type { NodeClient, NodeSource } from '../sources/node/source.ts';
import type { NodeInfo, NodeTransfer, TransferFeed } from '../sources/node/types.ts';
import { SourceError } from '../transport/source-error.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import { decodePlace, encodePlace } from './feed-place.ts';
import { createHeardTransfers, type HeardTransfers } from './heard-transfers.ts';
import type { ResumablePoll } from './resumable-poll.ts';
import { createSilenceCheck, MINUTE_MS, type SilenceCheck } from './silence-check.ts';
import type { PollResult } from './topic.ts';
import { isTerminal, toLogged } from './transfer-state.ts';
import type { Watched } from './watchers.ts';

/** How far before the node's present the feed starts. What is older changes too, and then the feed tells it. */
const LOOK_BACK_MS = 5 * 60_000;

/** Pages read in one poll at most; the rest comes with the next poll. */
const MAX_PAGES = 20;

/** A page with fewer is taken for the last one: nodes give hundreds. If it is not, the rest comes with the next poll. */
const FULL_PAGE = 100;

/**
 * A token is not followed when the last good poll is longer ago: everything since would have to be read before
 * anything new, and subscribers that come back after this long are told of a gap anyway.
 */
const MAX_ABSENCE_MS = 15 * 60_000;

/** Times within one node may differ by this much: its clock counts seconds, its records microseconds. */
const SKEW_MS = 5_000;

interface State {
  readonly source: NodeSource;
  readonly identity: UpstreamIdentity;
  readonly now: () => number;
  readonly heard: HeardTransfers;
  readonly silence: SilenceCheck;
  token: string | undefined;
  nodeId: string | undefined;
  identifiedMs: number;
  /** What had changed by then, on the node's clock, was known or not asked for when the feed began. */
  historyMs: number;
  /** Up to when everything is known: the start of the last good poll, before that the start of the first one. */
  goodMs: number | undefined;
  /** The token is of no use: the node is another one now, or keeps silent about what it has shown. */
  isLost: boolean;
}

/** What a poll has read of the feed. */
interface Reading {
  readonly items: readonly (NodeTransfer | SourceError)[];
  readonly token: string;
  /** There is more to be read at once. */
  readonly isCut: boolean;
}

/** Tokens are opaque, but where both are numbers a smaller one means that the node began to count anew. */
function wentBack(before: string, after: string | undefined): boolean {
  const [old, next] = [Number(before), Number(after)];
  return Number.isFinite(old) && Number.isFinite(next) && next < old;
}

/** The node refuses a token that it does not know (any more). */
const isRefusedToken = (error: unknown) =>
  error instanceof SourceError && (error.code === 'BAD_INPUT' || error.code === 'NOT_FOUND');

const follow = (client: NodeClient, iterationToken: string) => client.transferFeed({ iterationToken, view: 'summary' });

/** What ended long before the feed began is history: a token that leads there is not the one to go on from. */
function hasHistory({ historyMs }: State, { transfers }: TransferFeed): boolean {
  const isHistory = (item: NodeTransfer | SourceError) =>
    !(item instanceof SourceError) &&
    isTerminal(item) &&
    (item.endedAt?.getTime() ?? historyMs) < historyMs - LOOK_BACK_MS;
  return transfers.some(isHistory);
}

/** Going on without a token would tell the same changes again and again. */
function noWayOn({ source: { name } }: State): SourceError {
  return new SourceError('SOURCE_BAD_ANSWER', `${name} did not say where its feed of transfers goes on.`, {
    source: name,
  });
}

/** The pages from `first` on. Where a token goes back or leads into history among them, the next poll begins with that. */
async function readPages(state: State, client: NodeClient, first: TransferFeed): Promise<Reading> {
  if (first.nextToken === undefined) throw noWayOn(state);
  const items = [...first.transfers];
  let token = first.nextToken;
  let page = first;
  for (let pages = 1; page.transfers.length >= FULL_PAGE; pages += 1) {
    if (pages === MAX_PAGES) return { items, token, isCut: true };
    page = await follow(client, token);
    const next = page.nextToken;
    if (next === undefined || next === token || wentBack(token, next) || hasHistory(state, page)) break;
    items.push(...page.transfers);
    token = next;
  }
  return { items, token, isCut: false };
}

/** Bearer tokens may be refused here: the vendor's documents disagree (aspera-node-api.md §1.2). */
async function readInfo(client: NodeClient): Promise<Partial<NodeInfo>> {
  try {
    return await client.info();
  } catch (error) {
    const isRefused = error instanceof SourceError && /_FORBIDDEN$|_UNAUTHENTICATED$/.test(error.code);
    if (isRefused) return {};
    throw error;
  }
}

async function begin(state: State, client: NodeClient): Promise<Reading> {
  const { currentTime, nodeId } = await readInfo(client);
  const presentMs = currentTime?.getTime() ?? state.now();
  const unknownMs = state.now() - (state.goodMs ?? state.now());
  state.historyMs = presentMs - Math.min(unknownMs, LOOK_BACK_MS) - SKEW_MS;
  const afterTime = new Date(presentMs - LOOK_BACK_MS);
  const reading = await readPages(state, client, await client.transferFeed({ afterTime, view: 'summary' }));
  state.nodeId = nodeId;
  state.identifiedMs = state.now();
  state.isLost = false;
  state.silence.begin();
  return reading;
}

/** `past`: the token leads into history. `lost`: what has changed since the token can no longer be told. */
async function goOn(state: State, client: NodeClient, token: string): Promise<Reading | 'past' | 'lost'> {
  if (state.isLost || state.now() - (state.goodMs ?? 0) > MAX_ABSENCE_MS) return 'lost';
  try {
    const first = await follow(client, token);
    if (wentBack(token, first.nextToken)) return 'lost';
    return hasHistory(state, first) ? 'past' : await readPages(state, client, first);
  } catch (error) {
    if (isRefusedToken(error)) return 'lost';
    throw error;
  }
}

/** Reads what has changed; `startsAnew` when something may have been missed. */
async function read(state: State, client: NodeClient): Promise<Reading & { readonly startsAnew: boolean }> {
  const { token } = state;
  const followed = token === undefined ? 'past' : await goOn(state, client, token);
  if (typeof followed === 'object') return { ...followed, startsAnew: false };
  const begun = await begin(state, client);
  if (followed === 'past' && begun.token === token) throw noWayOn(state);
  // Who begins again within the time that a beginning looks back misses nothing that the node still knows.
  const isCovered = followed === 'past' && state.now() - (state.goodMs ?? 0) < LOOK_BACK_MS;
  return { ...begun, startsAnew: token !== undefined && !isCovered };
}

/** The changes among what was read: each once, and nothing that ended before anybody asked, unless somebody waits for it. */
function newsOf(state: State, { items }: Reading, watched: Watched): NodeTransfer[] {
  const newest = new Map<string, NodeTransfer>();
  for (const item of items) if (!(item instanceof SourceError)) newest.set(item.transferId, item);
  const isOld = (transfer: NodeTransfer) =>
    isTerminal(transfer) && transfer.endedAt !== undefined && transfer.endedAt.getTime() < state.historyMs;
  return [...newest.values()]
    .filter((transfer) => state.heard.note(transfer, state.now()))
    .filter((transfer) => !isOld(transfer) || watched.has(transfer.transferId))
    .map(toLogged);
}

/** Another node behind the same address has other transfers and other tokens, which may look like ours. */
async function identify(state: State, client: NodeClient): Promise<void> {
  if (state.now() - state.identifiedMs < MINUTE_MS) return;
  state.identifiedMs = state.now();
  try {
    const { nodeId } = await client.info();
    if (nodeId !== undefined && state.nodeId !== undefined && nodeId !== state.nodeId) state.isLost = true;
    state.nodeId ??= nodeId;
  } catch {
    // Whatever is wrong with the node, the feed meets it, too; what has been read is not given up for this.
  }
}

/** Something that somebody watches goes on: it has changed, or has begun to be watched, within the last minute. */
function isBusy({ heard, silence, now }: State, watched: Watched): boolean {
  const sinceMs = now() - MINUTE_MS;
  if (heard.hasMoved(sinceMs, (id) => watched.everything || watched.has(id))) return true;
  for (const id of watched.ids()) if (silence.isNewSince(id, sinceMs) && !heard.get(id)?.isOver) return true;
  return false;
}

async function poll(state: State, signal: AbortSignal, watched: Watched): Promise<PollResult<NodeTransfer>> {
  const client = state.source.open({ identity: state.identity, signal });
  const startedMs = state.now();
  state.goodMs ??= startedMs;
  state.silence.note(watched);
  const reading = await read(state, client);
  // From here on nothing may fail: what has been read is not told again.
  state.token = reading.token;
  state.goodMs = startedMs;
  const changes = newsOf(state, reading, watched);
  if (state.silence.isDeaf) state.isLost = true;
  await identify(state, client);
  const found = await state.silence.run(client, watched.everything);
  const isUrgent = reading.isCut || state.isLost || state.silence.isSuspicious;
  return {
    changes: [...changes, ...found.changes],
    repeats: found.repeats,
    lost: found.lost,
    busy: isUrgent || isBusy(state, watched),
    startsAnew: reading.startsAnew,
  };
}

function placeOf({ token, ...rest }: State): string | undefined {
  const { nodeId, historyMs, goodMs = 0, isLost } = rest;
  return token === undefined ? undefined : encodePlace({ token, nodeId, historyMs, goodMs, isLost });
}

function goOnFrom(state: State, text: string | undefined): void {
  const place = text === undefined ? undefined : decodePlace(text);
  state.token = place?.token;
  if (!place) return;
  state.nodeId = place.nodeId;
  state.historyMs = place.historyMs;
  state.goodMs = Math.min(place.goodMs, state.now());
  state.isLost = place.isLost;
}

/**
 * Follows a node's change feed by its iteration token (aspera-node-api.md §5.2): each poll asks what has changed since
 * the last one, so it costs what has changed, however much history there is.
 */
export function createNodeFeed(
  source: NodeSource,
  identity: UpstreamIdentity,
  now: () => number = Date.now,
): ResumablePoll<NodeTransfer> {
  const heard = createHeardTransfers();
  const state: State = {
    ...{ source, identity, now, heard, silence: createSilenceCheck(source.name, heard, now) },
    ...{ token: undefined, nodeId: undefined, identifiedMs: 0, historyMs: 0, goodMs: undefined, isLost: false },
  };
  return {
    poll: (signal, watched) => poll(state, signal, watched),
    place: () => placeOf(state),
    goOnFrom: (place) => goOnFrom(state, place),
    heard: (transfer) => void heard.note(transfer, now()),
    unheard: (transfers) => {
      for (const { transferId } of transfers) heard.forget(transferId);
    },
  };
}
