import { subscribe } from 'node:diagnostics_channel';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { createGateway } from '../../src/gateway.ts';
import { answerQuestions } from '../kit/child.ts';
import { cpuMs } from '../kit/usage.ts';

/** One process of the gateway. */
type Question = ({ readonly ask: 'start' } & GatewayOptions) | { readonly ask: 'use' };

export interface GatewayOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly key: string;
  readonly faspex: FaspexPlace;
}

/** Where the packages are, and as whom the gateway calls. */
export interface FaspexPlace {
  readonly url: string;
  readonly clientId: string;
  readonly privateKey: string;
  readonly serviceUser: string;
}

/** What a process has done since it began. */
export interface Use {
  readonly cpuMs: number;
  readonly requests: number;
}

async function start({ port, key, faspex }: GatewayOptions): Promise<string> {
  const { url, clientId, serviceUser } = faspex;
  const yaml = stringify({
    server: { port, reusePort: true },
    log: { level: 'warn' },
    ownershipKey: { env: 'OWNERSHIP_KEY' },
    viewers: { apiKeys: [{ name: 'caller', key: { env: 'KEY' }, scopes: ['faspex.read'] }] },
    sources: { faspex: [{ name: 'packages', url, clientId, serviceUser, privateKey: { env: 'PRIVATE_KEY' } }] },
  });
  const env = { OWNERSHIP_KEY: 'ownership-of-the-bench', KEY: key, PRIVATE_KEY: faspex.privateKey };
  const gateway = createGateway(loadConfig(yaml, { folder: '.', file: 'bench', env }));
  return (await gateway.listen()).url;
}

let requests = 0;
subscribe('http.server.request.start', () => {
  requests += 1;
});

answerQuestions<Question>(async (question) =>
  question.ask === 'start' ? { url: await start(question) } : { cpuMs: cpuMs(), requests },
);
