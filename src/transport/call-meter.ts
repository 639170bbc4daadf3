import type { SourceErrorCode } from './source-error.ts';

const statusClasses = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** How an attempt of a call ended: with a status of this class, or with an error of this code. A closed set. */
export type CallOutcome = (typeof statusClasses)[number] | SourceErrorCode | 'INTERNAL';

/** How the way to a source stands at one moment. */
export interface WayState {
  /** Attempts that have been sent and not been answered. */
  readonly inFlight: number;
  /** `open`: the source is left alone. `trying`: the next call, or the one under way, tells whether it has recovered. */
  readonly circuit: 'closed' | 'open' | 'trying';
  /** Sockets that are connected, and calls that wait for one; undefined where calls share one connection. */
  readonly sockets: { readonly open: number; readonly waiting: number } | undefined;
}

/** Hears of what happens on the way to one source. It is called for every call: it must be quick, and never throws. */
export interface CallMeter {
  /**
   * One attempt of a call has ended, after this many milliseconds.
   * @param operation a name out of the source's client functions, of which there are a few dozen
   */
  noteCall(operation: string, outcome: CallOutcome, milliseconds: number): void;
  /** A credential has been fetched, minted or opened, or that has failed. */
  noteToken(isFetched: boolean): void;
  /** Is given a way to look at the state whenever somebody wants to know it. */
  watch(read: () => WayState): void;
}

/** For who does not measure. */
export const noMeter: CallMeter = {
  noteCall: () => undefined,
  noteToken: () => undefined,
  watch: () => undefined,
};

/** The class of an HTTP status. */
export const classOf = (status: number): CallOutcome => statusClasses[Math.floor(status / 100)] ?? 'other';
