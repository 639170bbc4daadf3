import type { CallMeter } from '../../transport/call-meter.ts';
import { createUpstream } from '../../transport/create-upstream.ts';
import { forwardTokens } from '../../transport/forward-tokens.ts';
import type { Signal } from '../../transport/signal.ts';
import { createTransport, type Transport, type TransportLogger } from '../../transport/transport.ts';
import { transportSettings } from '../../transport/transport-settings.ts';
import type { Actor, Call, Send, TokenProvider, UpstreamIdentity } from '../../transport/upstream.ts';
import { createNodeAuth, headersOfToken } from './auth.ts';
import { checkHealth, checkReachable } from './check-health.ts';
import { createNodeClient, type NodeClient } from './client.ts';
import type { NodeConfig } from './config.ts';
import type { NodeConnection } from './connection.ts';
import { refuseFailure } from './errors.ts';
import { createNodeLoaders, type NodeLoaders } from './loaders.ts';
import { createOwnTokens } from './own-tokens.ts';
import type { SourceHealth } from './types.ts';

export type { NodeClient, NodeLoaders };

/** One Aspera node (HSTS) behind its Node API. */
export interface NodeSource {
  readonly kind: 'node';
  readonly name: string;
  readonly url: string;
  readonly config: NodeConfig;
  /** In whose name calls are made: the gateway's, a subject's where the source acts as the viewer, or a token's. */
  identify(actor: Actor | undefined): UpstreamIdentity;
  /** The functions of this node, bound to one call. */
  open(call: Call): NodeClient;
  createLoaders(client: NodeClient): NodeLoaders;
  /** Whether the node answers now, by one call; never throws. */
  check(signal?: Signal): Promise<SourceHealth>;
  close(): Promise<void>;
}

export interface NodeDeps {
  readonly logger: TransportLogger;
  readonly meter?: CallMeter | undefined;
  readonly now?: () => number;
}

/** Under `actAs: service` every subject is served by the one credential of the configuration. */
function identityOf(config: NodeConfig, actor: Actor | undefined): UpstreamIdentity {
  if (config.actAs === 'forward' && actor && 'token' in actor) {
    const { token } = actor;
    const { url, tokenAccessKey = null, tokenScheme } = config;
    return {
      key: JSON.stringify([url, tokenAccessKey, { token: token.digest }, tokenScheme]),
      subject: undefined,
      token,
    };
  }
  if (config.actAs === 'viewer' && config.bearer && actor && 'subject' in actor) {
    const { accessKey, scope } = config.bearer;
    const { subject } = actor;
    return { key: JSON.stringify([config.url, accessKey, subject, scope]), subject };
  }
  const client = config.nodeUser?.username ?? config.accessKey?.id ?? null;
  return { key: JSON.stringify([config.url, client, null, null]), subject: undefined };
}

/** A health check is one attempt on its own: no repeats, no sharing, nobody's budget. */
function plainSend(transport: Transport, provider: TokenProvider): Send {
  return async (request, call) => {
    const credential = await provider.credential(call);
    return transport.send(credential.apply({ ...request, repeat: 'never' }), call.signal);
  };
}

const hasOwnCredential = ({ nodeUser, accessKey }: NodeConfig) => nodeUser !== undefined || accessKey !== undefined;

/** Whether calls in this name carry a bearer token, which may not call everything. */
const isBearer = ({ tokenScheme }: NodeConfig, { subject, token }: UpstreamIdentity) =>
  subject !== undefined || (token !== undefined && tokenScheme === 'bearer');

/** Calls to a node, shared within one identity. */
function openUpstream(config: NodeConfig, transport: Transport, provider: TokenProvider): Send {
  if (config.actAs !== 'forward') return createUpstream(config.name, transport, provider);
  return forwardTokens({ source: config.name, headersOf: headersOfToken(config) }, transport, provider);
}

export function createNode(config: NodeConfig, deps: NodeDeps): NodeSource {
  const now = deps.now ?? Date.now;
  const transport = createTransport(transportSettings(config), deps.logger, { meter: deps.meter });
  const provider = createNodeAuth(config, now, deps.meter);
  const makeOwnToken = createOwnTokens(config, now);
  const upstream = openUpstream(config, transport, provider);
  const direct = plainSend(transport, provider);
  const ownNodeId: NodeConnection['ownNodeId'] = { current: undefined };
  const connect = (send: Send, call: Call): NodeConnection => ({
    source: config.name,
    url: config.url,
    isBearer: isBearer(config, call.identity),
    now,
    send: async (request) => refuseFailure(config.name, await send(request, call)),
    ownToken: (request) => makeOwnToken(request, call.identity.subject),
    ownNodeId,
  });
  const identify = (actor: Actor | undefined) => identityOf(config, actor);
  return {
    kind: 'node',
    name: config.name,
    url: config.url,
    config,
    identify,
    open: (call) => createNodeClient(connect(upstream, call)),
    createLoaders: createNodeLoaders,
    check: (signal) => {
      const call = { identity: identify(undefined), signal };
      if (hasOwnCredential(config)) return checkHealth(connect(direct, call));
      return checkReachable(connect((request) => transport.send({ ...request, repeat: 'never' }, signal), call));
    },
    close: () => transport.close(),
  };
}
