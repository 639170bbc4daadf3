import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFairComSimulator, type FairComSimulator } from './faircom/faircom-simulator.ts';
import { createFaspexSimulator, type FaspexSimulator } from './faspex/faspex-simulator.ts';
import { createRandom } from './kit/random.ts';
import { seedDocroot } from './node/files/seed-docroot.ts';
import { createNodeSimulator, type NodeSimulator } from './node/node-simulator.ts';
import { createPeerDirectory, type PeerDirectory } from './node/peers.ts';
import { seedServices } from './seed-services.ts';
import { createTransferdSimulator, type TransferdSimulator } from './transferd/transferd-simulator.ts';

export interface SimulatorsOptions {
  /** First of the ports; free ones are taken when left out. */
  readonly portBase?: number;
  /** Fill the servers with data that looks like work; true when left out. */
  readonly seed?: boolean;
}

export interface Simulators {
  readonly faspex: FaspexSimulator;
  readonly nodes: readonly NodeSimulator[];
  readonly faircom: FairComSimulator;
  readonly transferd: TransferdSimulator;
  /** PEM file of the key with which Faspex's API client signs. */
  readonly faspexKeyFile: string;
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

/** Faspex keeps packages on a node; this one. */
const STORAGE_NODE = 'tokyo';

async function startFaspex(nodes: readonly NodeSimulator[], options: SimulatorsOptions): Promise<FaspexSimulator> {
  const storageNode = nodes.find((node) => node.name === STORAGE_NODE);
  if (!storageNode) throw new Error(`there is no node ${STORAGE_NODE}`);
  const { portBase } = options;
  const faspex = createFaspexSimulator({
    storageNode,
    seed: (options.seed ?? true) ? 'full' : 'small',
    ...(portBase === undefined ? {} : { port: portBase + 2 * PORTS_EACH, controlPort: portBase + 2 * PORTS_EACH + 1 }),
  });
  await faspex.start();
  return faspex;
}

async function startFairCom(folder: string, { portBase, seed = true }: SimulatorsOptions): Promise<FairComSimulator> {
  const dataFolder = join(folder, 'faircom');
  await mkdir(dataFolder);
  const port = portBase === undefined ? undefined : portBase + 3 * PORTS_EACH;
  const faircom = createFairComSimulator({
    dataFolder,
    seed,
    username: 'gateway',
    password: randomBytes(18).toString('base64url'),
    ...(port === undefined ? {} : { port, plainPort: port + 1, controlPort: port + 2 }),
  });
  await faircom.start();
  return faircom;
}

async function startTransferd(
  parent: string,
  peers: PeerDirectory,
  { portBase }: SimulatorsOptions,
): Promise<TransferdSimulator> {
  const folder = join(parent, 'transferd');
  await mkdir(folder);
  const port = portBase === undefined ? undefined : portBase + 4 * PORTS_EACH;
  const transferd = createTransferdSimulator({
    ...{ folder, peers },
    ...(port === undefined ? {} : { port, controlPort: port + 1 }),
  });
  await transferd.start();
  return transferd;
}

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
  const [first, second] = nodes;
  if ((options.seed ?? true) && first && second) await seedServices(first, second);
  const faspex = await startFaspex(nodes, options);
  const faspexKeyFile = join(folder, 'faspex-client-key.pem');
  await writeFile(faspexKeyFile, faspex.clientPrivateKey, { mode: 0o600 });
  const faircom = await startFairCom(folder, options);
  const transferd = await startTransferd(folder, peers, options);
  return {
    faspex,
    faspexKeyFile,
    nodes,
    faircom,
    transferd,
    folder,
    close: async () => {
      await Promise.all([faspex.close(), faircom.close(), transferd.close()]);
      await Promise.all(nodes.map((node) => node.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
