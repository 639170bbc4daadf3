import pLimit, { type LimitFunction } from 'p-limit';
import type { FaspexSource } from '../sources/faspex/source.ts';
import type { NodeSource } from '../sources/node/source.ts';
import type { NodeTransfer } from '../sources/node/types.ts';
import type { TransferdSource } from '../sources/transferd/source.ts';
import type { TransferdTransfer } from '../sources/transferd/types.ts';
import type { TransportLogger } from '../transport/transport.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import { createNodeFeed } from './node-feed.ts';
import { createPackagePoll } from './package-poll.ts';
import { createPackageReadings, type PackageChange, type PackageReadings } from './package-readings.ts';
import { createTopic, type TopicSettings } from './topic.ts';
import { createTransferdFeed } from './transferd-feed.ts';
import type { Topic } from './types.ts';

/** Live changes of everything that moves: one poll for each source and upstream identity, whoever watches. */
export interface Progress {
  /** The transfers of a node, as this upstream identity sees them. Events show what `toLogged` says. */
  transfersOf(source: NodeSource, identity: UpstreamIdentity): Topic<NodeTransfer>;
  /** The packages of a Faspex server that somebody watches, as this upstream identity sees them. */
  packagesOf(source: FaspexSource, identity: UpstreamIdentity): PackageTopic;
  /** The transfers of a daemon, which pushes what happens: nothing is polled. */
  localTransfersOf(source: TransferdSource, identity: UpstreamIdentity): Topic<TransferdTransfer>;
}

/** A topic that polls only what is watched alone. */
export interface PackageTopic extends Topic<PackageChange> {
  /** Reads a package for a subscriber, so that they are told nothing older later, and nothing twice. */
  readonly lookFor: PackageReadings['lookFor'];
}

export interface ProgressDeps {
  readonly settings: TopicSettings;
  readonly logger: TransportLogger;
  readonly now?: () => number;
}

/**
 * Polls of one node at a time, whoever they are for. A poll sends one request after the other, so these are the requests
 * that a node has of all polls together.
 */
const POLLS_AT_ONCE = 4;

/** Idle topics kept at most, so that a subscriber who returns finds the log. Watched ones are never forgotten. */
const MAX_IDLE_TOPICS = 1_000;

/** A daemon pushes what happens; this is only how much of it is told at a time, and the first wait after a failure. */
const PUSHED_MS = 100;

/** Nobody has watched for longer than the log remembers: nothing of it is of use to who comes now. */
const isOutdated = (idleSinceMs: number | undefined, { settings, now = Date.now }: ProgressDeps) =>
  idleSinceMs !== undefined && idleSinceMs < now() - settings.maxAgeMs;

/** Forgets outdated topics, and those idle for longest where there are too many. */
function forgetIdle(topics: Map<string, Topic<unknown>>, deps: ProgressDeps): void {
  const idle = [...topics].flatMap(([key, { idleSinceMs }]) =>
    idleSinceMs === undefined ? [] : [{ key, idleSinceMs }],
  );
  idle.sort((left, right) => right.idleSinceMs - left.idleSinceMs);
  for (const [index, { key, idleSinceMs }] of idle.entries()) {
    if (index >= MAX_IDLE_TOPICS || isOutdated(idleSinceMs, deps)) topics.delete(key);
  }
}

function createTopics<T extends Topic<unknown>>(deps: ProgressDeps) {
  const topics = new Map<string, T>();
  return (key: string, create: () => T): T => {
    const known = topics.get(key);
    if (known && !isOutdated(known.idleSinceMs, deps)) return known;
    forgetIdle(topics, deps);
    const topic = create();
    topics.set(key, topic);
    return topic;
  };
}

function createPackageTopic(
  source: FaspexSource,
  identity: UpstreamIdentity,
  key: string,
  deps: ProgressDeps,
): PackageTopic {
  const readings = createPackageReadings();
  const poll = createPackagePoll(source, identity, readings, deps.now);
  const topic = createTopic<PackageChange>({ ...deps, key, poll, idOf: ({ packageId }) => packageId });
  return {
    watch: topic.watch,
    lookFor: readings.lookFor,
    get cursor() {
      return topic.cursor;
    },
    get watchers() {
      return topic.watchers;
    },
    get idleSinceMs() {
      return topic.idleSinceMs;
    },
  };
}

function createGates() {
  const gates = new WeakMap<NodeSource, LimitFunction>();
  return (source: NodeSource): LimitFunction => {
    const gate = gates.get(source) ?? pLimit(POLLS_AT_ONCE);
    gates.set(source, gate);
    return gate;
  };
}

export function createProgress(deps: ProgressDeps): Progress {
  const gateOf = createGates();
  const transferTopics = createTopics<Topic<NodeTransfer>>(deps);
  const packageTopics = createTopics<PackageTopic>(deps);
  const localTopics = new Map<string, Topic<TransferdTransfer>>();
  const pushedSettings = { ...deps.settings, intervalMs: PUSHED_MS, idleIntervalMs: PUSHED_MS };
  return {
    transfersOf: (source, identity) => {
      const key = JSON.stringify(['node', source.name, identity.key]);
      return transferTopics(key, () => {
        const feed = createNodeFeed(source, identity, deps.now);
        const gate = gateOf(source);
        const poll: typeof feed = (signal, watched) =>
          gate(() => {
            signal.throwIfAborted();
            return feed(signal, watched);
          });
        return createTopic<NodeTransfer>({ ...deps, key, poll, idOf: ({ transferId }) => transferId });
      });
    },
    packagesOf: (source, identity) => {
      const key = JSON.stringify(['faspex', source.name, identity.key]);
      return packageTopics(key, () => createPackageTopic(source, identity, key, deps));
    },
    localTransfersOf: (source, identity) => {
      const key = JSON.stringify(['transferd', source.name, identity.key]);
      const known = localTopics.get(key);
      // What happens while nobody listens is not told later: who comes back then finds a new log, and is told of a gap.
      if (known?.idleSinceMs === undefined && known) return known;
      const poll = createTransferdFeed(source, identity);
      const idOf = ({ transferId }: TransferdTransfer) => transferId;
      const topic = createTopic<TransferdTransfer>({ ...deps, settings: pushedSettings, key, poll, idOf });
      localTopics.set(key, topic);
      return topic;
    },
  };
}
