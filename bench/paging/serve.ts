import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { createGateway } from '../../src/gateway.ts';
import { answerQuestions } from '../kit/child.ts';
import { cpuMs, memory } from '../kit/usage.ts';
import type { Places } from './servers.ts';

/** The process of the gateway. */
type Question =
  | { readonly ask: 'start'; readonly key: string; readonly places: Places }
  | { readonly ask: 'memory' }
  | { readonly ask: 'cpu' };

async function start(key: string, places: Places): Promise<string> {
  const { nodeUrl, accessKeyId, accessKeySecret, faircomUrl, tls, username, password } = places;
  const yaml = stringify({
    server: { port: 0 },
    log: { level: 'warn' },
    ownershipKey: { env: 'OWNERSHIP_KEY' },
    viewers: { apiKeys: [{ name: 'reader', key: { env: 'KEY' }, scopes: ['node.read', 'faircom.read'] }] },
    sources: {
      node: [{ name: 'node', url: nodeUrl, accessKey: { id: accessKeyId, secret: { env: 'SECRET' } } }],
      faircom: [{ name: 'records', url: faircomUrl, tls, username, password: { env: 'PASSWORD' } }],
    },
  });
  const env = { OWNERSHIP_KEY: 'ownership-of-the-bench', KEY: key, SECRET: accessKeySecret, PASSWORD: password };
  const gateway = createGateway(loadConfig(yaml, { folder: '.', file: 'bench', env }));
  return (await gateway.listen()).url;
}

answerQuestions<Question>(async (question) => {
  if (question.ask === 'memory') return memory();
  if (question.ask === 'cpu') return { cpuMs: cpuMs() };
  return { url: await start(question.key, question.places) };
});
