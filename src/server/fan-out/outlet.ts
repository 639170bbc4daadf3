import type { FormattedError } from '../format-result.ts';

/** The result of one event as bytes that all who are told the same share. */
export interface ResultBytes {
  /** JSON in UTF-8. */
  readonly json: Buffer;
  /** The same, and the brace that closes a message around it. */
  readonly closed: Buffer;
}

/** Where the events of one subscriber go out, whichever door they came through. */
export interface Outlet {
  /** Whether what is written now does not wait behind what the client has not read. */
  readonly isReady: boolean;
  /** Calls back, once, when the client has read so much that it is ready again. */
  whenReady(act: () => void): void;
  /** Writes the result of one event. */
  next(result: ResultBytes): void;
  /** Tells why there is nothing more, and that it is over. */
  fail(errors: readonly FormattedError[]): void;
  /** Tells that it is over. */
  complete(): void;
}

/** The events of a subscription that is served together with others. It is not begun before somebody follows it. */
export interface SharedEvents {
  /** How the log names those who share them. */
  readonly group?: string | undefined;
  /** Writes what there is into the outlet, now and as it comes. Call what it gives when the client has gone. */
  follow(outlet: Outlet): () => void;
}
