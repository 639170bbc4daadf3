import { readFileSync } from 'node:fs';
import type { CallMeter } from '../../transport/call-meter.ts';
import { createUpstream } from '../../transport/create-upstream.ts';
import { createGrpcTransport, type GrpcSettings } from '../../transport/grpc.ts';
import type { Signal } from '../../transport/signal.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { TransportLogger } from '../../transport/transport.ts';
import type { Actor, Call, UpstreamIdentity, UpstreamRequest } from '../../transport/upstream.ts';
import { createTransferdAuth } from './auth.ts';
import { createTransferdClient, type TransferdClient } from './client.ts';
import type { TransferdConfig } from './config.ts';
import { createTransferdLoaders, type TransferdLoaders } from './loaders.ts';
import { createSeenTransfers } from './seen-transfers.ts';
import type { SeenTransfers, SourceHealth } from './types.ts';

export type { TransferdClient, TransferdLoaders };

/** One transfer daemon: it runs transfers with the files of its machine. */
export interface TransferdSource {
  readonly kind: 'transferd';
  readonly name: string;
  /** Host and port. */
  readonly url: string;
  readonly config: TransferdConfig;
  readonly seen: SeenTransfers;
  /** The daemon knows no users: there is one identity. */
  identify(actor: Actor | undefined): UpstreamIdentity;
  /** The functions of this daemon, bound to one call. */
  open(call: Call): TransferdClient;
  createLoaders(client: TransferdClient): TransferdLoaders;
  /** Whether the daemon answers now, by one call; never throws. */
  check(signal?: Signal): Promise<SourceHealth>;
  close(): Promise<void>;
}

export interface TransferdDeps {
  readonly logger: TransportLogger;
  readonly meter?: CallMeter | undefined;
  readonly now?: () => number;
}

const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file, 'utf8'));

function settingsOf(config: TransferdConfig): GrpcSettings {
  const { name, url, tls, deadlineMs, retries, circuitFailures, circuitOpenMs, maxBodyBytes } = config;
  return {
    source: name,
    address: url,
    protoFile: new URL('./transferd.proto', import.meta.url),
    service: 'transferd.api.TransferService',
    tls: tls && {
      ca: read(tls.caFile),
      cert: read(tls.certFile),
      key: read(tls.keyFile),
      serverName: tls.serverName,
    },
    ...{ deadlineMs, retries, circuitFailures, circuitOpenMs, maxBodyBytes },
  };
}

async function checkHealth(source: string, client: TransferdClient): Promise<SourceHealth> {
  const start = performance.now();
  const elapsed = () => Math.round(performance.now() - start);
  const unchanging = { credentialExpiresAt: undefined };
  try {
    const { ascpVersion, problem } = await client.info();
    return { ...unchanging, reachable: true, latencyMs: elapsed(), version: ascpVersion, detail: problem };
  } catch (error) {
    const detail = error instanceof SourceError ? error.message : `${source} could not be checked.`;
    return { ...unchanging, reachable: false, latencyMs: elapsed(), version: undefined, detail };
  }
}

export function createTransferd(config: TransferdConfig, deps: TransferdDeps): TransferdSource {
  const { name, url } = config;
  const transport = createGrpcTransport(settingsOf(config), deps.logger, deps.meter);
  const provider = createTransferdAuth(config);
  const upstream = createUpstream(name, transport, provider);
  const seen = createSeenTransfers(deps.now ?? Date.now);
  const identity: UpstreamIdentity = { key: JSON.stringify([url, null, null, null]), subject: undefined };
  // A stream goes on for as long as somebody watches: without a signal it would never end.
  const forever = new AbortController();
  async function* stream(request: UpstreamRequest, call: Call) {
    const credential = await provider.credential(call);
    yield* transport.stream(credential.apply(request), call.signal ?? forever.signal);
  }
  /** A health check is one attempt on its own: no repeats, no sharing, nobody's budget. */
  const direct = async (request: UpstreamRequest, call: Call) => {
    const credential = await provider.credential(call);
    return transport.send(credential.apply({ ...request, repeat: 'never' }), call.signal);
  };
  const connect = (call: Call, send: typeof direct) =>
    createTransferdClient({
      source: name,
      seen,
      send: (request) => send(request, call),
      stream: (request) => stream(request, call),
    });
  return {
    kind: 'transferd',
    ...{ name, url, config, seen },
    identify: () => identity,
    open: (call) => connect(call, upstream),
    createLoaders: createTransferdLoaders,
    check: (signal) => checkHealth(name, connect({ identity, signal }, direct)),
    close: async () => {
      forever.abort();
      await transport.close();
    },
  };
}
