import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { createGateway } from '../../src/gateway.ts';
import type { StartServer } from './servers.ts';
import { NODE } from './transfers.ts';

/** The gateway as anybody runs it. */
export const startGateway: StartServer = async ({ nodeUrl, intervalMs, keys }) => {
  const yaml = stringify({
    // Thousands come at once; some have to wait.
    server: { port: 0, drainMs: 100, webSocketInitMs: 60_000 },
    log: { level: 'error' },
    ownershipKey: { env: 'OWNERSHIP_KEY' },
    progress: { intervalMs, idleIntervalMs: intervalMs },
    viewers: {
      apiKeys: keys.map((_, index) => ({
        ...{ name: `dashboard-${index}`, key: { env: `KEY_${index}` }, scopes: ['transfer.read', 'transfer.all'] },
      })),
    },
    sources: {
      node: [
        { name: NODE, url: nodeUrl, visibility: 'all', nodeUser: { username: 'bench', password: { env: 'PASSWORD' } } },
      ],
    },
  });
  const env = {
    ...Object.fromEntries(keys.map((key, index) => [`KEY_${index}`, key])),
    ...{ OWNERSHIP_KEY: 'ownership-of-the-bench', PASSWORD: 'password-of-the-bench' },
  };
  const gateway = createGateway(loadConfig(yaml, { folder: '.', file: 'bench', env }));
  return (await gateway.listen()).webSocketUrl;
};
