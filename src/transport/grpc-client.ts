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
import type { GrpcSettings } from './grpc.ts';
import { toSourceError } from './grpc-error.ts';
import type { Signal } from './signal.ts';
import type { UpstreamRequest } from './upstream.ts';

/** One connection to a source over gRPC: everything that the libraries of gRPC are needed for. */
export interface GrpcClient {
  /**
   * One attempt of a call with one answer: its message.
   * @throws SourceError when the call ends in any other way
   */
  call(request: UpstreamRequest, deadlineMs: number, signal: Signal | undefined): Promise<unknown>;
  /** What the source pushes until `signal` aborts, which ends it without an error. */
  stream(request: UpstreamRequest, signal: Signal): AsyncGenerator<unknown>;
  close(): void;
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

/** Opens nothing yet: the connection is made by the first call. */
export function createGrpcClient(settings: GrpcSettings): GrpcClient {
  const { source } = settings;
  const service = loadService(settings);
  const client = openClient(settings);
  const methodOf = ({ path }: UpstreamRequest): Method => {
    const method = service[path.slice(1)];
    if (!method) throw new TypeError(`There is no call ${path}.`);
    return method;
  };
  return {
    call: async (request, deadlineMs, signal) => {
      try {
        return await callOnce(client, methodOf(request), request, { deadlineMs, signal });
      } catch (error) {
        throw isServiceError(error) ? toSourceError(source, error, signal?.aborted ?? false) : error;
      }
    },
    stream: (request, signal) => {
      const { path, requestSerialize, responseDeserialize } = methodOf(request);
      const message: object = Object(request.json ?? {});
      const call = client.makeServerStreamRequest<object, object>(
        ...([path, requestSerialize, responseDeserialize, message, metadataOf(request)] as const),
      );
      return readStream(source, call, signal);
    },
    close: () => client.close(),
  };
}
