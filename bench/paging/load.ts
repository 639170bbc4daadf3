import { answerQuestions } from '../kit/child.ts';
import { cpuMs } from '../kit/usage.ts';
import { type Servers, type Sizes, startServers } from './servers.ts';

/** The process of the vendors' servers. */
type Question =
  | ({ readonly ask: 'start' } & Sizes)
  | { readonly ask: 'requests' }
  | { readonly ask: 'cpu' }
  | { readonly ask: 'close' };

let servers: Servers | undefined;

answerQuestions<Question>(async (question) => {
  if (question.ask === 'start') {
    servers = await startServers(question);
    return servers.places;
  }
  if (question.ask === 'cpu') return { cpuMs: cpuMs() };
  if (question.ask === 'requests') return { count: servers?.takeRequests() ?? 0 };
  await servers?.close();
  return {};
});
