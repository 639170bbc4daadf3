import type { Link, Reply } from './link.ts';
import { readEntries, type StreamEntry, type StreamId } from './stream-log.ts';

/** Reads the streams of all topics that this process follows, over one connection that waits for what comes. */
export interface Follower {
  /** Follows a stream from after this id on, until the next call for it or `leave`. */
  follow(stream: string, after: StreamId, onEntries: (entries: readonly StreamEntry[]) => void): void;
  leave(stream: string): void;
  /** The connection is there: reading begins, or goes on where it was. */
  start(): void;
  close(): void;
}

interface Followed {
  after: StreamId;
  readonly onEntries: (entries: readonly StreamEntry[]) => void;
}

interface State {
  readonly link: () => Link;
  /** A stream of this process alone, through which a read that waits learns that it has to read others. */
  readonly wakeStream: string;
  readonly wake: () => void;
  readonly streams: Map<string, Followed>;
  wakeId: StreamId;
  isReading: boolean;
  isClosed: boolean;
}

/** How long one read waits, and what may be added to it on the way. */
const WAIT_MS = 2_000;
const GRACE_MS = 5_000;
const ENTRIES = 500;

const list = (reply: Reply): readonly Reply[] => (Array.isArray(reply) ? reply : []);

function take(state: State, stream: Reply, entries: Reply): void {
  const [lastId] = list(list(entries).at(-1) ?? null);
  if (typeof stream !== 'string' || typeof lastId !== 'string') return;
  if (stream === state.wakeStream) {
    state.wakeId = lastId;
    return;
  }
  const followed = state.streams.get(stream);
  if (!followed) return;
  followed.after = lastId;
  followed.onEntries(readEntries(entries));
}

async function readOnce(state: State): Promise<void> {
  const streams = [...state.streams].map(([stream, { after }]) => [stream, after] as const);
  const all = [[state.wakeStream, state.wakeId] as const, ...streams];
  const places = [...all.map(([stream]) => stream), ...all.map(([, after]) => after)];
  const command = ['XREAD', 'COUNT', String(ENTRIES), 'BLOCK', String(WAIT_MS), 'STREAMS', ...places];
  const reply = await state.link().send(command, WAIT_MS + GRACE_MS);
  for (const one of list(reply)) {
    const [stream, entries] = list(one);
    // A stream that was left and followed anew while this was under way is read again.
    const isSame = streams.some(([name, after]) => name === stream && state.streams.get(name)?.after === after);
    if (isSame || stream === state.wakeStream) take(state, stream ?? null, entries ?? null);
  }
}

/** Reads until the connection is lost; `start` goes on after that. A read that fails leaves a connection in doubt. */
async function readOn(state: State): Promise<void> {
  if (state.isReading) return;
  state.isReading = true;
  while (!state.isClosed && state.link().isUp) await readOnce(state).catch(() => state.link().drop());
  state.isReading = false;
}

export function createFollower(link: () => Link, wakeStream: string, wake: () => void): Follower {
  const state: State = {
    ...{ link, wakeStream, wake, streams: new Map(), wakeId: '0-0' },
    ...{ isReading: false, isClosed: false },
  };
  return {
    follow: (stream, after, onEntries) => {
      state.streams.set(stream, { after, onEntries });
      wake();
    },
    leave: (stream) => void state.streams.delete(stream),
    start: () => void readOn(state),
    close: () => {
      state.isClosed = true;
    },
  };
}
