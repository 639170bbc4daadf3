import type { LogPosition } from './cursor.ts';

interface Told {
  /** Where to go on from after this event, for whoever comes back. */
  readonly cursor: string;
  /** The newest place in the log that this event tells of. */
  readonly position: LogPosition;
}

/** What a topic tells a subscriber. */
export type TopicEvent<T> =
  | (Told & { readonly kind: 'change'; readonly value: T })
  /** Something may have been missed: ask for the present state, then go on. */
  | (Told & { readonly kind: 'gap' });

export interface WatchOptions<T> {
  /** Which changes concern this subscriber; all when left out. Asked again for each event: it must be quick. */
  readonly accepts?: ((value: T) => boolean) | undefined;
  /** Id of the one thing that concerns this subscriber. It is told, by an error, when the source has lost the thing. */
  readonly only?: string | undefined;
  /** Cursor of the last event that the subscriber has seen; without one, only what comes from now on is told. */
  readonly after?: string | undefined;
}

/** The events of one subscriber. It must be returned when it is no longer needed: the poll ends with the last one. */
export interface Watch<T> extends AsyncIterableIterator<TopicEvent<T>> {
  /** Events that can be read without waiting. */
  readonly waiting: number;
  /** Resolves when everything that the log holds after `after` can be read without waiting. It never rejects. */
  readonly ready: Promise<void>;
  return(): Promise<IteratorResult<TopicEvent<T>>>;
}

/** One shared poll of a source, and everybody who watches it. */
export interface Topic<T> {
  /**
   * Events from `after` on, else from now on. A subscriber that does not keep up gets the newest state of each thing,
   * and a gap when even that is too much.
   * @throws BadCursor when `after` was never a cursor of this topic and upstream identity
   */
  watch(options: WatchOptions<T>): Watch<T>;
  /** Cursor of the newest event. */
  readonly cursor: string;
  /** Its place in the log. */
  readonly position: LogPosition;
  readonly watchers: number;
  /** Since when nobody watches, in milliseconds since 1970; undefined while somebody does. */
  readonly idleSinceMs: number | undefined;
}

/** A cursor that this gateway did not give for these arguments and this identity. */
export class BadCursor extends Error {
  constructor(message = 'This cursor belongs to another query, another caller or another server. Start without one.') {
    super(message);
    this.name = 'BadCursor';
  }
}
