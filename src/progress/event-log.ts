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

/** The recent changes of one topic, bounded by age and count. */
export interface EventLog<T> {
  readonly epoch: string;
  /** Position of the newest change. */
  readonly position: LogPosition;
  append(value: T): LogEntry<T>;
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
}

function trim<T>(state: State<T>, { maxAgeMs, maxEntries }: EventLogLimits, nowMs: number): void {
  const { entries } = state;
  const overflow = entries.length - maxEntries;
  const isForgotten = (index: number) => index < overflow || (entries[index]?.atMs ?? 0) < nowMs - maxAgeMs;
  while (state.first < entries.length && isForgotten(state.first)) state.first += 1;
  if (state.first * 2 < entries.length) return;
  state.entries = entries.slice(state.first);
  state.first = 0;
}

/**
 * A log in memory. A gap is announced when the cursor is of another epoch (another process, or the feed began anew),
 * older than what is held, or of an event that has not been.
 */
export function createMemoryLog<T>(epoch: string, limits: EventLogLimits, now: () => number): EventLog<T> {
  const state: State<T> = { entries: [], first: 0, sequence: 0 };
  return {
    epoch,
    get position() {
      return { epoch, sequence: state.sequence };
    },
    append: (value) => {
      state.sequence += 1;
      const entry = { sequence: state.sequence, atMs: now(), value };
      state.entries.push(entry);
      trim(state, limits, now());
      return entry;
    },
    since: (position) => {
      trim(state, limits, now());
      const missed = state.sequence - position.sequence;
      const isOurs = position.epoch === epoch && missed >= 0;
      if (!isOurs || missed > state.entries.length - state.first) return { entries: [], gap: true };
      return { entries: state.entries.slice(state.entries.length - missed), gap: false };
    },
  };
}
