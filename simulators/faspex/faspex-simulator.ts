import { createClock, type MovableClock } from '../kit/clock.ts';
import { createControlServer, type Switch } from '../kit/control-server.ts';
import { createFaults, type Faults } from '../kit/faults.ts';
import { createHttpServer } from '../kit/http-server.ts';
import { createRequestLog, type RequestLog } from '../kit/request-log.ts';
import { createRouter, type Router } from '../kit/router.ts';
import { registerAccountRoutes } from './account/account-routes.ts';
import { registerContactRoutes } from './account/contacts.ts';
import { registerDistributionListRoutes } from './account/distribution-lists.ts';
import { type ApiClient, createApiClient } from './auth/api-client.ts';
import { createSessions, type Sessions } from './auth/sessions.ts';
import { registerTokenRoutes } from './auth/token-routes.ts';
import { errorBody } from './errors.ts';
import { registerGroupRoutes } from './groups/group-routes.ts';
import { registerProfileRoutes } from './metadata/profile-routes.ts';
import type { Role } from './model.ts';
import { registerPackageBrowse } from './packages/browse-routes.ts';
import { registerCreate } from './packages/create.ts';
import { registerDetailRoutes } from './packages/details-routes.ts';
import { registerForward } from './packages/forward.ts';
import { createLifecycle, type Lifecycle } from './packages/lifecycle.ts';
import { registerPackageLists } from './packages/list-routes.ts';
import { registerPackageRoutes } from './packages/package-routes.ts';
import { createRoutes } from './route.ts';
import { writeSeedFiles } from './seed/files.ts';
import { seedWorld } from './seed/seed-world.ts';
import { registerServerRoutes } from './server-routes.ts';
import { createFolderCleaner } from './storage/folder-cleaner.ts';
import { registerSharedFolderRoutes } from './storage/shared-folders.ts';
import { createStorageNode, type StorageNode, type StorageNodeOptions } from './storage/storage-node.ts';
import { createSwitches } from './switches.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { registerDownloadSpec } from './transfers/download-spec.ts';
import { createGrants } from './transfers/grants.ts';
import { registerRemoteTransfer } from './transfers/remote-transfer.ts';
import { createTransferWatch, type TransferWatch } from './transfers/transfer-watch.ts';
import { registerUploadSpec } from './transfers/upload-spec.ts';
import { createWorld, type World } from './world.ts';

export interface FaspexSimulatorOptions {
  /** The node that stores packages, as Faspex calls it, and its folder on disk for the seed's files. */
  readonly storageNode: StorageNodeOptions & { readonly docroot: string };
  /** 0 or left out takes a free port. */
  readonly port?: number;
  readonly controlPort?: number;
  readonly clock?: MovableClock;
  /** How often the node is looked at while something is in flight, and how long each passing state lasts; 300. */
  readonly pollIntervalMs?: number;
  /** `full` (30 users, 500 packages) or `small` (4 users, 12 packages); `small` when left out. */
  readonly seed?: 'full' | 'small';
}

/** A Faspex 5 server with its state in memory, written from the vendor's documents. */
export interface FaspexSimulator {
  /** With the prefix `/aspera/faspex`. */
  readonly url: string;
  readonly controlUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of the API client's global key. */
  readonly clientPrivateKey: string;
  /** Who can sign in: an admin first, then a plain user with a handful of packages. */
  readonly users: readonly { readonly username: string; readonly email: string; readonly role: Role }[];
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: MovableClock;
  /** The same functions as on the control port. */
  readonly switches: Readonly<Record<string, Switch>>;
  start(): Promise<void>;
  /** Drops every connection and listens again on the same port; nothing is forgotten. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const PREFIX = '/aspera/faspex';
const POLL_INTERVAL_MS = 300;

interface Parts {
  readonly world: World;
  readonly client: ApiClient;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly storage: StorageNode;
  readonly lifecycle: Lifecycle;
  readonly watch: TransferWatch;
  readonly router: Router;
  close(): Promise<void>;
}

function registerAll(parts: Omit<Parts, 'close'>, grants: ReturnType<typeof createGrants>): void {
  const { world, client, sessions, throttle, storage, lifecycle, watch, router } = parts;
  const routes = createRoutes({ router, sessions, throttle, settle: lifecycle.settle });
  const transfers = { world, storage, grants, watch, lifecycle };
  registerServerRoutes(routes);
  registerTokenRoutes(routes, { world, client, sessions });
  registerAccountRoutes(routes, world);
  registerContactRoutes(routes, world);
  registerDistributionListRoutes(routes, world);
  registerGroupRoutes(routes, world);
  registerProfileRoutes(routes, world);
  registerPackageLists(routes, world);
  registerPackageRoutes(routes, world, lifecycle);
  registerCreate(routes, world, storage);
  registerForward(routes, world);
  registerDetailRoutes(routes, world, storage);
  registerPackageBrowse(routes, world, storage);
  registerSharedFolderRoutes(routes, world, storage);
  registerUploadSpec(routes, transfers);
  registerDownloadSpec(routes, transfers);
  registerRemoteTransfer(routes, transfers);
}

function createParts(options: FaspexSimulatorOptions, world: World): Parts {
  const pollIntervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
  const aborter = new AbortController();
  const storage = createStorageNode(options.storageNode, aborter.signal);
  const cleaner = createFolderCleaner(world, storage);
  const lifecycle = createLifecycle({ world, stageMs: pollIntervalMs, onDeletion: cleaner.remove });
  const grants = createGrants(world);
  const watch = createTransferWatch({ world, storage, grants, lifecycle, pollIntervalMs });
  const parts = {
    world,
    client: createApiClient(),
    sessions: createSessions(world),
    throttle: createThrottle(world.clock),
    storage,
    lifecycle,
    watch,
    router: createRouter(),
  };
  registerAll(parts, grants);
  const close = async () => {
    aborter.abort();
    await watch.stop();
    await cleaner.idle();
  };
  return { ...parts, close };
}

export function createFaspexSimulator(options: FaspexSimulatorOptions): FaspexSimulator {
  const clock = options.clock ?? createClock();
  const world = createWorld(clock);
  const seed = seedWorld(world, options.seed ?? 'small');
  const parts = createParts(options, world);
  const { client, sessions, throttle } = parts;
  const faults = createFaults();
  const requests = createRequestLog();
  const port = options.port === undefined ? {} : { port: options.port };
  const server = createHttpServer({ router: parts.router, faults, requests, prefix: PREFIX, errorBody, ...port });
  const restart = async () => {
    await server.close();
    await server.listen();
  };
  const switches = createSwitches({ world, clock, client, sessions, throttle, restart });
  const controlPort = options.controlPort === undefined ? {} : { port: options.controlPort };
  const control = createControlServer({ faults, requests, switches, ...controlPort });
  return {
    get url() {
      return `${server.origin}${PREFIX}`;
    },
    get controlUrl() {
      return control.origin;
    },
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    get clientPrivateKey() {
      return client.privateKeyPem;
    },
    users: seed.users.map(({ username, email, role }) => ({ username, email, role })),
    faults,
    requests,
    clock,
    switches,
    start: async () => {
      await writeSeedFiles(options.storageNode.docroot, seed.files);
      await Promise.all([server.listen(), control.listen()]);
    },
    restart,
    close: async () => {
      await Promise.all([server.close(), control.close()]);
      await parts.close();
    },
  };
}
