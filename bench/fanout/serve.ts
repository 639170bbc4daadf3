import { answerQuestions } from '../kit/child.ts';
import { cpuMs, memory } from '../kit/usage.ts';
import { startGateway } from './serve-gateway.ts';
import { startGraphqlWs } from './serve-graphql-ws.ts';
import { startMercurius } from './serve-mercurius.ts';
import type { ServerOptions, StartServer } from './servers.ts';

/** One process that serves, in one of three ways. */
type Question =
  | ({ readonly ask: 'start'; readonly kind: string } & ServerOptions)
  | { readonly ask: 'memory' }
  | { readonly ask: 'cpu' };

const servers: Readonly<Record<string, StartServer>> = {
  gateway: startGateway,
  'graphql-ws': startGraphqlWs,
  mercurius: startMercurius,
};

answerQuestions<Question>(async (question) => {
  if (question.ask === 'memory') return memory();
  if (question.ask === 'cpu') return { cpuMs: cpuMs() };
  const start = servers[question.kind];
  if (!start) throw new Error(`there is no server ${question.kind}`);
  return { url: await start(question) };
});
