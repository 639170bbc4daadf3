import { createDemoConfig } from '../../../simulators/demo-config.ts';
import { type Simulators, startSimulators } from '../../../simulators/start-simulators.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Sources } from '../../../src/context/context.ts';
import type { ContextDeps } from '../../../src/context/create-context.ts';
import type { KeptSpecs } from '../../../src/context/kept-specs.ts';
import { createOwnership } from '../../../src/context/ownership.ts';
import { createRegistry } from '../../../src/context/registry.ts';
import { createSpecMakers } from '../../../src/context/spec-makers.ts';
import { createProgress } from '../../../src/progress/progress.ts';
import { createLogger } from '../../../src/server/logger.ts';
import { createFairCom } from '../../../src/sources/faircom/source.ts';
import { createFaspex } from '../../../src/sources/faspex/source.ts';
import { createNode } from '../../../src/sources/node/source.ts';
import { createTransferd } from '../../../src/sources/transferd/source.ts';
import { createDeadlines } from '../../../src/transport/deadlines.ts';
import { rememberSources } from './remembered-sources.ts';

/** The simulators, full of data, and what an operation needs to read them through sources that remember. */
export interface World {
  readonly config: GatewayConfig;
  readonly context: ContextDeps;
  /** A key of somebody who may do everything, and one of somebody who reads what is theirs. */
  readonly keys: { readonly everything: string; readonly reader: string };
  close(): Promise<void>;
}

const silent = createLogger('silent');

function createSources({ sources: { faspex, node, faircom, transferd } }: GatewayConfig): Sources {
  const deps = { logger: silent };
  return {
    faspex: createRegistry(
      'faspex',
      faspex.map((source) => createFaspex(source, deps)),
    ),
    node: createRegistry(
      'node',
      node.map((source) => createNode(source, deps)),
    ),
    faircom: createRegistry(
      'faircom',
      faircom.map((source) => createFairCom(source, deps)),
    ),
    transferd: createRegistry(
      'transferd',
      transferd.map((source) => createTransferd(source, deps)),
    ),
  };
}

/** Ids of kept specs are made at random, so that nobody guesses them; here the same operation gets the same id twice. */
const keepByContent: KeptSpecs = { keep: (viewerId) => `kept-for-${viewerId}`, find: () => undefined };

async function close(sources: Sources, simulators: Simulators): Promise<void> {
  const { faspex, node, faircom, transferd } = sources;
  await Promise.all([...faspex.all, ...node.all, ...faircom.all, ...transferd.all].map((source) => source.close()));
  await simulators.close();
}

/** Past transfers that each node knows of. */
const PAST_TRANSFERS = 80;

export async function openWorld(): Promise<World> {
  const simulators = await startSimulators();
  for (const node of simulators.nodes) node.seedTransfers(PAST_TRANSFERS);
  const { yaml, env, keys } = createDemoConfig(simulators, 0);
  const config = loadConfig(yaml, { folder: simulators.folder, file: 'test', env });
  const sources = createSources(config);
  const { intervalMs, idleIntervalMs, logMinutes, logEvents } = config.progress;
  const settings = { intervalMs, idleIntervalMs, maxAgeMs: logMinutes * 60_000, maxEntries: logEvents };
  const progress = createProgress({ settings, logger: silent });
  return {
    config,
    keys,
    context: {
      sources: rememberSources(sources),
      logger: silent,
      ownership: createOwnership(config.ownershipKey.reveal()),
      progress,
      keptSpecs: keepByContent,
      specMakers: createSpecMakers(),
      upstreamRequests: config.limits.upstreamRequests,
      deadlines: createDeadlines(),
      bypassKeyFile: config.ascp.bypassKeyFile,
    },
    close: async () => {
      await progress.close();
      await close(sources, simulators);
    },
  };
}
