import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { createGateway } from '../../src/gateway.ts';
import type { StartServer } from './servers.ts';
import { NODE } from './transfers.ts';

/** The gateway as anybody runs it. */
export const startGateway: StartServer = async ({ nodeUrl, intervalMs, key }) => {
  const yaml = stringify({
    // Thousands come at once; some have to wait.
    server: { port: 0, drainMs: 100, webSocketInitMs: 60_000 },
    log: { level: 'error' },
    ownershipKey: { env: 'OWNERSHIP_KEY' },
    progress: { intervalMs, idleIntervalMs: intervalMs },
    viewers: { apiKeys: [{ name: 'dashboard', key: { env: 'KEY' }, scopes: ['transfer.read', 'transfer.all'] }] },
    sources: {
      node: [
        { name: NODE, url: nodeUrl, visibility: 'all', nodeUser: { username: 'bench', password: { env: 'PASSWORD' } } },
      ],
    },
  });
  const env = { KEY: key, OWNERSHIP_KEY: `${key}-ownership`, PASSWORD: `${key}-password` };
  const gateway = createGateway(loadConfig(yaml, { folder: '.', file: 'bench', env }));
  return (await gateway.listen()).webSocketUrl;
};
