import { setTimeout as delay } from 'node:timers/promises';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { FaultRule, Faults } from '../kit/faults.ts';
import type { RequestLog } from '../kit/request-log.ts';
import { NOT_SIMULATED_TEXT, notSimulated } from './not-simulated.ts';
import type { Outlet, Streaming, Unary } from './service.ts';

export interface GrpcServerOptions {
  readonly service: ServiceDefinition;
  readonly unary: Readonly<Record<string, Unary>>;
  readonly streaming: Readonly<Record<string, Streaming>>;
  /** Rules hit calls by name: `method` is "GRPC", `path` is "/StartTransfer". `status` is a status code of gRPC. */
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Called for each call: the key that every caller has to show; undefined where none is needed. */
  readonly apiKey: () => string | undefined;
  readonly port: number;
}

export interface GrpcServer {
  /** 0 until `listen` has resolved. */
  readonly port: number;
  listen(): Promise<void>;
  /** Closes the listener and every connection; `listen` opens the same port again. */
  close(): Promise<void>;
}

interface Failure {
  readonly code: status;
  readonly details: string;
}

type AnyCall = ServerUnaryCall<never, object> | ServerWritableStream<never, object>;

const HOST = '127.0.0.1';

/** In which metadata a client shows its key. The contract names none: this is a guess. */
const API_KEY = 'apikey';

const broken: Failure = { code: status.UNAVAILABLE, details: 'A fault switch broke the connection' };

function refusalOf(options: GrpcServerOptions, call: AnyCall): Failure | undefined {
  const key = options.apiKey();
  if (key === undefined || call.metadata.get(API_KEY).includes(key)) return undefined;
  return { code: status.UNAUTHENTICATED, details: 'The API key is missing or wrong' };
}

/** What a fault makes of a call before it is run; it may take its time. */
async function faultBefore(rules: readonly FaultRule[]): Promise<Failure | 'hang' | undefined> {
  const find = (kind: FaultRule['kind']) => rules.find((rule) => rule.kind === kind);
  const latency = find('latency');
  if (latency) await delay(latency.milliseconds ?? 1000);
  if (find('hang')) return 'hang';
  if (find('drop')) return broken;
  const failing = find('status');
  return failing && { code: failing.status ?? status.UNAVAILABLE, details: 'A fault switch made this call fail' };
}

const has = (rules: readonly FaultRule[], kind: FaultRule['kind']) => rules.some((rule) => rule.kind === kind);

function crash(name: string, error: unknown): Failure {
  const trace = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`simulator crashed on ${name}: ${trace}\n`);
  return { code: status.INTERNAL, details: 'The simulator crashed on this call' };
}

/** One call from its arrival to its end in the request log. */
function arrive({ requests, faults }: GrpcServerOptions, name: string) {
  const path = `/${name}`;
  return { rules: faults.take('GRPC', path), log: requests.add({ method: 'GRPC', url: path, path }) };
}

function serveUnary(options: GrpcServerOptions, name: string, run: Unary) {
  return async (call: ServerUnaryCall<never, object>, callback: sendUnaryData<object>) => {
    const { rules, log } = arrive(options, name);
    const fail = (failure: Failure) => {
      log(failure.code);
      callback(failure);
    };
    const fault = await faultBefore(rules);
    if (fault === 'hang') return;
    const failure = refusalOf(options, call) ?? fault;
    if (failure) return fail(failure);
    try {
      const response = await run(call.request);
      if (has(rules, 'dropAfter')) return fail(broken);
      log(status.OK);
      callback(null, has(rules, 'wrongJson') ? {} : response);
    } catch (error) {
      fail(crash(name, error));
    }
  };
}

function outletOf(call: ServerWritableStream<never, object>): Outlet {
  let isOpen = true;
  const close = (act: () => void) => {
    if (isOpen) act();
    isOpen = false;
  };
  call.on('cancelled', () => close(() => undefined));
  return {
    tell: (response) => {
      if (isOpen) call.write(response);
    },
    end: () => close(() => call.end()),
    fail: () => close(() => call.emit('error', broken)),
    onGone: (callback) => void call.on('cancelled', callback).on('close', callback),
  };
}

function serveStreaming(options: GrpcServerOptions, name: string, run: Streaming) {
  return async (call: ServerWritableStream<never, object>) => {
    const { rules, log } = arrive(options, name);
    const fault = await faultBefore(rules);
    if (fault === 'hang' || call.cancelled) return;
    const failure = refusalOf(options, call) ?? fault;
    log(failure?.code ?? status.OK);
    if (failure) {
      call.emit('error', failure);
      return;
    }
    try {
      run(call.request, outletOf(call));
    } catch (error) {
      call.emit('error', crash(name, error));
    }
  };
}

function refuse(options: GrpcServerOptions, name: string) {
  const failure = { code: status.UNIMPLEMENTED, details: NOT_SIMULATED_TEXT };
  const isStreaming = options.service[name]?.responseStream === true;
  return (call: ServerWritableStream<never, object>, callback: sendUnaryData<object>) => {
    arrive(options, name).log(status.UNIMPLEMENTED);
    if (isStreaming) call.emit('error', failure);
    else callback(failure);
  };
}

function implementationOf(options: GrpcServerOptions): UntypedServiceImplementation {
  const entries = [
    ...Object.entries(options.unary).map(([name, run]) => [name, serveUnary(options, name, run)]),
    ...Object.entries(options.streaming).map(([name, run]) => [name, serveStreaming(options, name, run)]),
    ...notSimulated.map((name) => [name, refuse(options, name)]),
  ];
  return Object.fromEntries(entries) as UntypedServiceImplementation;
}

const bind = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.bindAsync(`${HOST}:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });

export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  let port = options.port;
  let server: Server | undefined;
  return {
    get port() {
      return port;
    },
    listen: async () => {
      server = new Server();
      server.addService(options.service, implementationOf(options));
      port = await bind(server, port);
    },
    close: async () => {
      server?.forceShutdown();
      server = undefined;
    },
  };
}
