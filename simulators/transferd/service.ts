import { type PeerDirectory, targetsOf } from '../node/peers.ts';
import { sshPortOf } from '../node/transfers/transfer-spec.ts';
import type { Daemon } from './daemon.ts';
import { readDaemonSpec, readSpecChange, SpecRefused, unknownMembers } from './daemon-spec.ts';
import { isReachable } from './is-reachable.ts';
import { isOver, type Job, type JobType } from './job.ts';
import { names, type Registration } from './monitors.ts';
import { notSimulatedTypes } from './not-simulated.ts';
import { API_VERSION, renderEvent, renderInstance, renderQuery, type TransferResponse } from './render.ts';

export interface ServiceDeps {
  readonly daemon: Daemon;
  readonly folder: string;
  readonly peers: PeerDirectory;
  readonly specMembers: ReadonlySet<string>;
}

interface StartRequest {
  readonly transferType: string;
  readonly transferSpec: string;
}

interface AnyRequest {
  readonly transferId: string;
  readonly transferSpec: string;
}

/** The answer of one call. */
export type Unary = (request: never) => Promise<object>;

/** Where a streaming call sends what happens, until its client has gone or `end` is called. */
export interface Outlet {
  tell(response: TransferResponse | object): void;
  end(): void;
  fail(): void;
  /** Called when the client has gone. */
  onGone(callback: () => void): void;
}

export type Streaming = (request: never, outlet: Outlet) => void;

/** Of errors that are not ascp's. */
const CODE = { invalid: 1, notFound: 2, over: 3 };

const errorOf = (code: number, description: string) => ({ error: { code, description } });

const unknownTransfer = (id: string) => errorOf(CODE.notFound, `Transfer ${id} not found`);

/** What the work gives, or an `error` in the answer where the spec is at fault. */
async function orRefusal(work: () => object | Promise<object>, otherwise: object): Promise<object> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SpecRefused) return { ...otherwise, ...errorOf(CODE.invalid, error.message) };
    throw error;
  }
}

function startJob({ daemon, folder }: ServiceDeps, { transferType, transferSpec }: StartRequest): Job {
  if (notSimulatedTypes.has(transferType)) throw new SpecRefused(`${transferType} is not simulated`);
  const type: JobType = transferType === 'FILE_PERSISTENT' ? 'FILE_PERSISTENT' : 'FILE_REGULAR';
  return daemon.start(type, readDaemonSpec(transferSpec, folder, type === 'FILE_PERSISTENT'));
}

async function stopOne({ daemon }: ServiceDeps, transferId: string) {
  const job = daemon.find(transferId);
  if (!job) return { transferId, stopped: false, ...unknownTransfer(transferId) };
  if (await daemon.cancel(job)) return { transferId, stopped: true };
  return { transferId, stopped: false, ...errorOf(CODE.over, `Transfer ${transferId} has ended`) };
}

async function modify({ daemon }: ServiceDeps, { transferId, transferSpec }: AnyRequest) {
  const job = daemon.find(transferId);
  if (!job) return { transferId, ...unknownTransfer(transferId) };
  if (isOver(job)) return { transferId, status: job.status, ...errorOf(CODE.over, `Transfer ${transferId} has ended`) };
  await daemon.change(job, readSpecChange(transferSpec));
  return { transferId, status: job.status };
}

async function checkPeer({ folder, peers }: ServiceDeps, { transferSpec }: AnyRequest) {
  const spec = readDaemonSpec(transferSpec, folder, true);
  const { remote_host: host, token, tags } = spec;
  const targets = targetsOf({ host, port: sshPortOf(spec), token: token ?? undefined, tags }, peers);
  const answers = await Promise.all(targets.map(isReachable));
  return { reachable: answers.includes(true) };
}

/** A transfer that takes paths while it goes on, or why there is none. */
function persistent({ daemon }: ServiceDeps, transferId: string): Job | object {
  const job = daemon.find(transferId);
  if (!job) return unknownTransfer(transferId);
  if (job.type === 'FILE_PERSISTENT' && !job.isLocked && !isOver(job)) return job;
  return errorOf(CODE.over, `Transfer ${transferId} takes no more paths`);
}

const isJob = (value: Job | object): value is Job => 'batches' in value;

/** The calls that are answered once. */
export function createUnary(deps: ServiceDeps): Readonly<Record<string, Unary>> {
  const { daemon } = deps;
  const version = { apiVersion: API_VERSION };
  const starting = { ...version, status: 'FAILED' };
  return {
    Validate: ({ transferSpec }: AnyRequest) =>
      orRefusal(
        () => {
          readDaemonSpec(transferSpec, deps.folder);
          const unknownField = unknownMembers(transferSpec, deps.specMembers);
          return { ...version, valid: true, validatorVersion: API_VERSION, unknownField };
        },
        { ...version, valid: false, validatorVersion: API_VERSION },
      ),
    StartTransfer: (request: StartRequest) =>
      orRefusal(() => {
        const { id, status, type, spec } = startJob(deps, request);
        return { ...version, transferId: id, status, transferType: type, title: spec.title ?? '' };
      }, starting),
    QueryTransfer: async ({ transferId }: AnyRequest) => {
      const job = daemon.find(transferId);
      return job ? renderQuery(job, daemon.nowUsec()) : { ...version, transferId, ...unknownTransfer(transferId) };
    },
    ModifyTransfer: (request: AnyRequest) =>
      orRefusal(async () => ({ ...version, ...(await modify(deps, request)) }), {
        ...version,
        transferId: request.transferId,
      }),
    StopTransfer: async ({ transferId }: { readonly transferId: readonly string[] }) => ({
      ...version,
      stopResult: await Promise.all(transferId.map((id) => stopOne(deps, id))),
    }),
    AddTransferPaths: async (request: {
      transferId: string;
      transferPath: { source: string; destination: string }[];
    }) => {
      const { transferId, transferPath } = request;
      const found = persistent(deps, transferId);
      if (!isJob(found)) return { ...version, transferId, ...found };
      daemon.addPaths(found, transferPath);
      return { ...version, transferId };
    },
    LockPersistentTransfer: async ({ transferId }: AnyRequest) => {
      const found = persistent(deps, transferId);
      if (!isJob(found)) return { ...version, transferId, ...found };
      daemon.lock(found);
      return { ...version, transferId };
    },
    GetAPIVersion: async () => ({ supportedVersions: [API_VERSION] }),
    GetInfo: async () => renderInstance(),
    IsPeerReachable: (request: AnyRequest) =>
      orRefusal(async () => ({ ...version, ...(await checkPeer(deps, request)) }), { ...version, reachable: false }),
  };
}

function monitor({ daemon }: ServiceDeps, registration: Registration, outlet: Outlet): void {
  const leave = daemon.monitors.add({ registration, tell: outlet.tell, fail: outlet.fail });
  outlet.onGone(leave);
  const ids = [...registration.transferId, ...registration.filters.flatMap(({ transferId }) => transferId)];
  for (const id of new Set(ids)) {
    const job = daemon.find(id);
    // Whoever asks for a transfer hears at once how it stands: it may be over already.
    if (job && names(registration, job)) outlet.tell(renderEvent(job, 'UNKNOWN_EVENT', daemon.nowUsec()));
  }
}

/** Ends with the transfer. */
function startAndMonitor(deps: ServiceDeps, request: StartRequest, outlet: Outlet): void {
  const { daemon } = deps;
  try {
    const job = startJob(deps, request);
    const tell = (response: TransferResponse) => {
      outlet.tell(response);
      if (!isOver(job)) return;
      leave();
      outlet.end();
    };
    const registration = { transferId: [job.id], filters: [] };
    const leave = daemon.monitors.add({ registration, tell, fail: outlet.fail });
    outlet.onGone(leave);
    outlet.tell(renderEvent(job, 'UNKNOWN_EVENT', daemon.nowUsec()));
  } catch (error) {
    if (!(error instanceof SpecRefused)) throw error;
    outlet.tell({ apiVersion: API_VERSION, status: 'FAILED', ...errorOf(CODE.invalid, error.message) });
    outlet.end();
  }
}

/** The calls that go on telling. */
export const createStreaming = (deps: ServiceDeps): Readonly<Record<string, Streaming>> => ({
  MonitorTransfers: (registration: Registration, outlet: Outlet) => monitor(deps, registration, outlet),
  StartTransferWithMonitor: (request: StartRequest, outlet: Outlet) => startAndMonitor(deps, request, outlet),
});
