import { randomUUID } from 'node:crypto';
import { SourceError } from '../transport/source-error.ts';
import type { TransportLogger } from '../transport/transport.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { createMemoryLog, type EventLog, type EventLogLimits } from './event-log.ts';
import { createLatestQueue, type LatestQueue } from './latest-queue.ts';
import type { Topic, TopicEvent, WatchOptions } from './types.ts';

/** What one poll found. */
export interface PollResult<T> {
  readonly changes: readonly T[];
  /** Something watched is under way: poll at the short interval. */
  readonly busy: boolean;
  /** The source can no longer say what changed since the last poll; subscribers are told of a gap. */
  readonly startsAnew: boolean;
}

export interface TopicSettings extends EventLogLimits {
  readonly intervalMs: number;
  readonly idleIntervalMs: number;
}

export interface TopicOptions<T> {
  /** Names source, upstream identity and what is polled; two identities never have the same. */
  readonly key: string;
  readonly settings: TopicSettings;
  readonly idOf: (value: T) => string;
  readonly poll: (signal: AbortSignal) => Promise<PollResult<T>>;
  readonly logger: TransportLogger;
  readonly now?: () => number;
}

interface Watcher<T> {
  readonly queue: LatestQueue<TopicEvent<T>>;
  readonly accepts: (value: T) => boolean;
}

interface State<T> {
  readonly options: TopicOptions<T>;
  readonly watchers: Set<Watcher<T>>;
  log: EventLog<T>;
  poller: AbortController | undefined;
  failures: number;
}

const MAX_BACKOFF_MS = 30_000;
const JITTER = 0.1;

/** Failures that no later poll will cure: subscribers are told instead of waiting. */
const isFinal = (error: unknown) =>
  !(error instanceof SourceError) || error.code === 'SOURCE_UNAUTHENTICATED' || error.code === 'SOURCE_FORBIDDEN';

const newLog = <T>(options: TopicOptions<T>) =>
  createMemoryLog<T>(randomUUID(), options.settings, options.now ?? Date.now);

const cursorOf = <T>(state: State<T>) => encodeCursor(state.options.key, state.log.position);

function publish<T>(state: State<T>, value: T): void {
  const { key, idOf } = state.options;
  const { sequence } = state.log.append(value);
  const cursor = encodeCursor(key, { epoch: state.log.epoch, sequence });
  for (const watcher of state.watchers) {
    if (watcher.accepts(value)) watcher.queue.push(idOf(value), { kind: 'change', cursor, value });
  }
}

function announceGap<T>(state: State<T>): void {
  state.log = newLog(state.options);
  const cursor = cursorOf(state);
  for (const { queue } of state.watchers) queue.push('', { kind: 'gap', cursor });
}

function nextDelayMs<T>(state: State<T>, busy: boolean, error: unknown): number {
  const { intervalMs, idleIntervalMs } = state.options.settings;
  const asked = error instanceof SourceError ? (error.retryAfterMs ?? 0) : 0;
  const backoff = error === undefined ? 0 : Math.min(MAX_BACKOFF_MS, intervalMs * 2 ** Math.min(state.failures, 10));
  const base = Math.max(asked, backoff, busy ? intervalMs : idleIntervalMs);
  return error === undefined && busy ? base : base * (1 + JITTER * (Math.random() * 2 - 1));
}

function fail<T>(state: State<T>, error: unknown): void {
  for (const { queue } of state.watchers) queue.fail(error);
  state.watchers.clear();
  stopIfUnwatched(state);
}

/** One poll and its consequences; gives the milliseconds until the next. */
async function pollOnce<T>(state: State<T>, signal: AbortSignal): Promise<number> {
  try {
    const result = await state.options.poll(signal);
    if (signal.aborted) return 0;
    state.failures = 0;
    if (result.startsAnew) announceGap(state);
    for (const change of result.changes) publish(state, change);
    return nextDelayMs(state, result.busy, undefined);
  } catch (error) {
    if (signal.aborted) return 0;
    state.failures += 1;
    const code = error instanceof SourceError ? error.code : 'INTERNAL';
    state.options.logger.warn({ code, failures: state.failures }, 'poll failed');
    if (isFinal(error)) fail(state, error);
    return nextDelayMs(state, false, error);
  }
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish, { once: true });
  });

async function run<T>(state: State<T>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const delayMs = await pollOnce(state, signal);
    if (!signal.aborted) await pause(delayMs, signal);
  }
}

function startIfNeeded<T>(state: State<T>): void {
  if (state.poller) return;
  state.poller = new AbortController();
  void run(state, state.poller.signal);
}

function stopIfUnwatched<T>(state: State<T>): void {
  if (state.watchers.size > 0) return;
  state.poller?.abort();
  state.poller = undefined;
}

function replay<T>(state: State<T>, watcher: Watcher<T>, after: string): void {
  const { key, idOf } = state.options;
  const position = decodeCursor(key, after);
  const { entries, gap } = state.log.since(position);
  if (gap) {
    watcher.queue.push('', { kind: 'gap', cursor: cursorOf(state) });
    return;
  }
  for (const { sequence, value } of entries) {
    if (!watcher.accepts(value)) continue;
    const cursor = encodeCursor(key, { epoch: state.log.epoch, sequence });
    // Each replayed event is told, so each has a place of its own in the queue.
    watcher.queue.push(`${idOf(value)}#${sequence}`, { kind: 'change', cursor, value });
  }
}

/** A topic polls while somebody watches it, once for all of them. */
export function createTopic<T>(options: TopicOptions<T>): Topic<T> {
  const state: State<T> = { options, watchers: new Set(), log: newLog(options), poller: undefined, failures: 0 };
  return {
    watch: ({ accepts, after }: WatchOptions<T>) => {
      const leave = () => {
        state.watchers.delete(watcher);
        stopIfUnwatched(state);
      };
      const watcher: Watcher<T> = { accepts, queue: createLatestQueue(leave) };
      if (after !== undefined) replay(state, watcher, after);
      state.watchers.add(watcher);
      startIfNeeded(state);
      return watcher.queue.values;
    },
    get cursor() {
      return cursorOf(state);
    },
    get watchers() {
      return state.watchers.size;
    },
  };
}
