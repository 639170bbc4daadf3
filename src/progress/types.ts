/** What a topic tells a subscriber. */
export type TopicEvent<T> =
  | { readonly kind: 'change'; readonly cursor: string; readonly value: T }
  /** Something may have been missed: ask for the present state, then go on. */
  | { readonly kind: 'gap'; readonly cursor: string };

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
