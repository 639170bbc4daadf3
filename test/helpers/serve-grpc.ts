import { fileURLToPath } from 'node:url';
import {
  loadPackageDefinition,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { onTestFinished } from 'vitest';

/** What a call of the tests gets, and what it answers. */
export interface GrpcCall {
  readonly request: Record<string, unknown>;
  readonly metadata: Metadata;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

export type Answer = (call: GrpcCall) => object | Promise<object>;
export type Push = (call: GrpcCall, write: (message: object) => void) => void | Promise<void>;

export interface GrpcHandlers {
  readonly unary?: Readonly<Record<string, Answer>>;
  readonly streams?: Readonly<Record<string, Push>>;
}

const file = fileURLToPath(new URL('../../simulators/transferd/transferd.proto', import.meta.url));

function loadService(): ServiceDefinition {
  const definition = loadSync(file, { keepCase: true, longs: String, enums: String, defaults: true });
  const loaded = loadPackageDefinition(definition) as unknown as {
    transferd: { api: { TransferService: { service: ServiceDefinition } } };
  };
  return loaded.transferd.api.TransferService.service;
}

const signalOf = (call: { on(event: 'cancelled', listener: () => void): unknown }) => {
  const aborter = new AbortController();
  call.on('cancelled', () => aborter.abort());
  return aborter.signal;
};

/** Throw this to answer with a status of gRPC. */
export const grpcFailure = (code: number, details: string) => Object.assign(new Error(details), { code, details });

/** A daemon that answers as a test wants, on a free port; closed when the test has finished. */
export async function serveGrpc(handlers: GrpcHandlers, credentials = ServerCredentials.createInsecure()) {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const unary = Object.entries(handlers.unary ?? {}).map(([name, answer]) => [
    name,
    async (call: ServerUnaryCall<Record<string, unknown>, object>, callback: sendUnaryData<object>) => {
      count(name);
      try {
        const { request, metadata } = call;
        callback(null, await answer({ request, metadata, signal: signalOf(call) }));
      } catch (error) {
        callback(error as Error);
      }
    },
  ]);
  const streams = Object.entries(handlers.streams ?? {}).map(([name, push]) => [
    name,
    async (call: ServerWritableStream<Record<string, unknown>, object>) => {
      count(name);
      try {
        const { request, metadata } = call;
        await push({ request, metadata, signal: signalOf(call) }, (message) => call.write(message));
        call.end();
      } catch (error) {
        call.emit('error', error);
      }
    },
  ]);
  const server = new Server();
  const implementation = Object.fromEntries([...unary, ...streams]) as UntypedServiceImplementation;
  server.addService(loadService(), implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  onTestFinished(() => server.forceShutdown());
  return {
    address: `127.0.0.1:${port}`,
    port,
    countOf: (name: string) => counts.get(name) ?? 0,
    close: () => server.forceShutdown(),
  };
}
