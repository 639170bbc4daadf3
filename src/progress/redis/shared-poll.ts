import type { Delivery } from '../delivery.ts';
import { isFinal, type Pace } from '../pace.ts';
import type { PollCounts } from '../poll-counts.ts';
import type { Rest } from '../poller.ts';
import type { ResumablePoll } from '../resumable-poll.ts';
import { noteFailure, type PollResult, type TopicSettings, takeAlone } from '../topic.ts';
import type { Watched } from '../watchers.ts';
import { encodeError } from './errors.ts';
import type { Codec } from './mirror.ts';
import type { Sharing } from './sharing.ts';
import type { Notice } from './stream-log.ts';

export interface SharedPollOptions<T> {
  readonly resumable: ResumablePoll<T>;
  readonly codec: Codec<T>;
  readonly delivery: Delivery<T>;
  readonly pace: Pace;
  readonly settings: TopicSettings;
  readonly sharing: Sharing;
  readonly counts?: PollCounts | undefined;
  /** What is watched by those for whom the poll is. */
  readonly watched: () => Watched;
  /** How the poll stands: for nobody but this process, for all as the owner of the lease, or not at all. */
  readonly role: () => 'alone' | 'owner' | 'none';
  /** Logs for all processes what was found. False when that was refused, or is not known to have happened. */
  readonly log: (found: Found) => Promise<boolean>;
}

/** What a poll has found, as it is logged. */
export interface Found {
  readonly changes: readonly string[];
  readonly notices: readonly Notice[];
  readonly startsAnew: boolean;
}

const nothing: Found = { changes: [], notices: [], startsAnew: false };

function toFound<T>({ encode }: Codec<T>, { changes, startsAnew, repeats = [], lost = [] }: PollResult<T>): Found {
  return {
    changes: changes.map(encode),
    startsAnew,
    notices: [
      ...repeats.map((value) => ({ kind: 'repeat' as const, value: encode(value) })),
      ...lost.map(({ id, error }) => ({
        kind: 'lost' as const,
        value: JSON.stringify({ id, error: encodeError(error) }),
      })),
    ],
  };
}

/** Tells what was found to those for whom it is; false when nobody is told and it has to be found again. */
async function tell<T>(options: SharedPollOptions<T>, result: PollResult<T>): Promise<boolean> {
  const { role, codec, delivery, settings, sharing, log } = options;
  const isChanged = result.changes.length > 0;
  if (role() === 'owner') return log(toFound(codec, result));
  if (role() === 'none') return !isChanged && !result.startsAnew;
  takeAlone(delivery, { settings, now: () => sharing.clock() ?? Date.now() }, result);
  return true;
}

/** What the log has come to hold since this was called, as it is encoded. */
function sinceNow<T>({ delivery: { log }, codec }: SharedPollOptions<T>): () => ReadonlySet<string> {
  const position = log?.position;
  return () => new Set(log && position ? log.since(position).entries.map(({ value }) => codec.encode(value)) : []);
}

async function fail<T>(options: SharedPollOptions<T>, error: unknown): Promise<Rest> {
  const { pace, delivery, role, log, sharing, counts } = options;
  noteFailure({ logger: sharing.logger, counts }, pace, error);
  if (isFinal(error)) {
    if (role() === 'alone') delivery.dismiss(error);
    else await log({ ...nothing, notices: [{ kind: 'failed', value: encodeError(error) }] });
  }
  return pace.afterFailure(error);
}

/**
 * One poll and its consequences, for whomever this process polls. What could not be told is found again, by this
 * process or by the one that goes on: the place where the next poll begins is logged together with what was found.
 */
export async function pollForAll<T>(options: SharedPollOptions<T>, signal: AbortSignal): Promise<Rest> {
  const { resumable, codec, pace, watched, role } = options;
  if (role() === 'none') return pace.afterAbort();
  const before = resumable.place();
  let result: PollResult<T>;
  try {
    result = await resumable.poll(signal, watched());
  } catch (error) {
    return signal.aborted ? pace.afterAbort() : fail(options, error);
  }
  const seen = sinceNow(options);
  if (await tell(options, result)) return pace.afterResult(result);
  // An answer may have been lost, and not what it was about: that has come by the stream then.
  const told = seen();
  resumable.goOnFrom(before);
  resumable.unheard(result.changes.filter((change) => !told.has(codec.encode(change))));
  return pace.afterAbort();
}
