import type { NodeTransfer } from '../../sources/node/types.ts';
import type { SourceError } from '../../transport/source-error.ts';
import type { NodeTransferNode } from './transfer.ts';

/**
 * The order of transfers: those that go on, latest start first, then the others, latest end first. Nodes tell changes
 * oldest first; an ended transfer changes no more, so its end is where it stays in a node's feed.
 */
export interface TransferPlace {
  readonly isGoing: boolean;
  /** When it started, or ended; null comes first: not started yet. */
  readonly atMs: number | null;
  readonly transferId: string;
}

/** A transfer in its place; one that cannot be read is an error there. */
export interface TransferRow {
  readonly place: TransferPlace;
  readonly item: NodeTransferNode | SourceError;
}

export const isPlace = (value: unknown): value is TransferPlace => {
  const { isGoing, atMs, transferId } = (value ?? {}) as Partial<TransferPlace>;
  const hasTime = typeof atMs === 'number' || (isGoing === true && atMs === null);
  return typeof isGoing === 'boolean' && hasTime && typeof transferId === 'string';
};

/** When it stopped to change; undefined while it waits or runs. A paused one rests since its last session ended. */
export function settledAtMs({ status, endedAt, sessions, startedAt }: NodeTransfer): number | undefined {
  if (status === 'WAITING' || status === 'RUNNING') return undefined;
  if (endedAt) return endedAt.getTime();
  const ends = sessions.flatMap((session) => session.endedAt?.getTime() ?? []);
  return Math.max(startedAt?.getTime() ?? 0, ...ends);
}

/**
 * The place of a transfer in the list as it was at `anchorMs`: what went on then stays among the going ones, and what
 * has come since is before them, so that nothing moves under a reader.
 */
export function placeOf(transfer: NodeTransfer, anchorMs: number): TransferPlace {
  const { transferId, startedAt } = transfer;
  const settledMs = settledAtMs(transfer);
  if (settledMs !== undefined && settledMs <= anchorMs) return { isGoing: false, atMs: settledMs, transferId };
  const startedMs = startedAt?.getTime();
  return { isGoing: true, atMs: startedMs === undefined || startedMs > anchorMs ? null : startedMs, transferId };
}

/** Newer than everything that comes later: the latest start or end of these. */
export const latestTimeOf = (transfers: readonly NodeTransfer[]): number =>
  Math.max(0, ...transfers.flatMap((one) => [one.startedAt?.getTime() ?? 0, settledAtMs(one) ?? 0]));

const timeRank = ({ atMs }: TransferPlace) => atMs ?? Number.POSITIVE_INFINITY;

/** Below 0 when the left one comes first. */
export function comparePlaces(left: TransferPlace, right: TransferPlace): number {
  if (left.isGoing !== right.isGoing) return left.isGoing ? -1 : 1;
  const [first, second] = [timeRank(left), timeRank(right)];
  if (first !== second) return first > second ? -1 : 1;
  if (left.transferId === right.transferId) return 0;
  return left.transferId < right.transferId ? -1 : 1;
}

export const inOrder = (rows: readonly TransferRow[]): TransferRow[] =>
  [...rows].sort((left, right) => comparePlaces(left.place, right.place));
