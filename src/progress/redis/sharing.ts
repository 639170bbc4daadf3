import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { TransportLogger } from '../../transport/transport.ts';
import type { EventLogLimits } from '../event-log.ts';
import { createFollower, type Follower } from './follower.ts';
import { createLink, type Link, type LinkSettings, RedisLost, type Reply } from './link.ts';
import type { Script } from './scripts.ts';
import { type Commands, createStreamLog, type StreamLog } from './stream-log.ts';

export interface SharingSettings extends LinkSettings {
  /** What every key begins with. */
  readonly keyPrefix: string;
  /** For how long a process polls before it has to say again that it is there, in milliseconds. */
  readonly leaseMs: number;
}

/** What one process has of Redis: two connections, its name among the processes, and the clock of Redis. */
export interface Sharing {
  readonly process: string;
  readonly settings: SharingSettings;
  /** @throws RedisLost when Redis cannot be reached over both connections */
  checkUp(): void;
  readonly follower: Follower;
  openLog(topic: string, limits: EventLogLimits): StreamLog;
  /** The clock of Redis, in milliseconds since 1970; undefined before the first contact. */
  clock(): number | undefined;
  /** A moment of that clock before which nothing was logged that comes from now on. */
  moment(): number | undefined;
  /** When Redis could last be reached, on the monotonic clock; at first, when that was first tried. */
  lastUpMs(): number;
  /** Redis has shown this time in an answer that has just come. */
  noteTime(redisMs: number): void;
  /** Has this called whenever Redis can be reached again, until the function that it gives back is called. */
  onUp(call: () => void): () => void;
  /** Topics that go on alone for now. */
  readonly alone: Set<string>;
  /** Whether this process has no part in what the others share: Redis cannot be reached, or a topic goes on alone. */
  readonly isAlone: boolean;
  /** Has `close` wait for the work. */
  track(work: Promise<unknown>): void;
  readonly logger: TransportLogger;
  close(): Promise<void>;
}

interface State {
  readonly settings: SharingSettings;
  readonly logger: TransportLogger;
  readonly listeners: Set<() => void>;
  readonly pending: Set<Promise<unknown>>;
  /** How far the clock of Redis is ahead of the monotonic one, at least, and when that was found out. */
  ahead: { readonly milliseconds: number; readonly atMs: number } | undefined;
  /** When this Redis began to remember: nothing was logged before. */
  sinceMs: number;
  /** When both connections were last seen to be there, on the monotonic clock. */
  upMs: number;
  /** Whether the loss of Redis has been told to the log. */
  isLossTold: boolean;
}

/** An answer that takes longer is as good as none. */
const commandMs = ({ leaseMs }: SharingSettings) => Math.max(250, Math.min(2_000, leaseMs / 2));

const listOf = (reply: Reply): readonly Reply[] => (Array.isArray(reply) ? reply : []);

/** Milliseconds of Redis' answer to TIME: seconds, and microseconds of the second. */
function readTime(reply: Reply): number {
  const [seconds, microseconds] = listOf(reply);
  return Math.floor(Number(seconds) * 1_000 + Number(microseconds) / 1_000);
}

/** The clock of Redis is not known better than this. What is told twice because of it does no harm. */
const UNSURE_MS = 20;

/** For so long two clocks do not drift apart by more than milliseconds. */
const AHEAD_MS = 60_000;

/** An answer is always late: of several looks at the clock of Redis the closest is the one that shows most. */
function noteTime(state: State, redisMs: number): void {
  const nowMs = performance.now();
  const milliseconds = redisMs - nowMs;
  const { ahead } = state;
  const isOutdated = !ahead || nowMs - ahead.atMs > AHEAD_MS;
  if (isOutdated || milliseconds > ahead.milliseconds) state.ahead = { milliseconds, atMs: nowMs };
}

/** What can be known of Redis only by asking: its clock, since when it remembers, and whether it takes writes. */
async function greet(state: State, send: Link['send']): Promise<void> {
  const { settings } = state;
  const nowMs = readTime(await send(['TIME'], commandMs(settings)));
  noteTime(state, nowMs);
  const sinceKey = `${settings.keyPrefix}since`;
  await send(['SET', sinceKey, String(nowMs), 'NX'], commandMs(settings));
  state.sinceMs = Number(await send(['GET', sinceKey], commandMs(settings)));
}

function createCommands(link: () => Link, settings: SharingSettings): Commands {
  const send = (command: readonly string[]) => link().send(command, commandMs(settings));
  const run = async ({ sha1, text }: Script, keys: readonly string[], argument: string) => {
    const rest = [String(keys.length), ...keys, argument];
    try {
      return await send(['EVALSHA', sha1, ...rest]);
    } catch (error) {
      const isUnknown = error instanceof Error && error.message.startsWith('NOSCRIPT');
      if (isUnknown) return send(['EVAL', text, ...rest]);
      throw error;
    }
  };
  return { send, run };
}

function createLinks(state: State, onUp: () => void): { readonly commands: Link; readonly reader: Link } {
  const { settings, logger } = state;
  const onDown = (error: unknown) => {
    if (state.isLossTold) return;
    state.isLossTold = true;
    state.upMs = performance.now();
    const reason = error instanceof Error ? error.message || error.name : 'unknown';
    logger.warn({ reason }, 'Redis cannot be reached');
  };
  const commands = createLink(settings, { onOpen: (send) => greet(state, send), onUp, onDown });
  const reader = createLink(settings, { onOpen: async () => undefined, onUp, onDown });
  return { commands, reader };
}

/** Has the read that waits begin anew: it names the streams that it waits for. */
function createWake(commands: () => Commands, wakeStream: string) {
  return () => {
    const { send } = commands();
    const add = send(['XADD', wakeStream, 'MAXLEN', '1', '*', 'wake', '1']);
    add.then(() => send(['PEXPIRE', wakeStream, '60000'])).catch(() => undefined);
  };
}

/** Whoever looks into Redis, to see who polls, finds the machine and the process. */
const nameProcess = () => `${hostname()}.${pid}.${randomUUID().slice(0, 8)}`;

export function createSharing(settings: SharingSettings, logger: TransportLogger): Sharing {
  const process = nameProcess();
  const state: State = {
    ...{ settings, logger, listeners: new Set(), pending: new Set() },
    ...{ ahead: undefined, sinceMs: 0, upMs: performance.now(), isLossTold: false },
  };
  const isUp = () => links.commands.isUp && links.reader.isUp;
  const onUp = () => {
    if (!isUp()) return;
    if (state.isLossTold) logger.warn({}, 'Redis can be reached again');
    state.isLossTold = false;
    follower.start();
    for (const call of state.listeners) call();
  };
  const commands = createCommands(() => links.commands, settings);
  const wakeStream = `${settings.keyPrefix}wake:${process}`;
  const follower = createFollower(
    () => links.reader,
    wakeStream,
    createWake(() => commands, wakeStream),
  );
  const links = createLinks(state, onUp);
  const alone = new Set<string>();
  return {
    ...{ process, settings, follower, alone, logger },
    checkUp: () => {
      if (!isUp()) throw new RedisLost('There is no connection to Redis.');
    },
    openLog: (topic, limits) => createStreamLog({ commands, process, topic, limits, ...settings }),
    moment: () => {
      const nowMs = state.ahead && performance.now() + state.ahead.milliseconds;
      return nowMs && Math.floor(Math.max(state.sinceMs, nowMs - UNSURE_MS));
    },
    clock: () => state.ahead && performance.now() + state.ahead.milliseconds,
    lastUpMs: () => {
      if (isUp()) state.upMs = performance.now();
      return state.upMs;
    },
    noteTime: (redisMs) => noteTime(state, redisMs),
    onUp: (call) => {
      state.listeners.add(call);
      return () => void state.listeners.delete(call);
    },
    get isAlone() {
      return alone.size > 0 || !isUp();
    },
    track: (work) => {
      const tracked = work.catch(() => undefined).finally(() => state.pending.delete(tracked));
      state.pending.add(tracked);
    },
    close: async () => {
      await Promise.all(state.pending);
      follower.close();
      await Promise.all([links.commands.close(), links.reader.close()]);
    },
  };
}
