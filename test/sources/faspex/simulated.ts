import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaspexSimulator, type FaspexSimulator } from '../../../simulators/faspex/faspex-simulator.ts';
import { createNodeSimulator, type NodeSimulator } from '../../../simulators/node/node-simulator.ts';
import { createPeerDirectory } from '../../../simulators/node/peers.ts';
import type { FaspexClient } from '../../../src/sources/faspex/client.ts';
import type { FaspexMailbox } from '../../../src/sources/faspex/types.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { openSource, type TestSource } from './fixture.ts';

export interface Simulated extends AsyncDisposable {
  readonly simulator: FaspexSimulator;
  /** Stores the packages. */
  readonly storage: NodeSimulator;
  /** A node from whose docroot files are sent, and into which they are fetched. */
  readonly desktop: NodeSimulator;
  readonly admin: string;
  readonly plain: string;
  /** A source that acts as the administrator unless a call names a subject. */
  open(settings?: Record<string, unknown>, now?: () => number): TestSource;
}

/** A Faspex with twelve packages, the node that stores them, and another node to transfer with. */
export async function startSimulated(): Promise<Simulated> {
  const folder = await mkdtemp(join(tmpdir(), 'faspex-source-'));
  const peers = createPeerDirectory();
  const nodes = await Promise.all(
    ['storage', 'desktop'].map(async (name) => {
      const docroot = await mkdtemp(join(folder, `${name}-`));
      return createNodeSimulator({ name, docroot, peers });
    }),
  );
  const [storage, desktop] = nodes;
  if (!storage || !desktop) throw new Error('There are two nodes.');
  await Promise.all(nodes.map((node) => node.start()));
  const { url, username, password, docroot } = storage;
  const simulator = createFaspexSimulator({ storageNode: { url, username, password, docroot }, pollIntervalMs: 20 });
  await simulator.start();
  const [admin = '', plain = ''] = simulator.users.map((user) => user.username);
  const identification = { clientId: simulator.clientId, privateKey: simulator.clientPrivateKey, serviceUser: admin };
  return {
    simulator,
    storage,
    desktop,
    admin,
    plain,
    open: (settings = {}, now) => openSource(simulator.url, { ...identification, ...settings }, now),
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      await Promise.all(nodes.map((node) => node.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The items of a page, none of which may be bad. */
export const usable = <T>(items: readonly (T | SourceError)[]): T[] =>
  items.map((item) => {
    if (item instanceof SourceError) throw item;
    return item;
  });

/** The first page of a mailbox. */
export const listed = async (client: FaspexClient, mailbox: FaspexMailbox = 'ADMIN') =>
  usable((await client.listPackages({ mailbox })).items);
