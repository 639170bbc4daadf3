import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import type { Simulators } from './start-simulators.ts';

/** The two people of the demo. */
export interface DemoKeys {
  /** May do everything. */
  readonly everything: string;
  /** Reads what is theirs. */
  readonly reader: string;
}

/** A configuration as a person would write it, with the secrets in environment variables of its own. */
export interface DemoConfig {
  readonly yaml: string;
  readonly env: Readonly<Record<string, string>>;
  readonly keys: DemoKeys;
}

const newKey = (prefix: string) => `${prefix}_${randomBytes(18).toString('base64url')}`;

/** Writes the configuration of a gateway in front of the simulators. Keys are made anew at every start. */
export function createDemoConfig({ nodes }: Simulators, port: number): DemoConfig {
  const keys = { everything: newKey('demo-all'), reader: newKey('demo-own') };
  const env: Record<string, string> = {
    DEMO_KEY_ALL: keys.everything,
    DEMO_KEY_OWN: keys.reader,
    OWNERSHIP_KEY: newKey('ownership'),
  };
  for (const node of nodes) env[`PASSWORD_${node.name.toUpperCase()}`] = node.password;
  const yaml = stringify({
    server: { port },
    graphiql: true,
    log: { level: 'warn' },
    ownershipKey: { env: 'OWNERSHIP_KEY' },
    viewers: {
      apiKeys: [
        { name: 'everything', key: { env: 'DEMO_KEY_ALL' }, scopes: ['*'] },
        { name: 'reader', key: { env: 'DEMO_KEY_OWN' }, scopes: ['node.read', 'transfer.read'] },
      ],
    },
    sources: {
      node: nodes.map(({ name, url, username }) => ({
        name,
        url,
        visibility: 'all',
        nodeUser: { username, password: { env: `PASSWORD_${name.toUpperCase()}` } },
      })),
    },
  });
  return { yaml, env, keys };
}
