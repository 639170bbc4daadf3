import { fileURLToPath } from 'node:url';
import type { Projection } from './check-answers.ts';
import { writeGatewayConfig } from './gateway-config.ts';
import type { DialectName } from './operations.ts';
import type { Upstream } from './upstream.ts';

/** Where a server is to be started, and in front of what. */
export interface Place {
  readonly port: number;
  readonly upstream: Upstream;
  /** For what it needs in files. */
  readonly folder: string;
}

/** One of those who race. */
export interface Entrant {
  readonly name: string;
  readonly label: string;
  /** `peer`: a framework that the gateway is to be ahead of. `bound`: what no framework can be faster than. */
  readonly role: 'floor' | 'gateway' | 'bound' | 'peer';
  readonly dialect: DialectName;
  /** Arguments for Node.js that start it. */
  args(place: Place): readonly string[] | Promise<readonly string[]>;
  readonly env?: Readonly<Record<string, string>>;
  /** What of an answer is compared, where a server cannot answer as the others do. */
  readonly project?: Projection;
}

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const optionsOf = ({ port, upstream }: Place) =>
  JSON.stringify({ port, faspexUrl: upstream.faspexUrl, nodeUrl: upstream.nodeUrl });

export const floor: Entrant = {
  name: 'floor',
  label: 'floor: node:http + undici',
  role: 'floor',
  dialect: 'ours',
  args: (place) => [fileOf('./serve.ts'), optionsOf(place)],
};

export const gateway: Entrant = {
  name: 'gateway',
  label: 'this gateway',
  role: 'gateway',
  dialect: 'ours',
  args: ({ folder, port, upstream }) => [
    fileOf('../../src/main.ts'),
    'start',
    '--config',
    writeGatewayConfig(folder, port, upstream),
  ],
};

const peer = (name: string, label: string, role: Entrant['role'] = 'peer'): Entrant => ({
  name,
  label,
  role,
  dialect: 'ours',
  args: (place) => [fileOf('./peers/serve.ts'), name, optionsOf(place)],
});

export const peers: readonly Entrant[] = [
  peer('graphql-jit', 'node:http + graphql-jit', 'bound'),
  peer('mercurius', 'Mercurius + JIT'),
  peer('yoga-jit', 'Yoga + JIT'),
  peer('yoga', 'Yoga'),
  peer('apollo', 'Apollo Server'),
];
