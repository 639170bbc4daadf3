import { fileURLToPath } from 'node:url';
import {
  type ChannelCredentials,
  Client,
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { toSourceError } from './grpc-error.ts';
import { createResilience, type ResilienceSettings } from './resilience.ts';
import type { Signal } from './signal.ts';
import { SourceError } from './source-error.ts';
import type { Transport, TransportLogger } from './transport.ts';
import type { UpstreamRequest } from './upstream.ts';

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

type Method = MethodDefinition<object, object>;

/** The library repeats nothing and reads no proxy from the environment, and a daemon that is back is found soon. */
const channelOptions = {
  'grpc.enable_retries': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
};

const isService = (value: unknown): value is { readonly service: ServiceDefinition } =>
  typeof value === 'function' && 'service' in value;

function loadService({ protoFile, service }: GrpcSettings): ServiceDefinition {
  const definition = loadSync(fileURLToPath(protoFile), {
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
  });
  let found: unknown = loadPackageDefinition(definition);
  for (const name of service.split('.')) found = Reflect.get(Object(found), name);
  if (!isService(found)) throw new TypeError(`${protoFile.pathname} has no service ${service}.`);
  return found.service;
}

function credentialsOf({ tls }: GrpcSettings): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const bytes = (pem: string | undefined) => (pem === undefined ? null : Buffer.from(pem));
  return credentials.createSsl(bytes(tls.ca), bytes(tls.key), bytes(tls.cert));
}

function openClient(settings: GrpcSettings): Client {
  const { address, tls, maxBodyBytes } = settings;
  return new Client(address, credentialsOf(settings), {
    ...channelOptions,
    'grpc.max_receive_message_length': maxBodyBytes,
    ...(tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName }),
  });
}

function metadataOf({ headers = {} }: UpstreamRequest): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

/** One attempt of a call with one answer. */
function callOnce(
  client: Client,
  method: Method,
  request: UpstreamRequest,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: Signal | undefined },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const cancel = () => call.cancel();
    const call = client.makeUnaryRequest<object, object>(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      Object(request.json ?? {}),
      metadataOf(request),
      { deadline: Date.now() + deadlineMs },
      (error, message) => {
        signal?.removeEventListener('abort', cancel);
        if (error) reject(error);
        else resolve(message);
      },
    );
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && 'details' in error;

async function* readStream(source: string, call: ClientReadableStream<object>, signal: Signal) {
  const cancel = () => call.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    yield* call;
  } catch (error) {
    if (signal.aborted) return;
    throw isServiceError(error) ? toSourceError(source, error, false) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
  }
}

/** The way to one source over gRPC: one connection, a deadline, bounded repeats of safe calls and a circuit breaker. */
export function createGrpcTransport(settings: GrpcSettings, logger: TransportLogger): GrpcTransport {
  const { source } = settings;
  const service = loadService(settings);
  const client = openClient(settings);
  const resilience = createResilience(settings);
  const methodOf = ({ path }: UpstreamRequest): Method => {
    const method = service[path.slice(1)];
    if (!method) throw new TypeError(`There is no call ${path}.`);
    return method;
  };

  const attempt = async (request: UpstreamRequest, signal: Signal | undefined) => {
    const started = performance.now();
    const fields = { source, operation: request.operation };
    const elapsed = () => Math.round(performance.now() - started);
    const deadlineMs = request.deadlineMs ?? settings.deadlineMs;
    try {
      if (signal?.aborted) {
        throw new SourceError('CANCELED', `${source} was not waited for: the caller went away.`, { source });
      }
      const body = await callOnce(client, methodOf(request), request, { deadlineMs, signal });
      logger.debug({ ...fields, status: 200, elapsedMs: elapsed() }, 'upstream call');
      return { status: 200, headers: {}, body };
    } catch (error) {
      const failure = isServiceError(error) ? toSourceError(source, error, signal?.aborted ?? false) : error;
      const code = failure instanceof SourceError ? failure.code : 'INTERNAL';
      logger.warn({ ...fields, code, elapsedMs: elapsed() }, 'upstream call failed');
      throw failure;
    }
  };

  return {
    send: (request, signal) => resilience(request.repeat, () => attempt(request, signal), signal),
    stream: (request, signal) => {
      const { path, requestSerialize, responseDeserialize } = methodOf(request);
      const message: object = Object(request.json ?? {});
      const call = client.makeServerStreamRequest<object, object>(
        ...([path, requestSerialize, responseDeserialize, message, metadataOf(request)] as const),
      );
      return readStream(source, call, signal);
    },
    close: async () => client.close(),
  };
}
