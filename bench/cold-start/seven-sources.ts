import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Servers } from './servers.ts';

/** A configuration as an operator writes it, in a folder of its own. */
export interface ConfigFile {
  readonly folder: string;
  readonly file: string;
  readonly port: number;
  readonly key: string;
  /** The secrets. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const KEY = 'bench-key-0123456789abcdef';

const env = {
  GATEWAY_KEY: KEY,
  OWNERSHIP_KEY: 'ownership-of-the-bench',
  PASSWORD: 'password-of-the-bench',
};

const password = { env: 'PASSWORD' };

/** Two Faspex servers, three nodes, a FairCom server and a transfer daemon; where told so, two of them are down. */
function sourcesOf({ healthy, refusing, silent }: Servers, areTwoDown: boolean) {
  const url = `http://${healthy}`;
  const faspex = { clientId: 'gateway', privateKey: { file: 'client-key.pem' }, serviceUser: 'gateway@example.com' };
  const node = { nodeUser: { username: 'gateway', password } };
  return {
    faspex: [
      { name: 'packages', url, ...faspex },
      { name: 'archive', url: areTwoDown ? `http://${refusing}` : url, ...faspex },
    ],
    node: [
      { name: 'london', url, ...node },
      { name: 'tokyo', url: areTwoDown ? `http://${silent}` : url, ...node },
      { name: 'lisbon', url, ...node },
    ],
    faircom: [{ name: 'records', url, username: 'gateway', password }],
    transferd: [{ name: 'workstation', url: healthy }],
  };
}

export async function writeConfig(servers: Servers, port: number, areTwoDown: boolean): Promise<ConfigFile> {
  const folder = await mkdtemp(join(tmpdir(), 'cold-start-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(join(folder, 'client-key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const file = join(folder, 'gateway.yaml');
  const yaml = stringify({
    server: { port },
    viewers: { apiKeys: [{ name: 'operations', key: { env: 'GATEWAY_KEY' }, scopes: ['*'] }] },
    ownershipKey: { env: 'OWNERSHIP_KEY' },
    sources: sourcesOf(servers, areTwoDown),
  });
  await writeFile(file, yaml);
  return { ...{ folder, file, port, key: KEY, env }, remove: () => rm(folder, { recursive: true, force: true }) };
}
