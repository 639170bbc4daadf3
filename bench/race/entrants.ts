import { fileURLToPath } from 'node:url';
import type { Entrant, Place } from './entrant.ts';
import { writeGatewayConfig } from './gateway-config.ts';
import { hive } from './hive/hive.ts';

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
  hive,
];
