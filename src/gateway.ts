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
import { createProgress } from './progress/progress.ts';
import { sharingSettings } from './progress/redis/sharing-settings.ts';
import { schema } from './schema/index.ts';
import { type Address, createGatewayServer } from './server/create-server.ts';
import { createLogger } from './server/logger.ts';
import { createFairCom } from './sources/faircom/source.ts';
import { createFaspex } from './sources/faspex/source.ts';
import { createNode } from './sources/node/source.ts';
import { createTransferd } from './sources/transferd/source.ts';

export interface GatewayDeps {
  /** Where the gateway logs; JSON lines on standard output when left out. */
  readonly logger?: Logger;
}

/** A gateway that has been put together and may serve. */
export interface Gateway {
  /** Answers one GraphQL request without a socket. */
  fetch(request: Request): Promise<Response>;
  /** Opens the port of the configuration. */
  listen(): Promise<Address>;
  /** Ends subscriptions and requests, then closes every connection to the sources. */
  stop(): Promise<void>;
}

function createSources(config: GatewayConfig, logger: Logger): Sources {
  // Each line that a source logs says by itself which one it is about.
  const deps = { logger };
  const { faspex, node, faircom, transferd } = config.sources;
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

function createContextDeps(config: GatewayConfig, sources: Sources, logger: Logger): ContextDeps {
  const { intervalMs, idleIntervalMs, logMinutes, logEvents } = config.progress;
  const settings = { intervalMs, idleIntervalMs, maxAgeMs: logMinutes * 60_000, maxEntries: logEvents };
  return {
    sources,
    logger,
    ownership: createOwnership(config.ownershipKey.reveal()),
    progress: createProgress({ settings, logger, redis: config.redis && sharingSettings(config.redis) }),
    keptSpecs: createKeptSpecs(),
    specMakers: createSpecMakers(),
    upstreamRequests: config.limits.upstreamRequests,
    bypassKeyFile: config.ascp.bypassKeyFile,
  };
}

/** Reads the headers that sources are configured with; where there are none, nobody looks for any. */
function createTokens({ sources, ownershipKey }: GatewayConfig): TokenReader | undefined {
  const headers = [...sources.faspex, ...sources.node].flatMap(({ tokenHeader }) => tokenHeader ?? []);
  return headers.length === 0 ? undefined : createTokenReader(headers, ownershipKey.reveal());
}

/** Puts a gateway together from a checked configuration. Nothing is contacted before the first request. */
export function createGateway(config: GatewayConfig, deps: GatewayDeps = {}): Gateway {
  const logger = deps.logger ?? createLogger(config.log.level);
  const sources = createSources(config, logger);
  const context = createContextDeps(config, sources, logger);
  const server = createGatewayServer(
    {
      ...config.server,
      corsOrigins: config.server.corsOrigins ?? [],
      tls: config.server.tls,
      introspection: config.introspection,
      graphiql: config.graphiql,
      limits: config.limits,
    },
    { schema, logger, authenticator: createAuthenticator(config.viewers), tokenReader: createTokens(config), context },
  );
  return {
    fetch: server.fetch,
    listen: server.listen,
    stop: async () => {
      await server.stop();
      await context.progress.close();
      const { faspex, node, faircom, transferd } = sources;
      const all = [...faspex.all, ...node.all, ...faircom.all, ...transferd.all];
      await Promise.all(all.map((source) => source.close()));
    },
  };
}
