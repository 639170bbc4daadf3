import type { FaspexSource } from '../sources/faspex/source.ts';
import type { NodeSource } from '../sources/node/source.ts';
import type { NodeTransfer } from '../sources/node/types.ts';
import type { TransportLogger } from '../transport/transport.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import { createNodeFeed } from './node-feed.ts';
import { createPackagePoll, createWatchedPackages, type PackageChange } from './package-poll.ts';
import { createTopic, type TopicSettings } from './topic.ts';
import type { Topic } from './types.ts';

/** Live changes of everything that moves: one poll for each source and upstream identity, whoever watches. */
export interface Progress {
  /** The transfers of a node, as this upstream identity sees them. */
  transfersOf(source: NodeSource, identity: UpstreamIdentity): Topic<NodeTransfer>;
  /** The packages of a Faspex server that somebody watches, as this upstream identity sees them. */
  packagesOf(source: FaspexSource, identity: UpstreamIdentity): PackageTopic;
}

/** A topic that polls only what is named to it. */
export interface PackageTopic extends Topic<PackageChange> {
  /** Says that this package is watched; call what it gives when it no longer is. */
  include(packageId: string): () => void;
}

export interface ProgressDeps {
  readonly settings: TopicSettings;
  readonly logger: TransportLogger;
  readonly now?: () => number;
}

/** Idle topics kept, so that a subscriber who returns finds the log; beyond this the ones unused for longest go. */
const MAX_IDLE_TOPICS = 1_000;

function createTopics<T extends { readonly watchers: number }>() {
  const topics = new Map<string, T>();
  const forgetIdle = () => {
    for (const [key, topic] of topics) {
      if (topics.size <= MAX_IDLE_TOPICS) return;
      if (topic.watchers === 0) topics.delete(key);
    }
  };
  return (key: string, create: () => T): T => {
    const topic = topics.get(key) ?? create();
    topics.delete(key);
    topics.set(key, topic);
    forgetIdle();
    return topic;
  };
}

export function createProgress(deps: ProgressDeps): Progress {
  const transferTopics = createTopics<Topic<NodeTransfer>>();
  const packageTopics = createTopics<PackageTopic>();
  return {
    transfersOf: (source, identity) => {
      const key = JSON.stringify(['node', source.name, identity.key]);
      return transferTopics(key, () => {
        const poll = createNodeFeed(source, identity);
        return createTopic<NodeTransfer>({ ...deps, key, poll, idOf: ({ transferId }) => transferId });
      });
    },
    packagesOf: (source, identity) => {
      const key = JSON.stringify(['faspex', source.name, identity.key]);
      return packageTopics(key, () => {
        const watched = createWatchedPackages();
        const poll = createPackagePoll(source, identity, watched);
        const topic = createTopic<PackageChange>({ ...deps, key, poll, idOf: ({ packageId }) => packageId });
        return {
          watch: topic.watch,
          include: watched.add,
          get cursor() {
            return topic.cursor;
          },
          get watchers() {
            return topic.watchers;
          },
        };
      });
    },
  };
}
