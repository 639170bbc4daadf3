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

/** Who a demo caller is at Faspex: its administrator comes first, then a person with a few packages. */
const claimsOf = (faspex: Simulators['faspex'], index: number) => ({ email: faspex.users[index]?.email });

const recordsSource = ({ url, caFile, certFile, keyFile, username }: Simulators['faircom']) => ({
  name: 'records',
  url,
  tls: { caFile, certFile, keyFile },
  username,
  password: { env: 'PASSWORD_RECORDS' },
});

/** Writes the configuration of a gateway in front of the simulators. Keys are made anew at every start. */
export function createDemoConfig(simulators: Simulators, port: number): DemoConfig {
  const { faircom, faspex, faspexKeyFile, nodes, transferd } = simulators;
  const keys = { everything: newKey('demo-all'), reader: newKey('demo-own') };
  const env: Record<string, string> = {
    DEMO_KEY_ALL: keys.everything,
    DEMO_KEY_OWN: keys.reader,
    OWNERSHIP_KEY: newKey('ownership'),
    PASSWORD_RECORDS: faircom.password,
  };
  for (const node of nodes) env[`PASSWORD_${node.name.toUpperCase()}`] = node.password;
  const yaml = stringify({
    server: { port },
    graphiql: true,
    log: { level: 'warn' },
    ownershipKey: { env: 'OWNERSHIP_KEY' },
    viewers: {
      apiKeys: [
        { name: 'everything', key: { env: 'DEMO_KEY_ALL' }, scopes: ['*'], claims: claimsOf(faspex, 0) },
        {
          name: 'reader',
          key: { env: 'DEMO_KEY_OWN' },
          scopes: ['faspex.read', 'node.read', 'transfer.read'],
          claims: claimsOf(faspex, 1),
        },
      ],
    },
    sources: {
      faspex: [
        {
          name: 'packages',
          url: faspex.url,
          actAs: 'viewer',
          clientId: faspex.clientId,
          privateKey: { file: faspexKeyFile },
        },
      ],
      node: nodes.map(({ name, url, username }) => ({
        name,
        url,
        visibility: 'all',
        nodeUser: { username, password: { env: `PASSWORD_${name.toUpperCase()}` } },
      })),
      faircom: [recordsSource(faircom)],
      transferd: [{ name: 'workstation', url: `${transferd.address}:${transferd.port}`, visibility: 'all' }],
    },
  });
  return { yaml, env, keys };
}
