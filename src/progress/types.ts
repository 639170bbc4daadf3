/** What a topic tells a subscriber. */
export type TopicEvent<T> =
  | { readonly kind: 'change'; readonly cursor: string; readonly value: T }
  /** Something may have been missed: ask for the present state, then go on. */
  | { readonly kind: 'gap'; readonly cursor: string };

export interface WatchOptions<T> {
  /** Which changes concern this subscriber. */
  readonly accepts: (value: T) => boolean;
  /** Cursor of the last event that the subscriber has seen; without one, only what comes from now on is told. */
  readonly after?: string | undefined;
}

/** One shared poll of a source, and everybody who watches it. */
export interface Topic<T> {
  /**
   * Events from `after` on, else from now on. A subscriber that does not keep up gets the newest state of each thing.
   * The iteration must be returned when it is no longer needed: the poll ends with its last subscriber.
   * @throws BadCursor when `after` was never a cursor of this topic and upstream identity
   */
  watch(options: WatchOptions<T>): AsyncIterableIterator<TopicEvent<T>>;
  /** Cursor of the newest event. */
  readonly cursor: string;
  readonly watchers: number;
}

/** A cursor that this gateway did not give for these arguments and this identity. */
export class BadCursor extends Error {
  constructor(message = 'This cursor belongs to another query, another caller or another server. Start without one.') {
    super(message);
    this.name = 'BadCursor';
  }
}
