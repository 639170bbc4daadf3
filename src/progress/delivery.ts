import { decodeCursor, encodeCursor, type LogPosition } from './cursor.ts';
import type { EventLog, LogEntry } from './event-log.ts';
import { createLatestQueue } from './latest-queue.ts';
import type { TopicEvent, Watch, WatchOptions } from './types.ts';
import { createWatchers, type Pending, type Watcher, type Watchers } from './watchers.ts';

/** The subscribers of a topic, and how they come by what its log tells. */
export interface Delivery<T> {
  readonly watchers: Watchers<T>;
  /** Cursor of the newest event. */
  readonly cursor: string;
  /** Its place in the log. */
  readonly position: LogPosition;
  /** The log that events are of; none before the first, and after `leaveLog`. */
  readonly log: EventLog<T> | undefined;
  watch(options: WatchOptions<T>): Watch<T>;
  /** From now on events are of this log: who waited for one gets what came since they came, the others a gap. */
  moveTo(log: EventLog<T>): void;
  /** Who comes from now on waits for the next log. */
  leaveLog(): void;
  /** Tells what the log has just taken up. */
  tell(entry: LogEntry<T>): void;
  /** Tells those who watch a thing alone how it stands; it is no event of its own. */
  repeat(value: T): void;
  /** Ends subscriptions with an error: those of one thing, or all. */
  dismiss(error: unknown, id?: string): void;
}

export interface DeliveryOptions<T> {
  /** Names source, upstream identity and what is polled; two identities never have the same. */
  readonly key: string;
  readonly maxEntries: number;
  readonly idOf: (value: T) => string;
  /** Where the newest event is while there is no log. */
  readonly presentWithoutLog: () => LogPosition;
  /** Called when somebody has come, and when somebody has left. */
  readonly onChange: () => void;
}

interface Waiting<T> {
  readonly watcher: Watcher<T>;
  readonly position: LogPosition;
  readonly begin: () => void;
}

interface State<T> {
  readonly options: DeliveryOptions<T>;
  readonly watchers: Watchers<T>;
  log: EventLog<T> | undefined;
  /** Those that came while there was no log. */
  waiting: Waiting<T>[];
}

const presentOf = <T>({ log, options }: State<T>): LogPosition => log?.position ?? options.presentWithoutLog();

function remove<T>(state: State<T>, watcher: Watcher<T>): void {
  state.watchers.remove(watcher);
  for (const one of state.waiting) if (one.watcher === watcher) one.begin();
  state.waiting = state.waiting.filter((one) => one.watcher !== watcher);
}

function dismiss<T>(state: State<T>, watchers: readonly Watcher<T>[], error: unknown): void {
  for (const watcher of watchers) {
    remove(state, watcher);
    watcher.queue.fail(error);
  }
  if (watchers.length > 0) state.options.onChange();
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
const placeOf = <T>({ options }: State<T>, { epoch }: LogPosition, value: T) => `${epoch} ${options.idOf(value)}`;

function changeAt<T>(state: State<T>, value: T, position: LogPosition): Pending<T> {
  return {
    event: { kind: 'change', cursor: encodeCursor(state.options.key, position), position, value },
    position,
    first: position.sequence,
  };
}

function gapNow<T>(state: State<T>): Pending<T> {
  const position = presentOf(state);
  const cursor = encodeCursor(state.options.key, position);
  return { event: { kind: 'gap', cursor, position }, position, first: position.sequence };
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

function tell<T>(state: State<T>, { sequence, value }: LogEntry<T>): void {
  const position = { epoch: presentOf(state).epoch, sequence };
  const pending = changeAt(state, value, position);
  const place = placeOf(state, position, value);
  for (const watcher of state.watchers.of(state.options.idOf(value))) deliver(state, watcher, place, value, pending);
}

function repeat<T>(state: State<T>, value: T): void {
  const position = presentOf(state);
  const pending = changeAt(state, value, position);
  const watchers = state.watchers.onlyOf(state.options.idOf(value));
  for (const watcher of watchers) deliver(state, watcher, placeOf(state, position, value), value, pending);
}

function replay<T>(state: State<T>, log: EventLog<T>, watcher: Watcher<T>, position: LogPosition): void {
  const { epoch } = log;
  const { entries, gap } = log.since(position);
  if (gap) watcher.queue.push(epoch, gapNow(state));
  for (const { value, sequence } of entries) {
    const isTheirs = watcher.only === undefined || watcher.only === state.options.idOf(value);
    const at = { epoch, sequence };
    // Each replayed event is told, so each has a place of its own in the queue.
    const place = `${placeOf(state, at, value)} ${sequence}`;
    if (isTheirs) deliver(state, watcher, place, value, changeAt(state, value, at));
  }
}

function moveTo<T>(state: State<T>, log: EventLog<T>): void {
  const { waiting } = state;
  const newcomers = new Set(waiting.map(({ watcher }) => watcher));
  state.log = log;
  state.waiting = [];
  const isKnown = (watcher: Watcher<T>) => !newcomers.has(watcher);
  for (const { queue } of state.watchers.all().filter(isKnown)) queue.push(log.epoch, gapNow(state));
  for (const { watcher, position, begin } of waiting) {
    replay(state, log, watcher, position);
    begin();
  }
}

/** Has the watcher told what came after the position, now or when there is a log; resolves then. */
async function begin<T>(state: State<T>, watcher: Watcher<T>, position: LogPosition | undefined): Promise<void> {
  const { log } = state;
  if (!log) {
    const { promise, resolve } = Promise.withResolvers<void>();
    state.waiting.push({ watcher, position: position ?? presentOf(state), begin: resolve });
    await promise;
  } else if (position) {
    replay(state, log, watcher, position);
  }
}

function watch<T>(state: State<T>, { accepts = () => true, only, after }: WatchOptions<T>): Watch<T> {
  const { key, maxEntries } = state.options;
  const position = after === undefined ? undefined : decodeCursor(key, after);
  const queue = createLatestQueue<Pending<T>, TopicEvent<T>>({
    // The whole log may have to be replayed; as much again may come while a subscriber is not reading.
    limit: 2 * maxEntries,
    overflow: () => gapNow(state),
    merge: ({ first }, newer) => ({ ...newer, first }),
    release: (pending, following) => release(key, pending, following),
    onReturn: () => {
      remove(state, watcher);
      state.options.onChange();
    },
  });
  const watcher: Watcher<T> = { queue, accepts, only };
  state.watchers.add(watcher);
  const ready = begin(state, watcher, position);
  state.options.onChange();
  return Object.assign(queue.values, { ready });
}

export function createDelivery<T>(options: DeliveryOptions<T>): Delivery<T> {
  const watchers = createWatchers<T>();
  const state: State<T> = { options, watchers, log: undefined, waiting: [] };
  return {
    watchers,
    get cursor() {
      return encodeCursor(options.key, presentOf(state));
    },
    get position() {
      return presentOf(state);
    },
    get log() {
      return state.log;
    },
    watch: (watchOptions) => watch(state, watchOptions),
    moveTo: (log) => moveTo(state, log),
    leaveLog: () => {
      state.log = undefined;
    },
    tell: (entry) => tell(state, entry),
    repeat: (value) => repeat(state, value),
    dismiss: (error, id) => dismiss(state, id === undefined ? watchers.all() : watchers.onlyOf(id), error),
  };
}
