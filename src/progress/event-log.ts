import type { LogPosition } from './cursor.ts';

export interface LogEntry<T> {
  readonly sequence: number;
  readonly atMs: number;
  readonly value: T;
}

/** What a log can replay for a subscriber that comes back. */
export interface Replay<T> {
  /** Everything after the cursor, oldest first; nothing on a gap. */
  readonly entries: readonly LogEntry<T>[];
  /** What came after the cursor is not, or no longer, known in full. */
  readonly gap: boolean;
}

/** Where an entry stands that was logged elsewhere. */
export interface LogPlace {
  readonly sequence: number;
  readonly atMs: number;
}

/** What came before the entries of a log that goes on from another one. */
export interface LogStart {
  /** Sequence of the last entry that is no longer held. */
  readonly sequence: number;
  /** From when on everything has been logged that was found out, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/** The recent changes of one topic, bounded by age and count. */
export interface EventLog<T> {
  readonly epoch: string;
  /** Position of the newest change. */
  readonly position: LogPosition;
  /** Takes up a change; without a place it is the next one, and of now. */
  append(value: T, place?: LogPlace): LogEntry<T>;
  since(position: LogPosition): Replay<T>;
}

export interface EventLogLimits {
  readonly maxAgeMs: number;
  readonly maxEntries: number;
}

interface State<T> {
  entries: LogEntry<T>[];
  /** Entries before this index are forgotten; they are cut off now and then, not one by one. */
  first: number;
  sequence: number;
  /** Whatever was logged at or after this moment is held. */
  completeMs: number;
}

/** In the place of an epoch: `sequence` is a moment in milliseconds since 1970, before anything that is meant. */
export const SINCE = '~';

function trim<T>(state: State<T>, { maxAgeMs, maxEntries }: EventLogLimits, nowMs: number): void {
  const { entries } = state;
  const overflow = entries.length - maxEntries;
  const isForgotten = (index: number) => index < overflow || (entries[index]?.atMs ?? 0) < nowMs - maxAgeMs;
  while (state.first < entries.length && isForgotten(state.first)) {
    state.completeMs = Math.max(state.completeMs, (entries[state.first]?.atMs ?? 0) + 1);
    state.first += 1;
  }
  if (state.first * 2 < entries.length) return;
  state.entries = entries.slice(state.first);
  state.first = 0;
}

/** How many of the newest entries came after the position; undefined when that cannot be told. */
function missedSince<T>(state: State<T>, epoch: string, position: LogPosition): number | undefined {
  const held = state.entries.length - state.first;
  if (position.epoch === SINCE) {
    if (position.sequence < state.completeMs) return undefined;
    const index = state.entries.findIndex(({ atMs }, place) => place >= state.first && atMs >= position.sequence);
    return index < 0 ? 0 : state.entries.length - index;
  }
  const missed = state.sequence - position.sequence;
  return position.epoch === epoch && missed >= 0 && missed <= held ? missed : undefined;
}

/**
 * A log in memory. A gap is announced when the cursor is of another epoch (another process, or the feed began anew),
 * older than what is held, or of an event that has not been.
 */
export function createMemoryLog<T>(
  epoch: string,
  limits: EventLogLimits,
  now: () => number,
  start: LogStart = { sequence: 0, sinceMs: Number.POSITIVE_INFINITY },
): EventLog<T> {
  const { sequence, sinceMs } = start;
  const state: State<T> = { entries: [], first: 0, sequence, completeMs: sinceMs };
  return {
    epoch,
    get position() {
      return { epoch, sequence: state.sequence };
    },
    append: (value, place) => {
      state.sequence = place?.sequence ?? state.sequence + 1;
      const entry = { sequence: state.sequence, atMs: place?.atMs ?? now(), value };
      state.entries.push(entry);
      trim(state, limits, now());
      return entry;
    },
    since: (position) => {
      trim(state, limits, now());
      const missed = missedSince(state, epoch, position);
      if (missed === undefined) return { entries: [], gap: true };
      return { entries: state.entries.slice(state.entries.length - missed), gap: false };
    },
  };
}
