import type { LogPosition } from './cursor.ts';
import type { LatestQueue } from './latest-queue.ts';
import type { TopicEvent } from './types.ts';

/** An event that waits for a subscriber to read it. */
export interface Pending<T> {
  readonly event: TopicEvent<T>;
  readonly position: LogPosition;
  /** Sequence of the first change that it stands for: the others in its place were never read. */
  readonly first: number;
}

/** One subscriber of a topic. */
export interface Watcher<T> {
  readonly queue: LatestQueue<Pending<T>, TopicEvent<T>>;
  readonly accepts: (value: T) => boolean;
  /** Id of the only thing that it watches; undefined when it watches everything. */
  readonly only: string | undefined;
}

/** What somebody watches at the moment, for a poll to know what it has to find out. */
export interface Watched {
  /** Whether somebody watches everything that the source tells. */
  readonly everything: boolean;
  /** Whether somebody watches this thing alone. */
  has(id: string): boolean;
  /** What is watched alone. */
  ids(): Iterable<string>;
}

/** The subscribers of a topic, found by what they watch: a change costs those that it concerns, not all. */
export interface Watchers<T> {
  readonly size: number;
  readonly watched: Watched;
  add(watcher: Watcher<T>): void;
  remove(watcher: Watcher<T>): void;
  all(): readonly Watcher<T>[];
  /** Those that watch this thing, alone or among everything. */
  of(id: string): readonly Watcher<T>[];
  /** Those that watch this thing alone. */
  onlyOf(id: string): readonly Watcher<T>[];
}

export function createWatchers<T>(): Watchers<T> {
  const everybody = new Set<Watcher<T>>();
  const ofEverything = new Set<Watcher<T>>();
  const byId = new Map<string, Set<Watcher<T>>>();
  const onlyOf = (id: string) => [...(byId.get(id) ?? [])];
  return {
    get size() {
      return everybody.size;
    },
    watched: {
      get everything() {
        return ofEverything.size > 0;
      },
      has: (id) => byId.has(id),
      ids: () => byId.keys(),
    },
    add: (watcher) => {
      everybody.add(watcher);
      if (watcher.only === undefined) ofEverything.add(watcher);
      else byId.set(watcher.only, (byId.get(watcher.only) ?? new Set()).add(watcher));
    },
    remove: (watcher) => {
      everybody.delete(watcher);
      ofEverything.delete(watcher);
      const same = byId.get(watcher.only ?? '');
      same?.delete(watcher);
      if (same?.size === 0) byId.delete(watcher.only ?? '');
    },
    all: () => [...everybody],
    of: (id) => [...ofEverything, ...onlyOf(id)],
    onlyOf,
  };
}
