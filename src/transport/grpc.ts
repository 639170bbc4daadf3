import { type CallMeter, noMeter } from './call-meter.ts';
import { createCircuit } from './circuit.ts';
import type { GrpcClient } from './grpc-client.ts';
import { type Attempts, observeAttempt } from './observe-attempt.ts';
import { createResilience, type ResilienceSettings } from './resilience.ts';
import type { Signal } from './signal.ts';
import { SourceError } from './source-error.ts';
import type { Transport, TransportLogger } from './transport.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream.ts';

export interface GrpcSettings extends ResilienceSettings {
  /** Name of the source in the configuration; part of every error. */
  readonly source: string;
  /** Host and port. */
  readonly address: string;
  /** The .proto file that describes the service. */
  readonly protoFile: URL;
  /** Full name of the service in that file. */
  readonly service: string;
  /** Without it the connection is not encrypted. */
  readonly tls:
    | {
        readonly ca: string | undefined;
        readonly cert: string | undefined;
        readonly key: string | undefined;
        readonly serverName: string | undefined;
      }
    | undefined;
  /** Milliseconds after which one attempt of a call is given up. */
  readonly deadlineMs: number;
  /** Largest message that is read, in bytes. */
  readonly maxBodyBytes: number;
}

/**
 * The way to one source over gRPC. A request is that of any other source: `path` is the name of the call behind a
 * slash, `json` its message, `headers` its metadata. Answers have status 200 and the message as their body, with enums
 * and 64-bit numbers as text; every other outcome is an error.
 */
export interface GrpcTransport extends Transport {
  /** What the source pushes until `signal` aborts, which ends it without an error. No deadline, no repeats. */
  stream(request: UpstreamRequest, signal: Signal): AsyncGenerator<unknown>;
}

/** The libraries of gRPC are large: they are loaded by the first call, not by every start of a gateway. */
function createLazyClient(settings: GrpcSettings) {
  let client: Promise<GrpcClient> | undefined;
  return {
    open: (): Promise<GrpcClient> => {
      client ??= import('./grpc-client.ts').then(({ createGrpcClient }) => createGrpcClient(settings));
      return client;
    },
    close: async () => {
      (await client)?.close();
    },
  };
}

/** One attempt of a call; an answer of gRPC that is no error counts as 200. */
async function callOnce(
  { source, deadlineMs }: GrpcSettings,
  client: ReturnType<typeof createLazyClient>,
  { request, signal }: { readonly request: UpstreamRequest; readonly signal: Signal | undefined },
): Promise<UpstreamResponse> {
  const { call } = await client.open();
  if (signal?.aborted) {
    throw new SourceError('CANCELED', `${source} was not waited for: the caller went away.`, { source });
  }
  return { status: 200, headers: {}, body: await call(request, request.deadlineMs ?? deadlineMs, signal) };
}

/** The way to one source over gRPC: one connection, a deadline, bounded repeats of safe calls and a circuit breaker. */
export function createGrpcTransport(
  settings: GrpcSettings,
  logger: TransportLogger,
  meter: CallMeter = noMeter,
): GrpcTransport {
  const client = createLazyClient(settings);
  const circuit = createCircuit(settings);
  const resilience = createResilience(settings, circuit);
  const attempts: Attempts = { settings, logger, meter, inFlight: 0 };
  const attempt = (request: UpstreamRequest, signal: Signal | undefined) =>
    observeAttempt(attempts, request, () => callOnce(settings, client, { request, signal }));
  meter.watch(() => ({ inFlight: attempts.inFlight, circuit: circuit.state, sockets: undefined }));
  return {
    send: (request, signal) => resilience(request.repeat, () => attempt(request, signal), signal),
    stream: async function* stream(request, signal) {
      const { stream: open } = await client.open();
      if (!signal.aborted) yield* open(request, signal);
    },
    close: client.close,
  };
}
