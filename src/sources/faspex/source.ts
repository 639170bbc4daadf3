import type { CallMeter } from '../../transport/call-meter.ts';
import { createUpstream } from '../../transport/create-upstream.ts';
import { forwardTokens } from '../../transport/forward-tokens.ts';
import type { Signal } from '../../transport/signal.ts';
import { SourceError } from '../../transport/source-error.ts';
import { createTransport, type TransportLogger } from '../../transport/transport.ts';
import { transportSettings } from '../../transport/transport-settings.ts';
import type { Actor, Call, UpstreamIdentity } from '../../transport/upstream.ts';
import { createFaspexAuth, headersOfToken } from './auth.ts';
import { healthRequest, readHealth } from './client/server.ts';
import { createFaspexClient, type FaspexClient } from './client.ts';
import type { FaspexConfig } from './config.ts';
import { createFaspexLoaders, type FaspexLoaders } from './loaders.ts';
import { createServerClock } from './server-time.ts';
import type { FaspexHealth, SourceHealth } from './types.ts';

export type { FaspexClient, FaspexLoaders };

/** One Faspex 5 server, as the rest of the gateway sees it. */
export interface FaspexSource {
  readonly kind: 'faspex';
  readonly name: string;
  readonly url: string;
  readonly config: FaspexConfig;
  /**
   * The identity of a subject (username or e-mail at Faspex), or of whoever a token is of; of the service user when
   * undefined or `actAs: service`.
   */
  identify(actor: Actor | undefined): UpstreamIdentity;
  /** Functions bound to one call: whose, until when, what may be spent. */
  open(call: Call): FaspexClient;
  createLoaders(client: FaspexClient): FaspexLoaders;
  /** Live health by one call that needs no credential; never throws. */
  check(signal?: Signal): Promise<SourceHealth>;
  close(): Promise<void>;
}

/** Tokens of this grant have no scope of their own: they may what the user may (aspera-apps-api.md §2.1). */
const SCOPE = 'user';

/** Under `actAs: service` every subject is served by the one service user: nobody is ever impersonated there. */
function identityOf({ url, clientId, actAs }: FaspexConfig, actor: Actor | undefined): UpstreamIdentity {
  if (actAs === 'forward' && actor && 'token' in actor) {
    const { token } = actor;
    return { key: JSON.stringify([url, null, { token: token.digest }, SCOPE]), subject: undefined, token };
  }
  const subject = actAs === 'viewer' && actor && 'subject' in actor ? actor.subject : undefined;
  return {
    key: JSON.stringify([url, clientId ?? null, subject ?? null, SCOPE]),
    subject: subject === undefined ? undefined : `user:${subject}`,
  };
}

async function checkHealth(
  ask: () => Promise<FaspexHealth>,
  credentialExpiresAt: Date | undefined,
): Promise<SourceHealth> {
  const started = performance.now();
  try {
    const { connected, version } = await ask();
    const latencyMs = Math.round(performance.now() - started);
    const detail = connected ? undefined : 'Faspex is up, but its core service is not connected.';
    return { reachable: true, latencyMs, version, detail, credentialExpiresAt };
  } catch (error) {
    const detail = error instanceof SourceError ? error.message : 'The check failed.';
    return { reachable: false, latencyMs: undefined, version: undefined, detail, credentialExpiresAt };
  }
}

export function createFaspex(
  config: FaspexConfig,
  deps: { readonly logger: TransportLogger; readonly meter?: CallMeter | undefined; readonly now?: () => number },
): FaspexSource {
  const { name } = config;
  const now = deps.now ?? Date.now;
  const clock = createServerClock(now);
  // It hears of every answer, those to token calls among them.
  const transport = createTransport(transportSettings(config), deps.logger, {
    meter: deps.meter,
    onAnswer: clock.note,
  });
  const auth = createFaspexAuth({ config, send: transport.send, now, meter: deps.meter });
  const upstream =
    config.actAs === 'forward'
      ? forwardTokens({ source: name, headersOf: headersOfToken }, transport, auth)
      : createUpstream(name, transport, auth);
  const open = (call: Call): FaspexClient =>
    createFaspexClient({
      source: name,
      clock,
      send: (request) => upstream(request, call),
      sendPlain: (request) => {
        call.budget?.spend(name);
        return transport.send(request, call.signal);
      },
    });
  return {
    kind: 'faspex',
    name,
    url: config.url,
    config,
    identify: (actor) => identityOf(config, actor),
    open,
    createLoaders: createFaspexLoaders,
    check: (signal) => {
      const expiresAtMs = auth.expiresAtMs(identityOf(config, undefined));
      const ask = async () => readHealth(name, await transport.send({ ...healthRequest, repeat: 'never' }, signal));
      return checkHealth(ask, expiresAtMs === undefined ? undefined : new Date(expiresAtMs));
    },
    close: () => transport.close(),
  };
}
