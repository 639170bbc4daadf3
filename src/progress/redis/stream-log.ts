import { createHash } from 'node:crypto';
import type { EventLogLimits } from '../event-log.ts';
import type { Reply } from './link.ts';
import { type Script, scripts } from './scripts.ts';

/** Runs commands of one process, each within its time. */
export interface Commands {
  send(command: readonly string[]): Promise<Reply>;
  run(script: Script, keys: readonly string[], argument: string): Promise<Reply>;
}

/** A place in a stream, as Redis spells it: `<n>-<k>`. */
export type StreamId = string;

/** One thing that a topic's stream tells. */
export type StreamEntry = { readonly id: StreamId; readonly sequence: number; readonly atMs: number } & (
  | { readonly kind: 'change'; readonly value: string }
  /** The log began, or began anew. */
  | { readonly kind: 'begin'; readonly epoch: string; readonly sinceMs: number }
  /** Heard by who is there, and kept for nobody: see `NoticeKind`. */
  | { readonly kind: NoticeKind; readonly value: string }
);

/**
 * `repeat`: how something stands that was told before; `lost`: the source has lost it; `failed`: the poll has failed for
 * good; `watch`: who watches what has changed; `free`: the owner has gone.
 */
export type NoticeKind = 'repeat' | 'lost' | 'failed' | 'watch' | 'free';

export interface Notice {
  readonly kind: NoticeKind;
  readonly value: string;
}

/** How a topic stands. */
export interface TopicState {
  readonly nowMs: number;
  readonly epoch: string;
  readonly sequence: number;
  /** The last thing that its stream has told. */
  readonly lastId: StreamId;
  /** From when on the log is complete. */
  readonly completeMs: number;
  /** Who polls: `<owner epoch>:<process>`; empty when nobody does. */
  readonly holder: string;
  /** For how long that stands. */
  readonly leaseLeftMs: number;
  readonly place: string | undefined;
  /** This process had not been known. */
  readonly isStrange: boolean;
  /** Changes with who watches what. */
  readonly watch: string;
  /** What anybody watches; undefined when `watch` is what it was. */
  readonly watched: readonly string[] | undefined;
}

export interface Touch {
  /** This process has told its subscribers what the log does not have: a log that it goes on with begins anew. */
  readonly wasAlone: boolean;
  /** What it watches from now on, beside what is known: everything, when `isWhole`. */
  readonly isWhole: boolean;
  readonly more: readonly string[];
  readonly less: readonly string[];
  /** The `watch` of which everything is known already. */
  readonly watch: string;
  /** The epoch that begins when none is under way. */
  readonly newEpoch: string;
}

export interface Append {
  readonly lease: string;
  readonly epoch: string;
  /** Set where the log begins anew with these changes. */
  readonly newEpoch: string | undefined;
  readonly changes: readonly string[];
  readonly notices: readonly Notice[];
  readonly place: string | undefined;
}

/** One topic in Redis, for one process. */
export interface StreamLog {
  /** Key of its stream. */
  readonly stream: string;
  touch(touch: Touch): Promise<TopicState>;
  /** False when this process is not the owner, or the epoch has passed: then nothing has changed. */
  append(append: Append): Promise<boolean>;
  /** Gives up whatever this process has of the topic. */
  leave(): Promise<void>;
  /** What the stream holds after an id, oldest first. */
  readAfter(id: StreamId): Promise<readonly StreamEntry[]>;
}

export interface StreamLogOptions {
  readonly commands: Commands;
  readonly keyPrefix: string;
  /** Key of the topic. It names persons, so Redis is shown its digest. */
  readonly topic: string;
  /** Id of this process. */
  readonly process: string;
  readonly leaseMs: number;
  readonly limits: EventLogLimits;
}

/** Entries that are read at a time. */
const PAGE = 1_000;

const texts = (reply: Reply): readonly Reply[] => (Array.isArray(reply) ? reply : []);

/** An entry as `XRANGE` and `XREAD` spell it; undefined for one that is not of this gateway. */
export function readEntry(reply: Reply): StreamEntry | undefined {
  const [id, fields] = texts(reply);
  const [, kind, , value, , at] = texts(fields ?? null);
  if (typeof id !== 'string' || typeof value !== 'string') return undefined;
  const place = { id, sequence: Number(id.split('-')[0]), atMs: Number(at) };
  switch (kind) {
    case 'begin': {
      const { epoch, sinceMs }: { epoch: string; sinceMs: string } = JSON.parse(value);
      return { ...place, kind, epoch, sinceMs: Number(sinceMs) };
    }
    case 'change':
    case 'repeat':
    case 'lost':
    case 'failed':
    case 'watch':
    case 'free':
      return { ...place, kind, value };
    default:
      return undefined;
  }
}

export const readEntries = (reply: Reply): readonly StreamEntry[] =>
  texts(reply).flatMap((one) => readEntry(one) ?? []);

function readState(reply: Reply, known: string): TopicState {
  const [now, epoch, n, k, since, trimmed, holder, left, place, strange, watch, watched] = texts(reply);
  return {
    nowMs: Number(now),
    epoch: String(epoch),
    sequence: Number(n),
    lastId: `${n}-${k}`,
    completeMs: Math.max(Number(since), Number(trimmed) + 1),
    holder: String(holder),
    leaseLeftMs: Math.max(0, Number(left)),
    place: place === '' ? undefined : String(place),
    isStrange: strange === 'yes',
    watch: String(watch),
    watched: watch === known ? undefined : texts(watched ?? null).map(String),
  };
}

async function readAfter({ send }: Commands, stream: string, id: StreamId): Promise<StreamEntry[]> {
  const entries: StreamEntry[] = [];
  for (let from = id; ; ) {
    const page = texts(await send(['XRANGE', stream, `(${from}`, '+', 'COUNT', String(PAGE)]));
    entries.push(...readEntries(page));
    const [last] = texts(page.at(-1) ?? null);
    if (page.length < PAGE || typeof last !== 'string') return entries;
    from = last;
  }
}

export function createStreamLog(options: StreamLogOptions): StreamLog {
  const { commands, keyPrefix, topic, process, leaseMs } = options;
  const { maxAgeMs, maxEntries } = options.limits;
  const base = `${keyPrefix}${createHash('sha256').update(topic).digest('base64url')}:`;
  const own = ['log', 'state', 'lease', 'processes'].map((name) => `${base}${name}`);
  const keys = [...own, `${keyPrefix}owners`, `${keyPrefix}since`];
  const stream = `${base}log`;
  // Twice as long as anything is remembered: no cursor that is still good finds its topic forgotten.
  const shared = { process, watching: `${base}watching:`, leaseMs, keepMs: 2 * maxAgeMs + 60_000, maxAgeMs };
  const run = (script: Script, ask: object) => commands.run(script, keys, JSON.stringify({ ...shared, ...ask }));
  return {
    stream,
    touch: async (touch) => readState(await run(scripts.touch, { ...touch, presenceMs: 3 * leaseMs }), touch.watch),
    append: async (append) => texts(await run(scripts.append, { ...append, maxEntries }))[0] === 'logged',
    leave: async () => void (await run(scripts.leave, {})),
    readAfter: (id) => readAfter(commands, stream, id),
  };
}
