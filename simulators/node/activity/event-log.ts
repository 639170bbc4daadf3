import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';

/** One thing that happened on a node (aspera-node-api.md §2 GET /events). */
export interface NodeEvent {
  readonly id: string;
  /** Grows by one with each event; the iteration token counts it. */
  readonly sequence: number;
  readonly timeMs: number;
  readonly userId: string;
  readonly accessKeyId: string | undefined;
  readonly types: readonly string[];
  readonly data: unknown;
}

export interface EventQuery {
  readonly after: number;
  readonly afterMs: number;
  readonly count: number;
  readonly accepts: (event: NodeEvent) => boolean;
}

/** What a node remembers of its events. */
export interface EventLog {
  add(event: Pick<NodeEvent, 'userId' | 'accessKeyId' | 'types' | 'data'>): void;
  find(id: string): NodeEvent | undefined;
  /** Oldest first, and the token that continues after them. */
  page(query: EventQuery): { readonly events: readonly NodeEvent[]; readonly next: number };
  forgetOf(accessKeyId: string): void;
  clear(): void;
}

/** Older events fall out beyond this. */
const KEPT = 10_000;

export function createEventLog(clock: Clock): EventLog {
  let events: NodeEvent[] = [];
  let last = 0;
  return {
    add: (event) => {
      last += 1;
      events.push({ ...event, id: randomUUID(), sequence: last, timeMs: clock.now() });
      if (events.length > KEPT) events.shift();
    },
    find: (id) => events.find((event) => event.id === id),
    page: ({ after, afterMs, count, accepts }) => {
      const matching = events.filter((event) => event.sequence > after && event.timeMs > afterMs && accepts(event));
      const page = matching.slice(0, count);
      const isLast = page.length === matching.length;
      return { events: page, next: isLast ? Math.max(after, last) : (page.at(-1)?.sequence ?? after) };
    },
    forgetOf: (accessKeyId) => {
      events = events.filter((event) => event.accessKeyId !== accessKeyId);
    },
    clear: () => {
      events = [];
    },
  };
}
