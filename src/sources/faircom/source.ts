import type { CallMeter } from '../../transport/call-meter.ts';
import { createUpstream } from '../../transport/create-upstream.ts';
import type { Signal } from '../../transport/signal.ts';
import { SourceError, type SourceErrorCode } from '../../transport/source-error.ts';
import { createTransport, type TransportLogger } from '../../transport/transport.ts';
import { transportSettings } from '../../transport/transport-settings.ts';
import type { Actor, Call, UpstreamIdentity } from '../../transport/upstream.ts';
import { createFairComAuth } from './auth.ts';
import { createFairComClient, type FairComClient } from './client.ts';
import type { FairComConfig } from './config.ts';
import { createKeptTables } from './kept-tables.ts';
import { createFairComLoaders, type FairComLoaders } from './loaders.ts';
import { guardTransactions } from './transaction-guard.ts';
import type { SourceHealth } from './types.ts';

export type { FairComClient } from './client.ts';
export type { FairComLoaders } from './loaders.ts';

/** One configured FairCom server. */
export interface FairComSource {
  readonly kind: 'faircom';
  readonly name: string;
  readonly url: string;
  readonly config: FairComConfig;
  /** In whose name calls are made: always the gateway's account, because a session belongs to an account (§A4). */
  identify(actor: Actor | undefined): UpstreamIdentity;
  /** The client for one call. */
  open(call: Call): FairComClient;
  createLoaders(client: FairComClient): FairComLoaders;
  /** Whether the server answers and knows the session, by one cheap call. Never throws. */
  check(signal?: Signal): Promise<SourceHealth>;
  /** Ends the session and closes every socket. */
  close(): Promise<void>;
}

export interface FairComDeps {
  readonly logger: TransportLogger;
  readonly meter?: CallMeter | undefined;
  readonly now?: () => number;
}

/** The server answered as itself, whatever it said. */
const answered: ReadonlySet<SourceErrorCode> = new Set(['SOURCE_UNAUTHENTICATED', 'SOURCE_FORBIDDEN', 'BAD_INPUT']);

async function checkHealth(client: FairComClient, version: () => string | undefined): Promise<SourceHealth> {
  const started = performance.now();
  const health = (reachable: boolean, detail: string | undefined): SourceHealth => ({
    reachable,
    latencyMs: reachable ? Math.round(performance.now() - started) : undefined,
    version: version(),
    detail,
    credentialExpiresAt: undefined,
  });
  try {
    await client.pingSession();
    return health(true, undefined);
  } catch (error) {
    if (!(error instanceof SourceError)) return health(false, 'The check itself failed.');
    return health(answered.has(error.code), error.message);
  }
}

/** Connects a configured FairCom server. Opens no session before the first call. */
export function createFairCom(config: FairComConfig, deps: FairComDeps): FairComSource {
  const { name, url, apiPath, databaseName, ownerName } = config;
  const transport = createTransport(transportSettings(config), deps.logger, { meter: deps.meter });
  const auth = createFairComAuth(config, transport, { now: deps.now ?? Date.now, meter: deps.meter });
  const send = createUpstream(name, guardTransactions(name, transport), auth.provider);
  const settings = { source: name, apiPath, databaseName, ownerName };
  // There is one identity: whatever one caller has read, all others may.
  const kept = createKeptTables(deps.now ?? Date.now);
  const service: UpstreamIdentity = {
    key: JSON.stringify([url, config.username.toLowerCase(), null, apiPath]),
    subject: undefined,
  };
  const open = (call: Call) => createFairComClient(send, call, settings);
  return {
    kind: 'faircom',
    name,
    url,
    config,
    identify: () => service,
    open,
    createLoaders: (client) => createFairComLoaders(client, { ...settings, kept }),
    check: (signal) => checkHealth(open({ identity: service, signal }), () => auth.serverVersion(service)),
    close: async () => {
      await auth.close();
      await transport.close();
    },
  };
}
