import { fastify } from 'fastify';
import { mercurius } from 'mercurius';
import { pollPlainly, sdl } from './plain-feed.ts';
import type { StartServer } from './servers.ts';

/** Mercurius with the pub/sub that it brings along, and one poll behind it. */
export const startMercurius: StartServer = async ({ nodeUrl, intervalMs }) => {
  const app = fastify();
  await app.register(mercurius, {
    schema: sdl,
    subscription: true,
    resolvers: {
      Transfer: { resolveType: (value: { readonly __typename: string }) => value.__typename },
      Subscription: {
        transferProgress: { subscribe: (_root, { id }: { id: string }, { pubsub }) => pubsub.subscribe(id) },
      },
    },
  });
  pollPlainly(nodeUrl, intervalMs, (topic, payload) => void app.graphql.pubsub.publish({ topic, payload }));
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  return `${address.replace('http', 'ws')}/graphql`;
};
