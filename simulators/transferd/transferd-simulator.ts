import { createClock, type MovableClock } from '../kit/clock.ts';
import { createControlServer, type Switch } from '../kit/control-server.ts';
import { createFaults, type Faults } from '../kit/faults.ts';
import { createRequestLog, type RequestLog } from '../kit/request-log.ts';
import { createPeerDirectory, type PeerDirectory } from '../node/peers.ts';
import { createDaemon } from './daemon.ts';
import { createGrpcServer } from './grpc-server.ts';
import { loadTransferService } from './load-service.ts';
import { createStreaming, createUnary } from './service.ts';
import { createSwitches } from './switches.ts';

export interface TransferdSimulatorOptions {
  /** Existing absolute folder: the files of the machine that the daemon runs on. */
  readonly folder: string;
  /** Ports; a free one is taken where it is 0 or left out. */
  readonly port?: number;
  readonly controlPort?: number;
  /** `authentication.apikey` of the daemon's configuration; everybody may call when left out. */
  readonly apiKey?: string;
  /** Nodes that were started together with it. */
  readonly peers?: PeerDirectory;
  readonly clock?: MovableClock;
}

export interface TransferdSimulator {
  readonly address: string;
  readonly port: number;
  readonly controlUrl: string;
  readonly folder: string;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: MovableClock;
  readonly switches: Readonly<Record<string, Switch>>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A simulated transfer daemon: `transferd.api.TransferService` over gRPC without TLS. It really transfers between its
 * folder and the simulated nodes, by the byte protocol that they speak in place of FASP.
 */
export function createTransferdSimulator(options: TransferdSimulatorOptions): TransferdSimulator {
  const { folder, peers = createPeerDirectory(), clock = createClock() } = options;
  const [faults, requests] = [createFaults(), createRequestLog()];
  const daemon = createDaemon({ folder, peers, clock });
  const { service, specMembers } = loadTransferService();
  const deps = { daemon, folder, peers, specMembers };
  const access = { apiKey: options.apiKey };
  const server = createGrpcServer({
    ...{ service, faults, requests, unary: createUnary(deps), streaming: createStreaming(deps) },
    apiKey: () => access.apiKey,
    port: options.port ?? 0,
  });
  const restart = async () => {
    await server.close();
    await server.listen();
  };
  const switches = createSwitches({ daemon, clock, access, restart });
  const control = createControlServer({
    ...{ faults, requests, switches },
    ...(options.controlPort === undefined ? {} : { port: options.controlPort }),
  });
  return {
    address: '127.0.0.1',
    get port() {
      return server.port;
    },
    get controlUrl() {
      return control.origin;
    },
    ...{ folder, faults, requests, clock, switches },
    start: async () => {
      await Promise.all([server.listen(), control.listen()]);
    },
    close: async () => {
      await Promise.all([daemon.stop(), server.close(), control.close()]);
    },
  };
}
