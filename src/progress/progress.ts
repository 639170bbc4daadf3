import type { NodeSource } from '../sources/node/source.ts';
import type { NodeTransfer } from '../sources/node/types.ts';
import type { TransportLogger } from '../transport/transport.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import { createNodeFeed } from './node-feed.ts';
import { createTopic, type TopicSettings } from './topic.ts';
import type { Topic } from './types.ts';

/** Live changes of everything that moves: one poll for each source and upstream identity, whoever watches. */
export interface Progress {
  /** The transfers of a node, as this upstream identity sees them. */
  transfersOf(source: NodeSource, identity: UpstreamIdentity): Topic<NodeTransfer>;
}

export interface ProgressDeps {
  readonly settings: TopicSettings;
  readonly logger: TransportLogger;
  readonly now?: () => number;
}

export function createProgress(deps: ProgressDeps): Progress {
  const transferTopics = new Map<string, Topic<NodeTransfer>>();
  return {
    transfersOf: (source, identity) => {
      const key = JSON.stringify(['node', source.name, identity.key]);
      const known = transferTopics.get(key);
      if (known) return known;
      const topic = createTopic<NodeTransfer>({
        ...deps,
        key,
        idOf: (transfer) => transfer.transferId,
        poll: createNodeFeed(source, identity),
      });
      transferTopics.set(key, topic);
      return topic;
    },
  };
}
