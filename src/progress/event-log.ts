import type { LogPosition } from './cursor.ts';

export interface LogEntry<T> {
  readonly sequence: number;
  readonly atMs: number;
  readonly value: T;
}

/** What a log can replay for a subscriber that comes back. */
export interface Replay<T> {
  readonly entries: readonly LogEntry<T>[];
  /** Something between the cursor and the first entry is no longer held. */
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

/**
 * A log in memory. A gap is announced when the cursor is of another epoch (another process, or the feed began anew)
 * or older than what is held.
 */
export function createMemoryLog<T>(epoch: string, limits: EventLogLimits, now: () => number): EventLog<T> {
  let entries: LogEntry<T>[] = [];
  let sequence = 0;
  const trim = () => {
    const oldest = now() - limits.maxAgeMs;
    const overflow = entries.length - limits.maxEntries;
    const firstKept = entries.findIndex((entry, index) => entry.atMs >= oldest && index >= overflow);
    if (firstKept > 0) entries = entries.slice(firstKept);
    else if (firstKept < 0) entries = [];
  };
  return {
    epoch,
    get position() {
      return { epoch, sequence };
    },
    append: (value) => {
      sequence += 1;
      const entry = { sequence, atMs: now(), value };
      entries.push(entry);
      trim();
      return entry;
    },
    since: (position) => {
      trim();
      if (position.epoch !== epoch) return { entries: [], gap: true };
      const firstHeld = entries[0]?.sequence ?? sequence + 1;
      const later = entries.filter((entry) => entry.sequence > position.sequence);
      return { entries: later, gap: position.sequence + 1 < firstHeld || position.sequence > sequence };
    },
  };
}
