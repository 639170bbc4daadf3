import { createUpstreamClient } from '../plain/upstream-client.ts';
import { startApollo } from './apollo.ts';
import { startGraphqlJit } from './graphql-jit.ts';
import { startMercurius } from './mercurius.ts';
import type { StartPeer } from './peer.ts';
import { startYoga, startYogaJit } from './yoga.ts';

/** One peer as a process: `serve.ts <name> <JSON of the options>`. */
const peers: Readonly<Record<string, StartPeer>> = {
  apollo: startApollo,
  'graphql-jit': startGraphqlJit,
  mercurius: startMercurius,
  yoga: startYoga,
  'yoga-jit': startYogaJit,
};

const [, , name = '', options = '{}'] = process.argv;
const { port, ...urls } = JSON.parse(options) as {
  readonly port: number;
  readonly faspexUrl: string;
  readonly nodeUrl: string;
};
const start = peers[name];
if (!start) throw new Error(`there is no peer ${name}`);
await start({ port, upstream: createUpstreamClient(urls) });
