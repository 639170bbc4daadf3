import { randomUUID } from 'node:crypto';
import { createDelivery, type Delivery } from '../delivery.ts';
import { SINCE } from '../event-log.ts';
import { createPace } from '../pace.ts';
import type { PollCounts } from '../poll-counts.ts';
import { createPoller, type Poller } from '../poller.ts';
import type { ResumablePoll } from '../resumable-poll.ts';
import { createOwnLog, describeTopic, type TopicSettings } from '../topic.ts';
import type { Topic } from '../types.ts';
import { createLease, type Lease } from './lease.ts';
import { RedisLost } from './link.ts';
import { type Codec, createMirror, type Mirror } from './mirror.ts';
import { createPresence, type Presence } from './presence.ts';
import { type Found, pollForAll } from './shared-poll.ts';
import type { Sharing } from './sharing.ts';
import type { NoticeKind, StreamLog, TopicState } from './stream-log.ts';

export interface SharedTopicOptions<T> {
  /** Names source, upstream identity and what is polled; two identities never have the same. */
  readonly key: string;
  readonly settings: TopicSettings;
  readonly idOf: (value: T) => string;
  readonly resumable: ResumablePoll<T>;
  readonly codec: Codec<T>;
  readonly counts?: PollCounts | undefined;
  readonly now?: (() => number) | undefined;
}

/**
 * How a topic stands in this process. `idle`: nobody here watches. `joining`: the log of all is being read.
 * `following`: subscribers are told what it says. `alone`: Redis cannot be reached, so they are told what this process
 * finds out by itself.
 */
type Mode = 'idle' | 'joining' | 'following' | 'alone';

interface State<T> {
  readonly options: SharedTopicOptions<T>;
  readonly sharing: Sharing;
  readonly stream: StreamLog;
  readonly delivery: Delivery<T>;
  readonly mirror: Mirror;
  readonly presence: Presence;
  readonly lease: Lease;
  readonly poller: Poller;
  mode: Mode;
  /** Changes whenever the last subscriber leaves: answers to what was asked before count no more. */
  stay: symbol;
  /** The place that was logged last, as far as is known here. */
  place: string | undefined;
  watch: string;
  /** What this process has told since it was alone may be unknown to the log. */
  wasAlone: boolean;
  /** When Redis last did what it was asked, on the monotonic clock. */
  goodMs: number;
  /** When it first failed to since then, while its log was followed. */
  troubledMs: number | undefined;
  watchers: number;
  idleSinceMs: number;
  timer: NodeJS.Timeout | undefined;
  /** When the timer is due, on the monotonic clock. */
  dueMs: number;
  isLooking: boolean;
  isDue: boolean;
  forgetUp: (() => void) | undefined;
}

/** Who has just come may not be the only one. */
const GATHER_MS = 20;

function unplan<T>(state: State<T>): void {
  clearTimeout(state.timer);
  state.dueMs = Number.POSITIVE_INFINITY;
}

/** Looks again after this time at the latest: what is planned for earlier stays, so that a crowd cannot put it off. */
function plan<T>(state: State<T>, milliseconds: number): void {
  const dueMs = performance.now() + milliseconds;
  if (state.mode === 'idle' || dueMs >= state.dueMs) return;
  unplan(state);
  state.dueMs = dueMs;
  state.timer = setTimeout(() => {
    unplan(state);
    void lookAgain(state);
  }, milliseconds);
}

const leaseMsOf = <T>({ sharing }: State<T>) => sharing.settings.leaseMs;

/** Goes on from where the others have come to; `undefined` when that has been lost, then from what is known here. */
function goOn<T>(state: State<T>, logged: string | undefined): void {
  const { resumable } = state.options;
  const place = logged ?? state.place;
  if (place !== undefined && place !== resumable.place()) resumable.goOnFrom(place);
}

function stepBack<T>(state: State<T>): void {
  state.lease.giveUp();
  if (state.mode !== 'alone') state.poller.stop();
}

/** Redis has not done what it was asked for so long that another process has the lease: this one sees for itself. */
function goAlone<T>(state: State<T>): void {
  const { settings, key } = state.options;
  stepBack(state);
  state.mirror.detach();
  state.mode = 'alone';
  state.wasAlone = true;
  state.sharing.alone.add(key);
  goOn(state, undefined);
  state.delivery.moveTo(createOwnLog(settings, () => state.sharing.clock() ?? Date.now()));
  state.poller.start();
}

function rejoin<T>(state: State<T>, { place }: TopicState): void {
  state.place = place;
  state.sharing.alone.delete(state.options.key);
  state.poller.stop();
  state.mode = 'joining';
}

/** Follows the log of all up to what was found. False when the last subscriber has left meanwhile. */
async function follow<T>(state: State<T>, found: TopicState): Promise<boolean> {
  const { stay } = state;
  const isMeant = () => state.stay === stay;
  if (state.mode === 'alone') rejoin(state, found);
  if (state.mode === 'following' && (await state.mirror.catchUp(found))) return isMeant();
  if (!isMeant() || !(await state.mirror.attach(found, isMeant))) return false;
  state.mode = 'following';
  return true;
}

/** Who has the lease polls from when everything has been heard that was told before. */
function takeTurn<T>(state: State<T>, { holder, place }: TopicState, sentMs: number): void {
  const { lease, sharing, poller } = state;
  if (!holder.endsWith(`:${sharing.process}`)) {
    stepBack(state);
    // Another process has polled since this one was alone, and has told what that was about.
    if (place !== state.place) state.wasAlone = false;
    return;
  }
  const isNew = lease.value !== holder;
  lease.grant(holder, sentMs);
  if (!isNew) return;
  if (!state.wasAlone) goOn(state, place);
  state.wasAlone = false;
  poller.start();
}

async function look<T>(state: State<T>): Promise<void> {
  const { sharing, stream, presence, lease, stay } = state;
  const sentMs = performance.now();
  sharing.checkUp();
  const { wasAlone, watch } = state;
  const said = presence.take();
  const found = await stream.touch({ ...said, wasAlone, watch, newEpoch: randomUUID() });
  sharing.noteTime(found.nowMs);
  if (state.stay !== stay || !(await follow(state, found))) return;
  state.goodMs = performance.now();
  state.troubledMs = undefined;
  state.watch = found.watch;
  if (found.watched) {
    presence.noteAll(found.watched);
    if (lease.value !== '') state.poller.start();
  }
  takeTurn(state, found, sentMs);
  state.place = found.place ?? state.place;
  const isLost = found.isStrange && !said.isWhole;
  if (isLost) presence.forget();
  const isMine = lease.value !== '';
  const leaseLeftMs = isMine ? Number.POSITIVE_INFINITY : found.leaseLeftMs + GATHER_MS;
  plan(state, isLost ? 0 : Math.min(leaseMsOf(state) / 3, leaseLeftMs));
}

/**
 * Whether Redis is given more time. A process that was stopped finds all its deadlines past when it wakes up: who has
 * followed until then asks once more before it takes Redis for lost.
 */
function isPatient<T>(state: State<T>): boolean {
  const nowMs = performance.now();
  if (state.mode === 'following') state.troubledMs ??= nowMs;
  const { goodMs, troubledMs = Number.NEGATIVE_INFINITY } = state;
  return nowMs - goodMs < leaseMsOf(state) || nowMs - troubledMs < (2 / 3) * leaseMsOf(state);
}

function onTrouble<T>(state: State<T>, error: unknown): void {
  const { sharing, presence, mode } = state;
  presence.forget();
  // That Redis cannot be reached is told once for all topics.
  if (!(error instanceof RedisLost)) {
    sharing.logger.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'Redis did not do its part');
  }
  if (mode !== 'alone' && !isPatient(state)) goAlone(state);
  plan(state, leaseMsOf(state) / 6);
}

/** Says to the others what is watched here, renews the lease or tries for it, and takes up how things stand. */
async function lookAgain<T>(state: State<T>): Promise<void> {
  if (state.isLooking) {
    state.isDue = true;
    return;
  }
  state.isLooking = true;
  do {
    state.isDue = false;
    if (state.mode !== 'idle') await look(state).catch((error: unknown) => onTrouble(state, error));
  } while (state.isDue);
  state.isLooking = false;
}

/** Logs what a poll has found, as the owner. A refusal means that another process polls, or that Redis has lost its data. */
async function log<T>(state: State<T>, { changes, notices, startsAnew }: Found): Promise<boolean> {
  const { delivery, lease, stream, options } = state;
  const { value } = lease;
  const epoch = delivery.log?.epoch;
  if (value === '' || epoch === undefined) return false;
  const sentMs = performance.now();
  const place = options.resumable.place();
  const newEpoch = startsAnew ? randomUUID() : undefined;
  try {
    const isLogged = await stream.append({ lease: value, epoch, newEpoch, changes, notices, place });
    if (isLogged) {
      state.place = place;
      if (lease.value === value) lease.grant(value, sentMs);
      return true;
    }
  } catch (error) {
    onTrouble(state, error);
  }
  if (lease.value === value) stepBack(state);
  void lookAgain(state);
  return false;
}

function join<T>(state: State<T>): void {
  state.mode = 'joining';
  state.troubledMs = undefined;
  state.goodMs = state.sharing.lastUpMs();
  state.forgetUp = state.sharing.onUp(() => void lookAgain(state));
  plan(state, 0);
}

/** The last subscriber of this process has left: others go on, or nobody does. */
function leave<T>(state: State<T>): void {
  const { sharing, stream, presence, options } = state;
  stepBack(state);
  state.poller.stop();
  state.mirror.detach();
  state.mode = 'idle';
  state.stay = Symbol();
  state.watch = '';
  state.idleSinceMs = (options.now ?? Date.now)();
  unplan(state);
  state.forgetUp?.();
  sharing.alone.delete(options.key);
  presence.forget();
  sharing.track(stream.leave());
}

function onChange<T>(state: State<T>): void {
  const { size } = state.delivery.watchers;
  const hasMore = size > state.watchers;
  const isLeft = size === 0 && state.watchers > 0;
  state.watchers = size;
  if (isLeft) leave(state);
  else if (size > 0 && state.mode === 'idle') join(state);
  else if (state.mode !== 'idle') plan(state, GATHER_MS);
  if (hasMore && (state.mode === 'alone' || state.lease.value !== '')) state.poller.start();
}

function onNotice<T>(state: State<T>, kind: NoticeKind): void {
  if (kind === 'free' || state.lease.value !== '') plan(state, 0);
}

function roleOf<T>({ mode, lease }: State<T>): 'alone' | 'owner' | 'none' {
  if (mode === 'alone') return 'alone';
  return lease.value === '' ? 'none' : 'owner';
}

/** Where the newest event is while this process does not know: whatever comes after now. */
function presentOf(sharing: Sharing, unknown: string) {
  const sequence = sharing.moment();
  return sequence === undefined ? { epoch: unknown, sequence: 0 } : { epoch: SINCE, sequence };
}

function createState<T>(options: SharedTopicOptions<T>, sharing: Sharing): State<T> {
  const { key, settings, idOf, codec, resumable, counts } = options;
  const pace = createPace(settings);
  const stream = sharing.openLog(key, settings);
  const unknown = randomUUID();
  const delivery = createDelivery<T>({
    ...{ key, idOf, maxEntries: settings.maxEntries },
    presentWithoutLog: () => presentOf(sharing, unknown),
    onChange: () => onChange(state),
  });
  const presence = createPresence(delivery.watchers.watched);
  const role = () => roleOf(state);
  const state: State<T> = {
    ...{ options, sharing, stream, delivery, presence },
    lease: createLease(sharing.settings.leaseMs, () => {
      stepBack(state);
      plan(state, 0);
    }),
    mirror: createMirror<T>({
      ...{ sharing, stream, delivery, codec, resumable, limits: settings },
      isOwner: () => state.lease.value !== '',
      onNotice: (kind) => onNotice(state, kind),
    }),
    poller: createPoller({
      ...{ intervalMs: settings.intervalMs, counts },
      poll: (signal) => pollForAll(pollOptions, signal),
    }),
    ...{
      mode: 'idle',
      stay: Symbol(),
      place: undefined,
      watch: '',
      wasAlone: false,
      goodMs: 0,
      troubledMs: undefined,
      watchers: 0,
    },
    ...{
      idleSinceMs: (options.now ?? Date.now)(),
      timer: undefined,
      dueMs: Number.POSITIVE_INFINITY,
      isLooking: false,
      isDue: false,
    },
    forgetUp: undefined,
  };
  const watched = () => (role() === 'alone' ? delivery.watchers.watched : presence.watched);
  const logFound = (found: Found) => log(state, found);
  const pollOptions = { resumable, codec, delivery, pace, settings, sharing, counts, watched, role, log: logFound };
  return state;
}

/** A topic of which one process polls for all, and the others follow what it logs in Redis. */
export function createSharedTopic<T>(options: SharedTopicOptions<T>, sharing: Sharing): Topic<T> {
  const state = createState(options, sharing);
  return describeTopic(state.delivery, () => state.idleSinceMs);
}
