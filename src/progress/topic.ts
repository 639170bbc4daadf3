import { randomUUID } from 'node:crypto';
import { SourceError } from '../transport/source-error.ts';
import type { TransportLogger } from '../transport/transport.ts';
import { decodeCursor, encodeCursor, type LogPosition } from './cursor.ts';
import { createMemoryLog, type EventLog, type EventLogLimits } from './event-log.ts';
import { createLatestQueue } from './latest-queue.ts';
import { createPoller, type Poller, type Rest } from './poller.ts';
import type { Topic, TopicEvent, WatchOptions } from './types.ts';
import { createWatchers, type Pending, type Watched, type Watcher, type Watchers } from './watchers.ts';

/** What one poll found. */
export interface PollResult<T> {
  readonly changes: readonly T[];
  /** Something watched is under way: poll at the short interval. */
  readonly busy: boolean;
  /** The source can no longer say what changed since the last poll; subscribers are told of a gap. */
  readonly startsAnew: boolean;
  /** Things in a state that was told before, but perhaps before somebody began to watch them alone. */
  readonly repeats?: readonly T[];
  /** Things that are watched alone and that the source has lost: who watches them hears why, and nothing more. */
  readonly lost?: readonly { readonly id: string; readonly error: unknown }[];
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
  readonly poll: (signal: AbortSignal, watched: Watched) => Promise<PollResult<T>>;
  readonly logger: TransportLogger;
  readonly now?: () => number;
}

interface State<T> {
  readonly options: TopicOptions<T>;
  readonly now: () => number;
  readonly watchers: Watchers<T>;
  readonly poller: Poller;
  log: EventLog<T>;
  idleSinceMs: number;
  /** Polls in a row that failed. */
  failures: number;
  /** Polls in a row that had to start anew. */
  restarts: number;
}

const MAX_BACKOFF_MS = 30_000;
/** What a source asks for is obeyed up to here; a slip of theirs must not silence a topic for days. */
const MAX_ASKED_MS = 10 * 60_000;
/** Only ever longer: many gateways that follow one source drift apart, and none comes before it was asked to. */
const JITTER = 0.1;

/** Failures that no later poll will cure: subscribers are told instead of waiting. */
const isFinal = (error: unknown) =>
  !(error instanceof SourceError) || error.code === 'SOURCE_UNAUTHENTICATED' || error.code === 'SOURCE_FORBIDDEN';

const newLog = <T>({ settings }: TopicOptions<T>, now: () => number) => createMemoryLog<T>(randomUUID(), settings, now);

const cursorOf = <T>({ options, log }: State<T>) => encodeCursor(options.key, log.position);

const rest = (milliseconds: number, isFirm: boolean): Rest => ({
  milliseconds: milliseconds * (1 + JITTER * Math.random()),
  isFirm,
});

/** Twice as long with each setback in a row. */
const backOff = (intervalMs: number, setbacks: number) =>
  rest(Math.min(MAX_BACKOFF_MS, intervalMs * 2 ** Math.min(setbacks, 10)), true);

function dismiss<T>(state: State<T>, watchers: readonly Watcher<T>[], error: unknown): void {
  for (const watcher of watchers) {
    state.watchers.remove(watcher);
    watcher.queue.fail(error);
  }
  stopIfUnwatched(state);
}

/** A subscriber that cannot say what concerns it fails alone. */
function deliver<T>(state: State<T>, watcher: Watcher<T>, place: string, value: T, pending: Pending<T>): void {
  try {
    if (watcher.accepts(value)) watcher.queue.push(place, pending);
  } catch (error) {
    dismiss(state, [watcher], error);
  }
}

/** The epoch is part of a thing's place in the queues, so that nothing new takes a place before a gap. */
const placeOf = <T>({ log, options }: State<T>, value: T) => `${log.epoch} ${options.idOf(value)}`;

function changeAt<T>(state: State<T>, value: T, position: LogPosition): Pending<T> {
  return {
    event: { kind: 'change', cursor: encodeCursor(state.options.key, position), position, value },
    position,
    first: position.sequence,
  };
}

function gapNow<T>(state: State<T>): Pending<T> {
  const { position } = state.log;
  return { event: { kind: 'gap', cursor: cursorOf(state), position }, position, first: position.sequence };
}

/**
 * An event as its subscriber reads it. One that stands for several changes has a newer state than others that still
 * wait: whoever returns with its cursor must get those, so the cursor is a place before them.
 */
function release<T>(key: string, { event, position, first }: Pending<T>, following: Pending<T> | undefined) {
  const { epoch, sequence } = position;
  if (sequence === first || following?.position.epoch !== epoch || following.first > sequence) return event;
  return { ...event, cursor: encodeCursor(key, { epoch, sequence: following.first - 1 }) };
}

function publish<T>(state: State<T>, value: T): void {
  const { sequence } = state.log.append(value);
  const pending = changeAt(state, value, { epoch: state.log.epoch, sequence });
  const place = placeOf(state, value);
  for (const watcher of state.watchers.of(state.options.idOf(value))) deliver(state, watcher, place, value, pending);
}

/** Tells those who watch a thing alone how it stands; it is no event of its own. */
function repeat<T>(state: State<T>, value: T): void {
  const pending = changeAt(state, value, state.log.position);
  const watchers = state.watchers.onlyOf(state.options.idOf(value));
  for (const watcher of watchers) deliver(state, watcher, placeOf(state, value), value, pending);
}

function announceGap<T>(state: State<T>): void {
  state.log = newLog(state.options, state.now);
  for (const { queue } of state.watchers.all()) queue.push(state.log.epoch, gapNow(state));
}

function take<T>(state: State<T>, { changes, startsAnew, repeats = [], lost = [] }: PollResult<T>): void {
  if (startsAnew) announceGap(state);
  for (const change of changes) publish(state, change);
  for (const value of repeats) repeat(state, value);
  for (const { id, error } of lost) dismiss(state, state.watchers.onlyOf(id), error);
}

function restAfterFailure<T>(state: State<T>, error: unknown): Rest {
  const { intervalMs } = state.options.settings;
  if (isFinal(error)) {
    dismiss(state, state.watchers.all(), error);
    state.failures = 0;
    return rest(intervalMs, false);
  }
  const asked = error instanceof SourceError ? Math.min(MAX_ASKED_MS, error.retryAfterMs ?? 0) : 0;
  const own = backOff(intervalMs, state.failures);
  return asked > own.milliseconds ? rest(asked, true) : own;
}

/** One poll and its consequences. What was found is told even when the last subscriber has just gone: it is not found again. */
async function poll<T>(state: State<T>, signal: AbortSignal): Promise<Rest> {
  const { settings, logger } = state.options;
  const { intervalMs, idleIntervalMs } = settings;
  try {
    const result = await state.options.poll(signal, state.watchers.watched);
    take(state, result);
    state.failures = 0;
    state.restarts = result.startsAnew ? state.restarts + 1 : 0;
    if (state.restarts > 1) return backOff(intervalMs, state.restarts - 1);
    return rest(result.busy ? intervalMs : idleIntervalMs, false);
  } catch (error) {
    if (signal.aborted) return state.failures > 0 ? backOff(intervalMs, state.failures) : rest(intervalMs, false);
    state.failures += 1;
    const code = error instanceof SourceError ? error.code : 'INTERNAL';
    logger.warn({ code, failures: state.failures }, 'poll failed');
    return restAfterFailure(state, error);
  }
}

function stopIfUnwatched<T>(state: State<T>): void {
  if (state.watchers.size > 0) return;
  state.idleSinceMs = state.now();
  state.poller.stop();
}

function replay<T>(state: State<T>, watcher: Watcher<T>, position: LogPosition): void {
  const { log } = state;
  const { entries, gap } = log.since(position);
  if (gap) watcher.queue.push(log.epoch, gapNow(state));
  for (const { value, sequence } of entries) {
    const isTheirs = watcher.only === undefined || watcher.only === state.options.idOf(value);
    // Each replayed event is told, so each has a place of its own in the queue.
    const place = `${placeOf(state, value)} ${sequence}`;
    if (isTheirs) deliver(state, watcher, place, value, changeAt(state, value, { epoch: log.epoch, sequence }));
  }
}

function watch<T>(state: State<T>, { accepts = () => true, only, after }: WatchOptions<T>) {
  const { key, settings } = state.options;
  const position = after === undefined ? undefined : decodeCursor(key, after);
  const queue = createLatestQueue<Pending<T>, TopicEvent<T>>({
    // The whole log may have to be replayed; as much again may come while a subscriber is not reading.
    limit: 2 * settings.maxEntries,
    overflow: () => gapNow(state),
    merge: ({ first }, newer) => ({ ...newer, first }),
    release: (pending, following) => release(key, pending, following),
    onReturn: () => {
      state.watchers.remove(watcher);
      stopIfUnwatched(state);
    },
  });
  const watcher: Watcher<T> = { queue, accepts, only };
  state.watchers.add(watcher);
  if (position) replay(state, watcher, position);
  if (state.watchers.size > 0) state.poller.start();
  return queue.values;
}

/** A topic polls while somebody watches it, once for all of them. */
export function createTopic<T>(options: TopicOptions<T>): Topic<T> {
  const now = options.now ?? Date.now;
  const { intervalMs } = options.settings;
  const poller = createPoller({ intervalMs, poll: (signal) => poll(state, signal) });
  const state: State<T> = {
    ...{ options, now, poller, watchers: createWatchers<T>(), log: newLog(options, now) },
    ...{ idleSinceMs: now(), failures: 0, restarts: 0 },
  };
  return {
    watch: (watchOptions) => watch(state, watchOptions),
    get cursor() {
      return cursorOf(state);
    },
    get watchers() {
      return state.watchers.size;
    },
    get idleSinceMs() {
      return state.watchers.size > 0 ? undefined : state.idleSinceMs;
    },
  };
}
