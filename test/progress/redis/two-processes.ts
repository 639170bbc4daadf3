import { onTestFinished } from 'vitest';
import { createSharedTopic } from '../../../src/progress/redis/shared-topic.ts';
import { createSharing } from '../../../src/progress/redis/sharing.ts';
import type { ResumablePoll } from '../../../src/progress/resumable-poll.ts';
import type { PollResult } from '../../../src/progress/topic.ts';
import type { Watched } from '../../../src/progress/watchers.ts';
import { type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { type Thing, thing } from '../polled-topic.ts';
import { until } from '../watched-node.ts';

/** Short, so that tests do not wait for long, and long enough for a busy machine to renew it. */
export const LEASE_MS = 1_200;

const settings = { leaseMs: LEASE_MS, intervalMs: 30, idleIntervalMs: 30, maxAgeMs: 900_000, maxEntries: 100 };

/** A source that all processes of a test poll: its changes are numbered, and a place is how many have been read. */
export function createFakeSource() {
  const changes: Thing[] = [];
  const extras: Partial<PollResult<Thing>>[] = [];
  return {
    changes,
    /** What the polls after this find beside changes, one each. */
    extras,
    tell: (id: string, n: number) => void changes.push(thing(id, n)),
  };
}

export type FakeSource = ReturnType<typeof createFakeSource>;

/** What one process knows of the source. */
function createFakePoll(source: FakeSource) {
  const state = { read: 0, polls: 0, watched: [] as string[], everything: false, error: undefined as unknown };
  const heard = new Set<string>();
  const resumable: ResumablePoll<Thing> = {
    poll: async (signal: AbortSignal, watched: Watched) => {
      state.polls += 1;
      Object.assign(state, { watched: [...watched.ids()].toSorted(), everything: watched.everything });
      if (state.error) throw state.error;
      signal.throwIfAborted();
      const found = source.changes.slice(state.read).filter((one) => !heard.has(JSON.stringify(one)));
      for (const one of found) heard.add(JSON.stringify(one));
      state.read = source.changes.length;
      return { changes: found, busy: true, startsAnew: false, ...source.extras.shift() };
    },
    place: () => String(state.read),
    goOnFrom: (place) => {
      state.read = Number(place ?? 0);
    },
    heard: (value) => void heard.add(JSON.stringify(value)),
    unheard: (values) => {
      for (const value of values) heard.delete(JSON.stringify(value));
    },
  };
  return { state, resumable };
}

export const codec = {
  encode: (value: Thing) => JSON.stringify(value),
  decode: (text: string): Thing => JSON.parse(text),
};

const silent = { debug: () => undefined, warn: () => undefined };

/** What one gateway process has of a topic, in this process: its own connections, and its own part of the poll. */
export function openProcess(redis: Pick<RedisServer, 'url'>, source: FakeSource, more: Partial<typeof settings> = {}) {
  const login = { username: undefined, password: undefined, tls: undefined };
  const { leaseMs, ...chosen } = { ...settings, ...more };
  const sharing = createSharing({ url: redis.url, keyPrefix: 'test:', leaseMs, ...login }, silent);
  const { state, resumable } = createFakePoll(source);
  const topic = createSharedTopic<Thing>(
    { key: 'a topic of ada@example.com', settings: chosen, idOf: ({ id }) => id, resumable, codec },
    sharing,
  );
  onTestFinished(() => sharing.close());
  return { sharing, topic, poll: state };
}

export async function startTwoProcesses(more: Partial<typeof settings> = {}) {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const source = createFakeSource();
  const open = async () => {
    const opened = openProcess(redis, source, more);
    await until(() => opened.sharing.isAlone).toBe(false);
    return opened;
  };
  return { redis, source, open, first: await open(), second: await open() };
}
