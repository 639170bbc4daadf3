import { randomUUID } from 'node:crypto';
import { SourceError } from '../transport/source-error.ts';
import type { TransportLogger } from '../transport/transport.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createMemoryLog, type EventLogLimits } from './event-log.ts';
import { createPace, isFinal, type Pace, type PaceSettings } from './pace.ts';
import type { PollCounts } from './poll-counts.ts';
import { createPoller, type Rest } from './poller.ts';
import type { Topic } from './types.ts';
import type { Watched } from './watchers.ts';

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

export interface TopicSettings extends EventLogLimits, PaceSettings {}

export interface TopicOptions<T> {
  /** Names source, upstream identity and what is polled; two identities never have the same. */
  readonly key: string;
  readonly settings: TopicSettings;
  readonly idOf: (value: T) => string;
  readonly poll: (signal: AbortSignal, watched: Watched) => Promise<PollResult<T>>;
  readonly logger: TransportLogger;
  readonly counts?: PollCounts | undefined;
  readonly now?: (() => number) | undefined;
}

interface State<T> {
  readonly options: TopicOptions<T>;
  readonly delivery: Delivery<T>;
  readonly pace: Pace;
}

/** A log that nobody else knows, in a new epoch. */
export const createOwnLog = <T>(settings: EventLogLimits, now: () => number = Date.now) =>
  createMemoryLog<T>(randomUUID(), settings, now);

/** Logs and tells what a poll of this process found, where no other process has a part in it. */
export function takeAlone<T>(
  delivery: Delivery<T>,
  { settings, now }: Pick<TopicOptions<T>, 'settings' | 'now'>,
  { changes, startsAnew, repeats = [], lost = [] }: PollResult<T>,
): void {
  if (startsAnew || !delivery.log) delivery.moveTo(createOwnLog(settings, now));
  for (const change of changes) if (delivery.log) delivery.tell(delivery.log.append(change));
  for (const value of repeats) delivery.repeat(value);
  for (const { id, error } of lost) delivery.dismiss(error, id);
}

/** Counts a failure, and tells the operators of it without what may be nobody's business. */
export function noteFailure(
  { logger, counts }: { readonly logger: TransportLogger; readonly counts?: PollCounts | undefined },
  pace: Pace,
  error: unknown,
): void {
  if (counts) counts.failed += 1;
  const { code, source } = error instanceof SourceError ? error : { code: 'INTERNAL', source: undefined };
  logger.warn({ code, source, failures: pace.countFailure() }, 'poll failed');
}

/** One poll and its consequences. What was found is told even when the last subscriber has just gone: it is not found again. */
async function poll<T>({ options, delivery, pace }: State<T>, signal: AbortSignal): Promise<Rest> {
  try {
    const result = await options.poll(signal, delivery.watchers.watched);
    takeAlone(delivery, options, result);
    return pace.afterResult(result);
  } catch (error) {
    if (signal.aborted) return pace.afterAbort();
    noteFailure(options, pace, error);
    if (isFinal(error)) delivery.dismiss(error);
    return pace.afterFailure(error);
  }
}

/** What the keeper of all topics has to know of one. */
export function describeTopic<T>(delivery: Delivery<T>, idleSinceMs: () => number): Topic<T> {
  return {
    watch: delivery.watch,
    get cursor() {
      return delivery.cursor;
    },
    get position() {
      return delivery.position;
    },
    get watchers() {
      return delivery.watchers.size;
    },
    get idleSinceMs() {
      return delivery.watchers.size > 0 ? undefined : idleSinceMs();
    },
  };
}

/** A topic polls while somebody watches it, once for all of them. */
export function createTopic<T>(options: TopicOptions<T>): Topic<T> {
  const { key, settings, idOf, counts, now = Date.now } = options;
  const pace = createPace(settings);
  const poller = createPoller({ intervalMs: settings.intervalMs, counts, poll: (signal) => poll(state, signal) });
  let idleSinceMs = now();
  let known = 0;
  const onChange = () => {
    const { size } = delivery.watchers;
    if (size > known) poller.start();
    else if (size === 0 && known > 0) {
      idleSinceMs = now();
      poller.stop();
    }
    known = size;
  };
  const log = createOwnLog<T>(settings, now);
  const presentWithoutLog = () => log.position;
  const delivery = createDelivery<T>({ key, maxEntries: settings.maxEntries, idOf, presentWithoutLog, onChange });
  delivery.moveTo(log);
  const state: State<T> = { options, delivery, pace };
  return describeTopic(delivery, () => idleSinceMs);
}
