import type { UpstreamResponse } from '../../transport/upstream.ts';

/** The server's clock when it answered, by the header `Date` (RFC 9110 §6.6.1): whole seconds, rounded down. */
export function serverTime(response: UpstreamResponse): Date | undefined {
  const header = response.headers.date;
  const time = typeof header === 'string' ? Date.parse(header) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** What is known of the server's clock. */
export interface ServerClock {
  note(response: UpstreamResponse): void;
  isKnown(): boolean;
  /**
   * In whole seconds, rounded up, so that what is asked of a moment by several at once is one question. Never earlier than
   * any moment at which the server has answered; the gateway's own time while nothing is known.
   */
  now(): Date;
}

const SECOND_MS = 1_000;

/** @param now the gateway's clock */
export function createServerClock(now: () => number): ServerClock {
  let aheadMs: number | undefined;
  let noted: unknown;
  return {
    note: (response) => {
      const { date } = response.headers;
      // Many answers are of one second, of which the first has told as much as all of them can.
      if (date === noted) return;
      noted = date;
      const time = serverTime(response);
      // The header is rounded down: what was made within that second must not lie in the future.
      if (time) aheadMs = time.getTime() + SECOND_MS - now();
    },
    isKnown: () => aheadMs !== undefined,
    now: () => new Date(Math.ceil((now() + (aheadMs ?? 0)) / SECOND_MS) * SECOND_MS),
  };
}
