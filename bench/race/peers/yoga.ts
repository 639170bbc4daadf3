import { createServer, type IncomingMessage } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import { createSchema, createYoga } from 'graphql-yoga';
import { type Context, createContext, resolvers, typeDefs } from './graph.ts';
import { HOST, type PeerOptions, type StartPeer, tokenOf } from './peer.ts';

async function start({ port, upstream }: PeerOptions, plugins: readonly object[]): Promise<void> {
  const yoga = createYoga<{ req: IncomingMessage }, Context>({
    schema: createSchema<Context & { req: IncomingMessage }>({ typeDefs, resolvers }),
    context: ({ req }) => createContext(upstream, tokenOf(req.headers)),
    plugins: [...plugins],
    graphiql: false,
    landingPage: false,
    logging: false,
    maskedErrors: false,
    multipart: false,
    cors: false,
  });
  createServer(yoga).listen(port, HOST);
}

export const startYoga: StartPeer = (options) => start(options, []);

export const startYogaJit: StartPeer = (options) => start(options, [useGraphQlJit()]);
