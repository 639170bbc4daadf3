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
import type { PollCounts } from './poll-counts.ts';
import { createSharedTopic, type SharedTopicOptions } from './redis/shared-topic.ts';
import { createSharing, type Sharing, type SharingSettings } from './redis/sharing.ts';
import type { ResumablePoll } from './resumable-poll.ts';
import { createSharedPackages } from './shared-packages.ts';
import { createTopic, type TopicSettings } from './topic.ts';
import { transferCodec } from './transfer-codec.ts';
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
  /** Whether polls and events are shared with other processes at the moment; undefined where there are no others. */
  readonly sharing: 'shared' | 'alone' | undefined;
  /** Leaves the polls to the other processes, and closes the connections to Redis. */
  close(): Promise<void>;
}

/** A topic that polls only what is watched alone. */
export interface PackageTopic extends Topic<PackageChange> {
  /** Reads a package for a subscriber, so that they are told nothing older later, and nothing twice. */
  readonly lookFor: PackageReadings['lookFor'];
}

export interface ProgressDeps {
  readonly settings: TopicSettings;
  readonly logger: TransportLogger;
  /** Where polls and events are shared with other processes; this process is the only one when left out. */
  readonly redis?: SharingSettings | undefined;
  /** Where the polls of a source are counted, by its name. */
  readonly countsOf?: ((source: string) => PollCounts) | undefined;
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

type OpenTopic = <T>(
  source: { readonly name: string },
  options: Pick<SharedTopicOptions<T>, 'key' | 'idOf' | 'resumable' | 'codec'>,
) => Topic<T>;

/** Opens topics that this process polls for itself, or takes turns at with the others. */
function createOpenTopic(deps: ProgressDeps, sharing: Sharing | undefined): OpenTopic {
  const { settings, now, logger } = deps;
  return ({ name }, options) => {
    const counts = deps.countsOf?.(name);
    if (sharing) return createSharedTopic({ settings, now, counts, ...options }, sharing);
    return createTopic({ settings, now, counts, logger, ...options, poll: options.resumable.poll });
  };
}

function createPackageTopic(
  source: FaspexSource,
  identity: UpstreamIdentity,
  now: (() => number) | undefined,
  open: OpenTopic,
): PackageTopic {
  const readings = createPackageReadings();
  const read = (packageId: string) => source.createLoaders(source.open({ identity })).package.load(packageId);
  const { codec, complete } = createSharedPackages(readings, read);
  const resumable: ResumablePoll<PackageChange> = {
    poll: createPackagePoll(source, identity, readings, now),
    // Each poll reads the packages anew: there is no place to go on from.
    place: () => undefined,
    goOnFrom: () => undefined,
    heard: readings.noteTold,
    unheard: readings.takeBack,
  };
  const key = JSON.stringify(['faspex', source.name, identity.key]);
  const topic = open<PackageChange>(source, { key, resumable, codec, idOf: ({ packageId }) => packageId });
  return {
    watch: (options) => complete(topic.watch(options)),
    lookFor: readings.lookFor,
    get cursor() {
      return topic.cursor;
    },
    get position() {
      return topic.position;
    },
    get watchers() {
      return topic.watchers;
    },
    get idleSinceMs() {
      return topic.idleSinceMs;
    },
  };
}

/** Polls of a node wait for their turn among those of the other identities. */
function gated<T>(resumable: ResumablePoll<T>, gate: LimitFunction): ResumablePoll<T> {
  return {
    ...resumable,
    poll: (signal, watched) =>
      gate(() => {
        signal.throwIfAborted();
        return resumable.poll(signal, watched);
      }),
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
  const { now, logger, redis } = deps;
  const sharing = redis && createSharing(redis, logger);
  const open = createOpenTopic(deps, sharing);
  const gateOf = createGates();
  const transferTopics = createTopics<Topic<NodeTransfer>>(deps);
  const packageTopics = createTopics<PackageTopic>(deps);
  const localTopics = new Map<string, Topic<TransferdTransfer>>();
  const pushedSettings = { ...deps.settings, intervalMs: PUSHED_MS, idleIntervalMs: PUSHED_MS };
  return {
    transfersOf: (source, identity) => {
      const key = JSON.stringify(['node', source.name, identity.key]);
      return transferTopics(key, () => {
        const resumable = gated(createNodeFeed(source, identity, now), gateOf(source));
        return open(source, { key, resumable, codec: transferCodec, idOf: ({ transferId }) => transferId });
      });
    },
    packagesOf: (source, identity) => {
      const key = JSON.stringify(['faspex', source.name, identity.key]);
      return packageTopics(key, () => createPackageTopic(source, identity, now, open));
    },
    get sharing() {
      return sharing && (sharing.isAlone ? 'alone' : 'shared');
    },
    close: async () => {
      await sharing?.close();
    },
    localTransfersOf: (source, identity) => {
      const key = JSON.stringify(['transferd', source.name, identity.key]);
      const known = localTopics.get(key);
      // What happens while nobody listens is not told later: who comes back then finds a new log, and is told of a gap.
      if (known?.idleSinceMs === undefined && known) return known;
      const poll = createTransferdFeed(source, identity);
      const idOf = ({ transferId }: TransferdTransfer) => transferId;
      const counts = deps.countsOf?.(source.name);
      const topic = createTopic<TransferdTransfer>({ ...deps, settings: pushedSettings, counts, key, poll, idOf });
      localTopics.set(key, topic);
      return topic;
    },
  };
}
