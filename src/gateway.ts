import type { Logger } from 'pino';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { Sources } from './context/context.ts';
import type { ContextDeps } from './context/create-context.ts';
import { createKeptSpecs } from './context/kept-specs.ts';
import { createOwnership } from './context/ownership.ts';
import { createRegistry } from './context/registry.ts';
import { createSpecMakers } from './context/spec-makers.ts';
import { createTokenReader, type TokenReader } from './context/upstream-tokens.ts';
import { createAuthenticator } from './identity/authenticate.ts';
import type { VerdictCounts } from './identity/verdicts.ts';
import { createMeters, type Meters } from './metrics/meters.ts';
import type { OpenMetrics } from './metrics/open-metrics.ts';
import { type AllPollCounts, createPollCounts } from './progress/poll-counts.ts';
import { createProgress } from './progress/progress.ts';
import { sharingSettings } from './progress/redis/sharing-settings.ts';
import { schema } from './schema/index.ts';
import { type Address, createGatewayServer, type GatewayServer } from './server/create-server.ts';
import { createLogger } from './server/logger.ts';
import { createFairCom } from './sources/faircom/source.ts';
import { createFaspex } from './sources/faspex/source.ts';
import { createNode } from './sources/node/source.ts';
import { createTransferd } from './sources/transferd/source.ts';
import { createDeadlines } from './transport/deadlines.ts';

export interface GatewayDeps {
  /** Where the gateway logs; JSON lines on standard output when left out. */
  readonly logger?: Logger;
  /** How many lines of that log were lost since the start, where somebody knows. */
  readonly lostLines?: (() => number) | undefined;
}

/** Where a gateway can be reached. */
export interface GatewayAddress extends Address {
  /** Undefined when the configuration has no metrics. */
  readonly metricsUrl: string | undefined;
}

/** A gateway that has been put together and may serve. */
export interface Gateway {
  /** Answers one GraphQL request without a socket. */
  fetch(request: Request): Promise<Response>;
  /** Opens the ports of the configuration. */
  listen(): Promise<GatewayAddress>;
  /** Ends subscriptions and requests, then closes every connection to the sources. */
  stop(): Promise<void>;
}

function createSources(config: GatewayConfig, logger: Logger, meters: Meters | undefined): Sources {
  // Each line that a source logs says by itself which one it is about.
  const depsOf = ({ name }: { readonly name: string }) => ({ logger, meter: meters?.ofSource(name) });
  const { faspex, node, faircom, transferd } = config.sources;
  return {
    faspex: createRegistry(
      'faspex',
      faspex.map((source) => createFaspex(source, depsOf(source))),
    ),
    node: createRegistry(
      'node',
      node.map((source) => createNode(source, depsOf(source))),
    ),
    faircom: createRegistry(
      'faircom',
      faircom.map((source) => createFairCom(source, depsOf(source))),
    ),
    transferd: createRegistry(
      'transferd',
      transferd.map((source) => createTransferd(source, depsOf(source))),
    ),
  };
}

interface ProcessParts {
  readonly sources: Sources;
  readonly logger: Logger;
  readonly polls: AllPollCounts;
}

function createContextDeps(config: GatewayConfig, { sources, logger, polls }: ProcessParts): ContextDeps {
  const { intervalMs, idleIntervalMs, logMinutes, logEvents } = config.progress;
  const settings = { intervalMs, idleIntervalMs, maxAgeMs: logMinutes * 60_000, maxEntries: logEvents };
  return {
    sources,
    logger,
    ownership: createOwnership(config.ownershipKey.reveal()),
    progress: createProgress({
      ...{ settings, logger, countsOf: polls.of },
      redis: config.redis && sharingSettings(config.redis),
    }),
    keptSpecs: createKeptSpecs(),
    specMakers: createSpecMakers(),
    upstreamRequests: config.limits.upstreamRequests,
    deadlines: createDeadlines(),
    bypassKeyFile: config.ascp.bypassKeyFile,
  };
}

/** Reads the headers that sources are configured with; where there are none, nobody looks for any. */
function createTokens({ sources, ownershipKey }: GatewayConfig): TokenReader | undefined {
  const headers = [...sources.faspex, ...sources.node].flatMap(({ tokenHeader }) => tokenHeader ?? []);
  return headers.length === 0 ? undefined : createTokenReader(headers, ownershipKey.reveal());
}

function createServer(
  config: GatewayConfig,
  context: ContextDeps,
  { meters, verdicts }: { readonly meters: Meters | undefined; readonly verdicts: VerdictCounts },
): GatewayServer {
  return createGatewayServer(
    {
      ...config.server,
      corsOrigins: config.server.corsOrigins ?? [],
      tls: config.server.tls,
      introspection: config.introspection,
      graphiql: config.graphiql,
      limits: config.limits,
      logOperations: config.log.operations,
    },
    {
      ...{ schema, context, logger: context.logger, meter: meters?.operations },
      authenticator: createAuthenticator(config.viewers, verdicts),
      tokenReader: createTokens(config),
    },
  );
}

async function closeAll({ faspex, node, faircom, transferd }: Sources): Promise<void> {
  const all = [...faspex.all, ...node.all, ...faircom.all, ...transferd.all];
  await Promise.all(all.map((source) => source.close()));
}

/** Puts a gateway together from a checked configuration. Nothing is contacted before the first request. */
export function createGateway(config: GatewayConfig, deps: GatewayDeps = {}): Gateway {
  const logger = deps.logger ?? createLogger(config.log.level);
  const meters = config.metrics && createMeters();
  const sources = createSources(config, logger, meters);
  const polls = createPollCounts();
  const context = createContextDeps(config, { sources, logger, polls });
  const verdicts = { hits: 0, misses: 0 };
  const server = createServer(config, context, { meters, verdicts });
  let metrics: OpenMetrics | undefined;
  const open = async () => {
    if (!config.metrics || !meters) return;
    const { openMetrics } = await import('./metrics/open-metrics.ts');
    metrics = await openMetrics(config.metrics, meters.numbers, {
      ...{ server: server.counts, polls: polls.all, verdicts, lostLines: deps.lostLines },
      sharing: config.redis && (() => context.progress.sharing),
    });
  };
  return {
    fetch: server.fetch,
    listen: async () => {
      await open();
      return { ...(await server.listen()), metricsUrl: metrics?.url };
    },
    stop: async () => {
      await server.stop();
      await context.progress.close();
      await closeAll(sources);
      // The last that goes: whoever looks sees how the rest has ended.
      await metrics?.close();
    },
  };
}
