import type { MovableClock } from '../kit/clock.ts';
import { createControlServer, type Switch } from '../kit/control-server.ts';
import { createFaults, type Faults } from '../kit/faults.ts';
import { createHttpServer, type HttpServer } from '../kit/http-server.ts';
import { createRequestLog, type RequestLog } from '../kit/request-log.ts';
import { createRouter, type Router } from '../kit/router.ts';
import { registerAccessKeyRoutes } from './access-key-routes.ts';
import { accessKeyOf } from './access-keys.ts';
import { type Activity, createActivity } from './activity/activity.ts';
import { registerBandwidthRoute } from './activity/bandwidth.ts';
import { registerCentralRoutes } from './activity/central-routes.ts';
import { registerEventRoutes } from './activity/event-routes.ts';
import { registerUsageRoutes } from './activity/usage.ts';
import { watchFileRoutes } from './activity/watch-file-routes.ts';
import { AscpError } from './ascp-error.ts';
import { createNodeContext } from './create-node-context.ts';
import { createAuthenticate } from './credentials.ts';
import { nodeError } from './errors.ts';
import { createFileLevels } from './file-levels.ts';
import { registerFileRoutes } from './files/register-file-routes.ts';
import { guardPermissions } from './guard-permissions.ts';
import { registerInfoRoutes } from './info.ts';
import type { NodeContext } from './node-context.ts';
import { createPeerDirectory, type PeerDirectory } from './peers.ts';
import { createSessionServer, type SessionServer } from './protocol/session-server.ts';
import { registerPublicKeyRoutes } from './public-keys.ts';
import { createSwitches } from './switches.ts';
import { registerSyncRoutes } from './syncs/sync-routes.ts';
import { createKeyPair, type KeyPair } from './tokens/key-pair.ts';
import { createJournal, type Journal } from './transfers/journal.ts';
import { createServedSessions, type ServedSessions } from './transfers/served-sessions.ts';
import { authorizeSession } from './transfers/session-authorization.ts';
import { registerSetupRoutes } from './transfers/setup-routes.ts';
import { registerTransferRoutes } from './transfers/transfer-routes.ts';
import { createTransferRunner, type TransferRunner } from './transfers/transfer-runner.ts';
import { createTransferStore } from './transfers/transfer-store.ts';
import { registerWatchFolderRoutes } from './watch-folders/watch-folder-routes.ts';

export interface NodeSimulatorOptions {
  readonly name: string;
  /** Existing absolute folder: the docroot of the node user and the storage of the access key. */
  readonly docroot: string;
  /** Ports; a free one is taken where it is 0 or left out. */
  readonly port?: number;
  readonly sshPort?: number;
  readonly controlPort?: number;
  readonly username?: string;
  readonly password?: string;
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly clock?: MovableClock;
  /** Shared by simulators that are started together. */
  readonly peers?: PeerDirectory;
  /** Answer with `Connection: close`, as real nodes do; true when left out. */
  readonly closeConnections?: boolean;
}

export interface NodeSimulator {
  readonly name: string;
  readonly url: string;
  readonly controlUrl: string;
  readonly sshPort: number;
  readonly username: string;
  readonly password: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly docroot: string;
  /** PEM private key that belongs to the access key's token_verification_key, to mint bearer tokens with. */
  readonly accessKeyPrivateKey: string;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: MovableClock;
  /** What the control port offers under `POST /switches/{name}`, to be called directly. */
  readonly switches: Readonly<Record<string, Switch>>;
  /** Fills the history with that many past transfers, as the switch `seedTransfers` does. */
  seedTransfers(count: number): void;
  start(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** What a node does by itself: its watch folders and its syncs. */
interface Services {
  tick(): void;
  stop(): Promise<void>;
}

/** Everything one node is made of. */
interface Parts {
  readonly node: NodeContext & { readonly clock: MovableClock };
  readonly journal: Journal;
  readonly runner: TransferRunner;
  readonly served: ServedSessions;
  readonly services: Services;
  readonly http: HttpServer;
  readonly control: HttpServer;
  readonly ssh: SessionServer;
  readonly peers: PeerDirectory;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly switches: Readonly<Record<string, Switch>>;
  /** What `close` has to undo. */
  readonly cleanups: (() => void)[];
}

/** How often closed retry windows, watch folders and syncs are looked at. */
const EXPIRY_MS = 250;

type Unfiled = ReturnType<typeof createNodeContext>;

function registerFiles(router: Router, node: Unfiled, activity: Activity): Unfiled & NodeContext {
  const authenticate = createAuthenticate(node);
  const guarded = guardPermissions(router, node.accessKeys, authenticate);
  const fileIds = registerFileRoutes(watchFileRoutes(guarded, activity.events, authenticate), {
    authenticate,
    clock: node.clock,
    accessKeyOf: (caller) => accessKeyOf(node.accessKeys, caller),
  });
  return { ...node, fileIds, fileLevels: createFileLevels(router) };
}

function registerRoutes(
  router: Router,
  node: NodeContext,
  journal: Journal,
  runner: TransferRunner,
  activity: Activity,
): Services {
  const authenticate = createAuthenticate(node);
  const forget = (accessKeyId: string) => {
    journal.store.forgetOf(accessKeyId);
    activity.events.forgetOf(accessKeyId);
  };
  registerInfoRoutes(router, node, authenticate);
  registerPublicKeyRoutes(router, node, authenticate);
  registerAccessKeyRoutes(router, { node, authenticate, forget });
  registerSetupRoutes(router, node, authenticate);
  registerTransferRoutes(router, { node, journal, runner, authenticate });
  registerBandwidthRoute(router, { clock: node.clock, log: activity.bandwidth, authenticate });
  registerEventRoutes(router, { node, log: activity.events, authenticate });
  registerUsageRoutes(router, { node, usage: activity.usage, authenticate });
  registerCentralRoutes(router, authenticate);
  const own = { node, journal, runner, authenticate };
  const services = [
    registerWatchFolderRoutes(router, own),
    registerSyncRoutes(router, { ...own, bandwidth: activity.bandwidth }),
  ];
  return {
    tick: () => {
      for (const service of services) service.tick();
    },
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
    },
  };
}

function createParts(options: NodeSimulatorOptions, keys: KeyPair): Parts {
  const peers = options.peers ?? createPeerDirectory();
  const [faults, requests, router] = [createFaults(), createRequestLog(), createRouter()];
  const unfiled = createNodeContext(options, keys, { origin: () => http.origin, sshPort: () => ssh.port });
  const activity = createActivity(unfiled);
  const node = registerFiles(router, unfiled, activity);
  const journal = createJournal(createTransferStore(node.clock.now), node.clock, activity);
  const runner = createTransferRunner(node, journal, peers);
  const served = createServedSessions(node, journal);
  const services = registerRoutes(router, node, journal, runner, activity);
  const ssh = createSessionServer({
    port: options.sshPort,
    authorize: (hello) => authorizeSession(node, hello),
    open: served.open,
  });
  const http = createHttpServer({
    ...{ router, faults, requests, closeConnections: options.closeConnections ?? true },
    headers: { cache: 'no-cache' },
    errorBody: (status, message) => ({ error: nodeError(status, message) }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const switches = createSwitches({
    ...{ node, journal, runner, served, activity, clock: node.clock, tick: services.tick },
    restart: () => restart({ runner, ssh, http }),
  });
  const control = createControlServer({
    ...{ faults, requests, switches },
    ...(options.controlPort === undefined ? {} : { port: options.controlPort }),
  });
  return {
    node,
    journal,
    runner,
    served,
    services,
    http,
    control,
    ssh,
    peers,
    faults,
    requests,
    switches,
    cleanups: [],
  };
}

async function start(parts: Parts): Promise<void> {
  const { node, ssh, http, control, served, runner, services, peers, cleanups } = parts;
  await Promise.all([ssh.listen(), http.listen(), control.listen()]);
  const timer = setInterval(() => {
    served.expire();
    runner.expire();
    services.tick();
  }, EXPIRY_MS);
  const leave = peers.register({
    nodeId: () => node.settings.nodeId,
    sshPort: () => ssh.port,
    hasAccessKey: (id) => node.accessKeys.find(id) !== undefined,
  });
  cleanups.push(() => clearInterval(timer), leave);
}

async function close(parts: Parts): Promise<void> {
  const { runner, services, ssh, http, control, journal, cleanups } = parts;
  for (const cleanup of cleanups.splice(0)) cleanup();
  await services.stop();
  journal.stop();
  await Promise.all([runner.stop(), ssh.close(), http.close(), control.close()]);
  journal.store.close();
}

async function restart({ runner, ssh, http }: Pick<Parts, 'runner' | 'ssh' | 'http'>): Promise<void> {
  runner.breakAll(new AscpError(16, 'Connection lost: the node was restarted'));
  await Promise.all([ssh.close(), http.close()]);
  await Promise.all([ssh.listen(), http.listen()]);
}

/**
 * A simulated Aspera node: the Node API over HTTP on `docroot`, and on its ssh_port the byte protocol of `protocol/`
 * in place of FASP.
 */
export function createNodeSimulator(options: NodeSimulatorOptions): NodeSimulator {
  const keys = createKeyPair();
  const parts = createParts(options, keys);
  const { node, journal, http, control, ssh, faults, requests, switches } = parts;
  const [key] = node.accessKeys.all();
  return {
    name: node.name,
    get url() {
      return http.origin;
    },
    get controlUrl() {
      return control.origin;
    },
    get sshPort() {
      return ssh.port;
    },
    username: node.username,
    password: node.password,
    accessKeyId: key?.id ?? '',
    accessKeySecret: key?.secret ?? '',
    docroot: node.docroot,
    get accessKeyPrivateKey() {
      return keys.privateKey;
    },
    ...{ faults, requests, switches },
    clock: node.clock,
    seedTransfers: (count) => journal.store.seed(count, node.clock.now()),
    start: () => start(parts),
    restart: () => restart(parts),
    close: () => close(parts),
  };
}
