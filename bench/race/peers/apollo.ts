import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type Context, createContext, resolvers, typeDefs } from './graph.ts';
import { HOST, type StartPeer, tokenOf } from './peer.ts';

export const startApollo: StartPeer = async ({ port, upstream }) => {
  const server = new ApolloServer<Context>({
    typeDefs,
    resolvers,
    csrfPrevention: false,
    introspection: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
  await startStandaloneServer(server, {
    listen: { port, host: HOST },
    context: async ({ req }) => createContext(upstream, tokenOf(req.headers)),
  });
};
