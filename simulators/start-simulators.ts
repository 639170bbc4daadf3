import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from './kit/random.ts';
import { seedDocroot } from './node/files/seed-docroot.ts';
import { createNodeSimulator, type NodeSimulator } from './node/node-simulator.ts';
import { createPeerDirectory } from './node/peers.ts';

export interface SimulatorsOptions {
  /** First of the ports; free ones are taken when left out. */
  readonly portBase?: number;
  /** Fill the servers with data that looks like work; true when left out. */
  readonly seed?: boolean;
}

export interface Simulators {
  readonly nodes: readonly NodeSimulator[];
  /** Folder that holds everything the simulators keep; removed by `close`. */
  readonly folder: string;
  close(): Promise<void>;
}

const nodeNames = ['london', 'tokyo'] as const;

/** Ports that one simulator may take. */
const PORTS_EACH = 10;

const portsOf = (base: number | undefined, index: number) => {
  if (base === undefined) return {};
  const first = base + index * PORTS_EACH;
  return { port: first, sshPort: first + 1, controlPort: first + 2 };
};

/** Starts the simulators of all products, which know of each other as real servers would. */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const folder = await mkdtemp(join(tmpdir(), 'aspera-simulators-'));
  const peers = createPeerDirectory();
  const nodes = await Promise.all(
    nodeNames.map(async (name, index) => {
      const docroot = join(folder, name);
      await mkdir(docroot);
      if (options.seed ?? true) await seedDocroot(docroot, createRandom(index + 1));
      const node = createNodeSimulator({ name, docroot, peers, ...portsOf(options.portBase, index) });
      await node.start();
      return node;
    }),
  );
  return {
    nodes,
    folder,
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
