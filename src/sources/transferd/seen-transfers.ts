import { progressOf } from './read-transfer.ts';
import type { SeenTransfer, SeenTransfers, TransferdTransfer } from './types.ts';

/** Transfers that are remembered at most; those that were heard of longest ago are forgotten first. */
const MAX_KEPT = 10_000;

interface State {
  readonly seen: Map<string, SeenTransfer>;
  readonly owners: Map<string, string>;
  readonly rates: Map<string, number>;
  /** Numbers of questions and of what was told, in the order in which they began. */
  order: number;
  number: number;
}

const isOver = ({ status }: TransferdTransfer) =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELED';

const isEmpty = (tags: TransferdTransfer['tags']) => Object.keys(tags).length === 0;

/** Answers to questions lack what events tell, and a transfer that has just begun lacks nearly everything. */
function merge(known: TransferdTransfer | undefined, found: TransferdTransfer): TransferdTransfer {
  if (!known) return found;
  const merged = {
    ...found,
    title: found.title ?? known.title,
    direction: found.direction ?? known.direction,
    bytesExpected: found.bytesExpected ?? known.bytesExpected,
    filesExpected: found.filesExpected ?? known.filesExpected,
    filesSkipped: found.filesSkipped ?? known.filesSkipped,
    startedAt: found.startedAt ?? known.startedAt,
    tags: isEmpty(found.tags) ? known.tags : found.tags,
  };
  return { ...merged, progress: progressOf(merged) };
}

function forget({ seen, owners, rates }: State, transferId: string): void {
  for (const map of [seen, owners, rates]) map.delete(transferId);
}

function forgetOldest(state: State): void {
  for (const id of state.seen.keys()) {
    if (state.seen.size <= MAX_KEPT) return;
    forget(state, id);
  }
}

function keep(state: State, found: TransferdTransfer, order: number): SeenTransfer {
  const { transferId, targetRateKbps = 0 } = found;
  const known = state.seen.get(transferId);
  // An end is final, whatever arrives late.
  if (known && (known.order > order || (isOver(known.transfer) && !isOver(found)))) return known;
  if (targetRateKbps > 0) state.rates.set(transferId, targetRateKbps);
  if (!known) state.number += 1;
  const entry = { transfer: merge(known?.transfer, found), order, number: known?.number ?? state.number };
  state.seen.set(transferId, entry);
  forgetOldest(state);
  return entry;
}

function nextOrder(state: State): number {
  state.order += 1;
  return state.order;
}

export function createSeenTransfers(now: () => number): SeenTransfers {
  const state: State = { seen: new Map(), owners: new Map(), rates: new Map(), order: 0, number: 0 };
  return {
    since: new Date(now()),
    get: (transferId) => state.seen.get(transferId),
    all: () => [...state.seen.values()].reverse(),
    note: (transfer) => keep(state, transfer, nextOrder(state)),
    look: async (ask) => {
      const order = nextOrder(state);
      return keep(state, await ask(), order);
    },
    lose: (transferId) => {
      const known = state.seen.get(transferId);
      if (known && !isOver(known.transfer)) forget(state, transferId);
    },
    claim: (transferId, viewerId) => {
      state.owners.set(transferId, viewerId);
    },
    isClaimedBy: (transferId, viewerId) => state.owners.get(transferId) === viewerId,
    rateBeforeHold: (transferId) => state.rates.get(transferId),
  };
}
