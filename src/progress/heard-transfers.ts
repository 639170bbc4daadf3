import type { NodeTransfer } from '../sources/node/types.ts';
import { factsOf, isTerminal, stateOf } from './transfer-state.ts';

/** The last that the feed told of a transfer. */
export interface Heard {
  readonly state: string;
  readonly facts: string;
  readonly atMs: number;
  readonly isOver: boolean;
}

/** What the feed told of late. */
export interface HeardTransfers {
  /** Takes note of what the feed tells; false when it has told just this before. */
  note(transfer: NodeTransfer, nowMs: number): boolean;
  get(transferId: string): Heard | undefined;
  /** The feed has told nothing of it, as far as anybody knows. */
  forget(transferId: string): void;
  /** Whether one of those has changed since then and goes on. */
  hasMoved(sinceMs: number, isMeant: (transferId: string) => boolean): boolean;
}

/** Longer than any page can be told again: bootstraps look five minutes back. */
const KEPT_MS = 10 * 60_000;
const MAX_KEPT = 20_000;

export function createHeardTransfers(): HeardTransfers {
  // In the order in which they were last heard of.
  const heard = new Map<string, Heard>();
  const forget = (nowMs: number) => {
    for (const [id, { atMs }] of heard) {
      if (heard.size <= MAX_KEPT && atMs > nowMs - KEPT_MS) return;
      heard.delete(id);
    }
  };
  return {
    note: (transfer, nowMs) => {
      const { transferId } = transfer;
      const state = stateOf(transfer);
      const isNews = heard.get(transferId)?.state !== state;
      heard.delete(transferId);
      heard.set(transferId, { state, facts: factsOf(transfer), atMs: nowMs, isOver: isTerminal(transfer) });
      forget(nowMs);
      return isNews;
    },
    get: (transferId) => heard.get(transferId),
    forget: (transferId) => void heard.delete(transferId),
    hasMoved: (sinceMs, isMeant) => {
      for (const [id, { atMs, isOver }] of heard) if (atMs > sinceMs && !isOver && isMeant(id)) return true;
      return false;
    },
  };
}
