import type { NodeClient } from '../sources/node/source.ts';
import type { NodeTransfer, TransferFeed } from '../sources/node/types.ts';
import { SourceError } from '../transport/source-error.ts';
import type { HeardTransfers } from './heard-transfers.ts';
import { factsOf, isTerminal, toLogged } from './transfer-state.ts';
import type { Watched } from './watchers.ts';

interface Lost {
  readonly id: string;
  readonly error: SourceError;
}

/** What a check found out. */
export interface SilenceFindings {
  /** What the feed had not told. */
  readonly changes: readonly NodeTransfer[];
  /** Transfers as the feed had told them, for those who watch them alone: they may have come a moment later. */
  readonly repeats: readonly NodeTransfer[];
  /** Watched transfers that the node no longer knows. */
  readonly lost: readonly Lost[];
}

/**
 * Asks for what the feed keeps silent about. A feed can fall silent without an error: the node forgets a transfer, or
 * counts its tokens anew so that ours points beyond the end, or has its activity log switched off. Nobody may wait for
 * ever for an end that nobody will tell, so once a minute, while somebody watches, the node is asked for what is active,
 * and for each watched transfer that even this leaves open it is asked singly, once for all who watch it. A transfer
 * that the feed tells of costs nothing here, and one that rests (paused, queued) one request a minute at most.
 */
export interface SilenceCheck {
  /** Takes note of who watches what, before the feed is read. */
  note(watched: Watched): void;
  /** Does what is due now, after the feed has been read. It never rejects: what the feed told must not be lost with it. */
  run(client: NodeClient, isEverythingWatched: boolean): Promise<SilenceFindings>;
  /** Whether the node has shown a change that the feed has still to tell. */
  readonly isSuspicious: boolean;
  /** Whether the feed, read since, still does not tell it: it has to begin anew. */
  readonly isDeaf: boolean;
  /** Whether somebody has begun to watch this transfer since then. */
  isNewSince(transferId: string, sinceMs: number): boolean;
  /** The feed has begun, or begun anew. */
  begin(): void;
}

export const MINUTE_MS = 60_000;

/** A look at a node and a page of its feed may be this far apart without any harm. */
const SETTLE_MS = 10_000;

/** Single look-ups in one poll; the others have their turn in the polls after it. */
const LOOK_UPS = 5;

/** Findings as they are gathered. */
type Findings = { readonly [Kind in keyof SilenceFindings]: SilenceFindings[Kind][number][] };

interface Seen {
  readonly facts: string;
  readonly atMs: number;
}

/** A transfer that is watched alone: since when, and when it was last asked for here. */
interface Alone {
  readonly sinceMs: number;
  askedMs: number;
}

interface State {
  readonly source: string;
  readonly heard: HeardTransfers;
  readonly now: () => number;
  /** When the feed began: what was heard before may have changed unheard. */
  beganMs: number;
  lookedMs: number;
  readonly alone: Map<string, Alone>;
  /** What the checks saw, of the transfers in the last one. */
  seen: Map<string, Seen>;
  /** Changes that the feed has not told, and when they were seen. */
  readonly suspects: Map<string, number>;
}

function lastKnown({ heard, seen, beganMs }: State, id: string): Seen | undefined {
  const told = heard.get(id);
  const shown = seen.get(id);
  if (!told || told.atMs < beganMs) return shown;
  return shown && shown.atMs > told.atMs ? shown : told;
}

/** Takes up a transfer that the node has shown, and says to whom it has to be told. */
function takeUp(state: State, transfer: NodeTransfer): 'changes' | 'repeats' | undefined {
  const { transferId } = transfer;
  const nowMs = state.now();
  const known = lastKnown(state, transferId);
  const facts = factsOf(transfer);
  state.seen.set(transferId, { facts, atMs: nowMs });
  const alone = state.alone.get(transferId);
  if (alone) alone.askedMs = nowMs;
  const isTold = nowMs - (state.heard.get(transferId)?.atMs ?? 0) < SETTLE_MS;
  const isKnown = isTold || known?.facts === facts;
  // Of a transfer that was never heard of, only an end is certainly news: it was not over when it was first watched.
  const isNews = !isKnown && (known !== undefined || (isTerminal(transfer) && alone !== undefined));
  if (isNews) state.suspects.set(transferId, nowMs);
  if (!alone) return undefined;
  return isKnown ? 'repeats' : 'changes';
}

const notFound = (source: string, id: string) =>
  new SourceError('NOT_FOUND', `${source} no longer knows the transfer ${id}, and how it ended was not told.`, {
    source,
  });

/** Whatever else goes wrong is left to the next minute: what has been found so far must not be lost with it. */
async function lookUp(state: State, client: NodeClient, id: string, findings: Findings): Promise<void> {
  try {
    const transfer = await client.transfer(id);
    const kind = takeUp(state, transfer);
    if (kind) findings[kind].push(toLogged(transfer));
    // The feed has told the end, and the node does not show it yet: it is asked again with the next poll.
    const alone = state.alone.get(id);
    if (alone && state.heard.get(id)?.isOver && !isTerminal(transfer)) alone.askedMs = 0;
  } catch (error) {
    const isGone = error instanceof SourceError && error.code === 'NOT_FOUND';
    if (isGone) findings.lost.push({ id, error: notFound(state.source, id) });
  }
}

/** The transfers that wait or run, in one page. An incomplete one only leaves more to be looked up singly. */
async function lookAtActive(state: State, client: NodeClient, findings: Findings): Promise<void> {
  const { transfers } = await client
    .transferFeed({ activeOnly: true, view: 'summary' })
    .catch((): Pick<TransferFeed, 'transfers'> => ({ transfers: [] }));
  const found = transfers.filter((item): item is NodeTransfer => !(item instanceof SourceError));
  const shown = new Set(found.map(({ transferId }) => transferId));
  state.seen = new Map([...state.seen].filter(([id]) => shown.has(id) || state.alone.has(id)));
  for (const transfer of found) {
    const kind = takeUp(state, transfer);
    if (kind) findings[kind].push(toLogged(transfer));
  }
}

function noteWatched({ alone, now }: State, watched: Watched): void {
  for (const id of alone.keys()) if (!watched.has(id)) alone.delete(id);
  for (const id of watched.ids()) if (!alone.has(id)) alone.set(id, { sinceMs: now(), askedMs: 0 });
}

/**
 * The watched transfers of which nothing has been heard for a minute, and those that somebody began to watch when the
 * feed had just told their end: what they were shown may be from the moment before.
 */
function silentOnes({ alone, heard, now }: State): string[] {
  const oldestMs = now() - MINUTE_MS;
  const isSilent = ([id, { sinceMs, askedMs }]: [string, Alone]) => {
    const told = heard.get(id);
    if (told?.isOver && told.atMs <= sinceMs && askedMs === 0) return true;
    return Math.max(sinceMs, askedMs, told?.atMs ?? 0) <= oldestMs;
  };
  return [...alone].filter(isSilent).map(([id]) => id);
}

async function run(state: State, client: NodeClient, isEverythingWatched: boolean): Promise<SilenceFindings> {
  const findings: Findings = { changes: [], repeats: [], lost: [] };
  const isDue = state.now() - state.lookedMs >= MINUTE_MS;
  if (isDue && (isEverythingWatched || silentOnes(state).length > 0)) {
    state.lookedMs = state.now();
    await lookAtActive(state, client, findings);
  }
  // One after the other: a node has one request of an identity's poll at a time.
  for (const id of silentOnes(state).slice(0, LOOK_UPS)) {
    const alone = state.alone.get(id);
    if (alone) alone.askedMs = state.now();
    await lookUp(state, client, id, findings);
  }
  return findings;
}

function isDeaf(state: State): boolean {
  for (const [id, atMs] of state.suspects) {
    if ((state.heard.get(id)?.atMs ?? 0) > atMs) state.suspects.delete(id);
    else if (state.now() - atMs >= SETTLE_MS) return true;
  }
  return false;
}

export function createSilenceCheck(source: string, heard: HeardTransfers, now: () => number): SilenceCheck {
  const times = { beganMs: now(), lookedMs: now() };
  const state: State = { source, heard, now, ...times, alone: new Map(), seen: new Map(), suspects: new Map() };
  return {
    note: (watched) => noteWatched(state, watched),
    run: (client, isEverythingWatched) => run(state, client, isEverythingWatched),
    get isSuspicious() {
      return state.suspects.size > 0;
    },
    get isDeaf() {
      return isDeaf(state);
    },
    isNewSince: (transferId, sinceMs) => (state.alone.get(transferId)?.sinceMs ?? 0) > sinceMs,
    begin: () => {
      state.beganMs = now();
      state.suspects.clear();
      state.seen.clear();
    },
  };
}
