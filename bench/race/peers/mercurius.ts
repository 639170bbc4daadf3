import fastify, { type FastifyRequest } from 'fastify';
import mercurius from 'mercurius';
import { toFolder } from '../plain/answers.ts';
import { type Context, createContext, type PackageNode, plainResolvers, typeDefs } from './graph.ts';
import { HOST, type StartPeer, tokenOf } from './peer.ts';

declare module 'mercurius' {
  interface MercuriusContext extends Context {}
}

/** Mercurius brings loaders of its own, which are cheaper than others where they fit. */
const loaders = {
  FaspexPackage: {
    folder: {
      loader: async (queries: readonly { readonly obj: PackageNode }[], { upstream, token }: Context) => {
        const entries = await upstream.filesInfo(
          token,
          queries.map(({ obj }) => obj.folderPath),
        );
        return entries.map(toFolder);
      },
      opts: { cache: false },
    },
  },
};

export const startMercurius: StartPeer = async ({ port, upstream }) => {
  const app = fastify();
  await app.register(mercurius, {
    schema: typeDefs,
    resolvers: plainResolvers,
    loaders,
    context: (request: FastifyRequest) => createContext(upstream, tokenOf(request.headers)),
    jit: 1,
    graphiql: false,
  });
  await app.listen({ port, host: HOST });
};
