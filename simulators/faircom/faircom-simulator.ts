import type { TlsOptions } from 'node:tls';
import { createClock, type MovableClock } from '../kit/clock.ts';
import { createControlServer, type Switch } from '../kit/control-server.ts';
import { createFaults, type Faults } from '../kit/faults.ts';
import { createHttpServer, type HttpServer } from '../kit/http-server.ts';
import type { RouteHandler } from '../kit/message.ts';
import { createRandom } from '../kit/random.ts';
import { createRequestLog, type RequestLog } from '../kit/request-log.ts';
import { createRouter } from '../kit/router.ts';
import { type CertificateFiles, certificateFiles, createCertificates } from './certificates.ts';
import { answerRequest } from './dispatch.ts';
import { errorCodes } from './errors.ts';
import { seedStore } from './seed.ts';
import { firstServerSettings, openServer, type Server, type ServerOptions } from './server.ts';
import { createSwitches } from './switches.ts';

export interface FairComSimulatorOptions {
  /** Port for HTTPS, where a client certificate is required; a free one when left out, as for the other ports. */
  readonly port?: number;
  readonly plainPort?: number;
  readonly controlPort?: number;
  readonly clock?: MovableClock;
  /** Existing folder for the databases and the certificates. */
  readonly dataFolder: string;
  /** The one account; ADMIN with password ADMIN when left out, as on a new server of the vendor. */
  readonly username?: string;
  readonly password?: string;
  /** Whether a new server gets its example tables; true when left out. */
  readonly seed?: boolean;
}

export interface FairComSimulator extends CertificateFiles {
  /** Origin of the HTTPS listener, without `/api`. */
  readonly url: string;
  readonly plainUrl: string;
  readonly controlUrl: string;
  readonly username: string;
  readonly password: string;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: MovableClock;
  readonly switches: Readonly<Record<string, Switch>>;
  start(): Promise<void>;
  /** Stops and starts the server: sockets, sessions, cursors and open transactions are lost, records are not. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The vendor's `connInactiveTimeout` (faircom-netography-api.md §A1). */
const IDLE_SOCKET_MS = 30_000;
/** The vendor demands AES-256 (§A5). */
const CIPHERS = 'TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384';
/** Clients in the wild add segments to `/api` (§A1); this many are served. */
const MAX_EXTRA_SEGMENTS = 8;
const SEED = 20_260_105;

function apiRouter(handler: RouteHandler) {
  const router = createRouter();
  for (let count = 0; count <= MAX_EXTRA_SEGMENTS; count += 1) {
    router.on('POST', `/api${Array.from({ length: count }, (_, place) => `/:segment${place}`).join('')}`, handler);
  }
  return router;
}

interface Listeners {
  readonly secure: HttpServer;
  readonly plain: HttpServer;
  readonly control: HttpServer;
}

interface ListenerParts {
  readonly handler: RouteHandler;
  readonly tls: TlsOptions;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly switches: Readonly<Record<string, Switch>>;
}

function createListeners(options: FairComSimulatorOptions, parts: ListenerParts): Listeners {
  const { handler, tls, faults, requests, switches } = parts;
  const api = {
    router: apiRouter(handler),
    faults,
    requests,
    errorBody: (_status: number, errorMessage: string) => ({ errorCode: errorCodes.notAnEnvelope, errorMessage }),
    idleTimeoutMs: IDLE_SOCKET_MS,
  };
  return {
    secure: createHttpServer({ ...api, tls, port: options.port ?? 0 }),
    plain: createHttpServer({ ...api, port: options.plainPort ?? 0 }),
    control: createControlServer({ faults, requests, switches, port: options.controlPort ?? 0 }),
  };
}

/** What the simulator holds between start and close. */
interface State {
  readonly serverOptions: ServerOptions;
  readonly tls: TlsOptions;
  readonly listeners: () => Listeners;
  readonly hasSeed: boolean;
  server: Server | undefined;
}

async function listen(state: State): Promise<void> {
  const { secure, plain } = state.listeners();
  const server = openServer(state.serverOptions);
  state.server = server;
  if (state.hasSeed) seedStore(server, createRandom(SEED));
  await Promise.all([secure.listen(), plain.listen()]);
}

async function stop(state: State): Promise<void> {
  const { secure, plain } = state.listeners();
  await Promise.all([secure.close(), plain.close()]);
  state.server?.close();
  state.server = undefined;
}

function requireServer({ server }: State): Server {
  if (!server) throw new Error('The FairCom simulator has not been started.');
  return server;
}

function createState(options: FairComSimulatorOptions, clock: MovableClock, listeners: () => Listeners): State {
  const serverOptions: ServerOptions = {
    dataFolder: options.dataFolder,
    clock,
    random: createRandom(SEED),
    account: { username: options.username ?? 'ADMIN', password: options.password ?? 'ADMIN' },
    settings: firstServerSettings(),
    listeners: () => [
      { serviceName: 'http8080', protocol: 'http', port: listeners().plain.port },
      { serviceName: 'https8443', protocol: 'https', port: listeners().secure.port },
    ],
  };
  const tls = { requestCert: true, rejectUnauthorized: true, ciphers: CIPHERS };
  return { serverOptions, tls, listeners, hasSeed: options.seed ?? true, server: undefined };
}

/**
 * A FairCom JSON DB server over SQLite, written from the vendor's contract (faircom-netography-api.md, part A): an
 * HTTPS listener that demands a client certificate, a plain one, and a control port.
 */
export function createFairComSimulator(options: FairComSimulatorOptions): FairComSimulator {
  const clock = options.clock ?? createClock();
  const [faults, requests] = [createFaults(), createRequestLog()];
  const state = createState(options, clock, () => listeners);
  const restart = async () => {
    await stop(state);
    await listen(state);
  };
  const switches = createSwitches({ clock, restart, server: () => requireServer(state) });
  const handler: RouteHandler = ({ body }) => answerRequest(requireServer(state), body);
  const listeners = createListeners(options, { handler, tls: state.tls, faults, requests, switches });
  return {
    ...certificateFiles(options.dataFolder),
    ...state.serverOptions.account,
    get url() {
      return listeners.secure.origin;
    },
    get plainUrl() {
      return listeners.plain.origin;
    },
    get controlUrl() {
      return listeners.control.origin;
    },
    faults,
    requests,
    clock,
    switches,
    start: async () => {
      Object.assign(state.tls, createCertificates(options.dataFolder));
      await Promise.all([listen(state), listeners.control.listen()]);
    },
    restart,
    close: async () => {
      await Promise.all([stop(state), listeners.control.close()]);
    },
  };
}
