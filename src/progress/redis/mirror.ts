import type { Delivery } from '../delivery.ts';
import { createMemoryLog, type EventLogLimits } from '../event-log.ts';
import type { ResumablePoll } from '../resumable-poll.ts';
import { decodeError } from './errors.ts';
import type { Sharing } from './sharing.ts';
import type { NoticeKind, StreamEntry, StreamId, StreamLog, TopicState } from './stream-log.ts';

/** How the changes of a topic are written in the log that all processes share. */
export interface Codec<T> {
  /** Ids, numbers, states and paths: nothing that only its readers may know. */
  encode(value: T): string;
  decode(text: string): T;
}

export interface MirrorOptions<T> {
  readonly sharing: Sharing;
  readonly stream: StreamLog;
  readonly delivery: Delivery<T>;
  readonly codec: Codec<T>;
  readonly resumable: ResumablePoll<T>;
  readonly limits: EventLogLimits;
  /** Whether what comes was found out by this process. */
  readonly isOwner: () => boolean;
  /** The owner has gone, or who watches what has changed. */
  readonly onNotice: (kind: NoticeKind) => void;
}

/** The log of this process as long as it follows that of all: a copy of the stream, from which its subscribers are told. */
export interface Mirror {
  /** Reads the whole stream, and follows it from there. False when `isMeant` says that it is no longer wanted. */
  attach(found: TopicState, isMeant: () => boolean): Promise<boolean>;
  /** Reads what has come by then. False when what it holds does not lead there: then it has to be attached anew. */
  catchUp(found: TopicState): Promise<boolean>;
  detach(): void;
}

interface State<T> {
  readonly options: MirrorOptions<T>;
  appliedId: StreamId;
}

const partsOf = (id: StreamId) => id.split('-').map(Number);

function isAfter(left: StreamId, right: StreamId): boolean {
  const [[a = 0, b = 0], [c = 0, d = 0]] = [partsOf(left), partsOf(right)];
  return a > c || (a === c && b > d);
}

function begin<T>({ options }: State<T>, epoch: string, sequence: number, sinceMs: number): void {
  const { delivery, limits, sharing } = options;
  delivery.moveTo(createMemoryLog<T>(epoch, limits, () => sharing.clock() ?? 0, { sequence, sinceMs }));
}

function takeUp<T>(state: State<T>, { value, sequence, atMs }: StreamEntry & { readonly kind: 'change' }): void {
  const { delivery, codec, resumable, isOwner } = state.options;
  const change = codec.decode(value);
  // The owner has heard of it before it told the others, and perhaps of something newer since.
  if (!isOwner()) resumable.heard(change);
  if (!delivery.log) return;
  // What lies between was trimmed before this process came to read it.
  if (sequence !== delivery.log.position.sequence + 1) begin(state, delivery.log.epoch, sequence - 1, atMs);
  delivery.tell(delivery.log.append(change, { sequence, atMs }));
}

function apply<T>(state: State<T>, entry: StreamEntry): void {
  const { delivery, codec, onNotice } = state.options;
  switch (entry.kind) {
    case 'begin':
      if (delivery.log?.epoch !== entry.epoch) begin(state, entry.epoch, entry.sequence, entry.sinceMs);
      return;
    case 'change':
      takeUp(state, entry);
      return;
    case 'repeat':
      delivery.repeat(codec.decode(entry.value));
      return;
    case 'lost': {
      const { id, error }: { id: string; error: string } = JSON.parse(entry.value);
      delivery.dismiss(decodeError(error), id);
      return;
    }
    case 'failed':
      delivery.dismiss(decodeError(entry.value));
      return;
    default:
      onNotice(entry.kind);
  }
}

/** Entries come by two ways, the follower's and that of `catchUp`: each counts once. One that cannot be read counts not. */
function applyAll<T>(state: State<T>, entries: readonly StreamEntry[]): void {
  for (const entry of entries) {
    if (!isAfter(entry.id, state.appliedId)) continue;
    state.appliedId = entry.id;
    try {
      apply(state, entry);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      state.options.sharing.logger.warn({ reason, kind: entry.kind }, 'an entry of the shared log cannot be read');
    }
  }
}

/** Everything is read before anybody is told, so that a subscriber who returns is told it in one piece. */
async function attach<T>(state: State<T>, found: TopicState, isMeant: () => boolean): Promise<boolean> {
  const { stream, delivery, codec, resumable, limits, sharing } = state.options;
  const entries = await stream.readAfter('0-0');
  if (!isMeant()) return false;
  const begun = entries.findLast((entry) => entry.kind === 'begin');
  const changes = entries.filter((entry) => entry.kind === 'change' && !(begun && isAfter(begun.id, entry.id)));
  const isNewer = begun?.kind === 'begin' && begun.epoch !== found.epoch;
  const epoch = isNewer ? begun.epoch : found.epoch;
  const sinceMs = isNewer ? begun.sinceMs : found.completeMs;
  const sequence = changes[0] ? changes[0].sequence - 1 : (entries.at(-1)?.sequence ?? found.sequence);
  const log = createMemoryLog<T>(epoch, limits, () => sharing.clock() ?? 0, { sequence, sinceMs });
  for (const entry of changes) {
    if (entry.kind !== 'change') continue;
    const change = codec.decode(entry.value);
    resumable.heard(change);
    log.append(change, entry);
  }
  delivery.moveTo(log);
  state.appliedId = entries.at(-1)?.id ?? found.lastId;
  sharing.follower.follow(stream.stream, state.appliedId, (more) => applyAll(state, more));
  return true;
}

async function catchUp<T>(state: State<T>, { epoch, sequence }: TopicState): Promise<boolean> {
  const { stream, delivery } = state.options;
  const before = delivery.log?.epoch;
  const isThere = () => delivery.log?.epoch === epoch && delivery.log.position.sequence >= sequence;
  if (isThere()) return true;
  applyAll(state, await stream.readAfter(state.appliedId));
  // What was read may have begun an epoch that is newer still.
  return isThere() || (delivery.log?.epoch !== epoch && delivery.log?.epoch !== before);
}

export function createMirror<T>(options: MirrorOptions<T>): Mirror {
  const state: State<T> = { options, appliedId: '0-0' };
  return {
    attach: (found, isMeant) => attach(state, found, isMeant),
    catchUp: (found) => catchUp(state, found),
    detach: () => {
      options.sharing.follower.leave(options.stream.stream);
      options.delivery.leaveLog();
    },
  };
}
