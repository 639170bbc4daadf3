import { randomUUID } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import { AscpError, toAscpError } from '../node/ascp-error.ts';
import type { PeerDirectory } from '../node/peers.ts';
import { createRateLimiter } from '../node/protocol/rate-limiter.ts';
import { rateOf, type TransferSpec } from '../node/transfers/transfer-spec.ts';
import type { SpecChange } from './daemon-spec.ts';
import { isOver, type Job, type JobEvent, type JobFile, type JobStatus, type JobType } from './job.ts';
import { createMonitors, type Monitors } from './monitors.ts';
import { renderEvent } from './render.ts';
import { runBatch } from './run-batch.ts';

/** `workers` of the daemon's configuration file (aspera-node-api.md §8). */
export interface DaemonSettings {
  maxConcurrent: number;
  /** Seconds for which a transfer that has ended can be asked for. */
  transferMaxAge: number;
}

export interface DaemonDeps {
  readonly folder: string;
  readonly peers: PeerDirectory;
  readonly clock: Clock;
}

/** Runs transfers, keeps them for a while, and tells whoever listens. */
export interface Daemon {
  readonly settings: DaemonSettings;
  readonly monitors: Monitors;
  nowUsec(): number;
  start(type: JobType, spec: TransferSpec): Job;
  /** undefined for what never was, and for what ended too long ago. */
  find(id: string): Job | undefined;
  /** A target rate of 0 holds the transfer, any other goes on with it. */
  change(job: Job, change: SpecChange): Promise<void>;
  /** Ends a transfer for good; false when it has ended already. */
  cancel(job: Job): Promise<boolean>;
  addPaths(job: Job, paths: TransferSpec['paths']): void;
  /** No more paths will come. */
  lock(job: Job): void;
  /** Breaks the running session of a transfer as a fault of that code would; false when it has none. */
  break(id: string, failure: AscpError): boolean;
  /** The daemon loses sight of a transfer, which goes on without it. */
  orphan(job: Job): void;
  stop(): Promise<void>;
}

interface DaemonState {
  readonly deps: DaemonDeps;
  readonly settings: DaemonSettings;
  readonly monitors: Monitors;
  readonly jobs: Map<string, Job>;
  readonly queue: Job[];
  readonly running: Map<Job, Promise<void>>;
  readonly timers: Map<Job, NodeJS.Timeout>;
  isStopped: boolean;
}

/** How often progress is told. A real daemon does so about once a second. */
const PROGRESS_MS = 250;

const nothing = { bytes: 0, files: 0, directories: 0 };

const nowUsec = ({ deps }: DaemonState) => deps.clock.now() * 1000;

function tell(state: DaemonState, job: Job, event: JobEvent, file?: JobFile): void {
  clearTimeout(state.timers.get(job));
  state.timers.delete(job);
  state.monitors.publish(renderEvent(job, event, nowUsec(state), file));
}

function tellSoon(state: DaemonState, job: Job): void {
  if (state.timers.has(job)) return;
  const before = job.counts.bytesTransferred;
  const timer = setTimeout(() => {
    job.currentRateKbps = Math.round(((job.counts.bytesTransferred - before) * 8) / PROGRESS_MS);
    tell(state, job, 'PROGRESS');
  }, PROGRESS_MS);
  state.timers.set(job, timer);
}

function move(state: DaemonState, job: Job, status: JobStatus, event: JobEvent): void {
  // What the daemon has lost sight of it does not find again.
  if (job.status === 'ORPHANED') return;
  job.status = status;
  if (isOver(job)) {
    job.endUsec = nowUsec(state);
    job.currentRateKbps = 0;
  }
  tell(state, job, event);
}

function conclude(state: DaemonState, job: Job, failure: AscpError | undefined): void {
  job.failure = failure?.outcome === 'paused' ? undefined : failure;
  if (failure === undefined) endBatch(state, job);
  else if (failure.outcome === 'paused') move(state, job, 'PAUSED', 'SESSION_STOP');
  else if (failure.outcome === 'canceled') move(state, job, 'CANCELED', 'SESSION_CANCELED');
  else move(state, job, 'FAILED', 'SESSION_ERROR');
}

/** One list of paths is through: the next, or the end, or a wait for more. */
function endBatch(state: DaemonState, job: Job): void {
  job.batches.shift();
  job.expectedBefore = job.counts.expected;
  if (job.batches.length > 0) enqueue(state, job);
  else if (job.isLocked) move(state, job, 'COMPLETED', 'SESSION_STOP');
}

async function run(state: DaemonState, job: Job): Promise<void> {
  const controller = new AbortController();
  job.controller = controller;
  job.status = 'RUNNING';
  if (job.startUsec === 0) job.startUsec = nowUsec(state);
  const deps = {
    folder: state.deps.folder,
    peers: state.deps.peers,
    nowUsec: () => nowUsec(state),
    tell: (...told: [Job, JobEvent, JobFile?]) => tell(state, ...told),
    tellSoon: (told: Job) => tellSoon(state, told),
  };
  const work = runBatch(deps, job, job.batches[0] ?? [], controller.signal);
  const failure = await work.catch((error: unknown) => toAscpError(error));
  job.controller = undefined;
  job.channel = undefined;
  conclude(state, job, failure);
}

function pump(state: DaemonState): void {
  while (!state.isStopped && state.running.size < state.settings.maxConcurrent) {
    const job = state.queue.shift();
    if (!job) return;
    const done = run(state, job).finally(() => {
      state.running.delete(job);
      pump(state);
    });
    state.running.set(job, done);
  }
}

function enqueue(state: DaemonState, job: Job): void {
  if (state.running.size >= state.settings.maxConcurrent) move(state, job, 'QUEUED', 'UNKNOWN_EVENT');
  state.queue.push(job);
  pump(state);
}

function start(state: DaemonState, type: JobType, spec: TransferSpec): Job {
  const job: Job = {
    ...{ id: randomUUID(), type, spec, status: 'QUEUED', isLocked: type === 'FILE_REGULAR' },
    batches: type === 'FILE_REGULAR' ? [spec.paths] : [],
    counts: {
      ...{ bytesTransferred: 0, filesCompleted: 0, filesSkipped: 0, filesFailed: 0, directoriesCompleted: 0 },
      expected: nothing,
    },
    expectedBefore: nothing,
    ...{ startUsec: 0, endUsec: 0, failure: undefined, currentRateKbps: 0 },
    limiter: createRateLimiter(rateOf(spec)),
    ...{ controller: undefined, channel: undefined, sessionId: '', serverNodeId: '', serverAddress: '' },
  };
  state.jobs.set(job.id, job);
  tell(state, job, 'UNKNOWN_EVENT');
  // The answer to the call comes first: whoever started it knows the id before anything happens.
  if (job.batches.length > 0)
    setImmediate(() => {
      if (job.status === 'QUEUED') enqueue(state, job);
    });
  return job;
}

function find(state: DaemonState, id: string): Job | undefined {
  const job = state.jobs.get(id);
  const oldest = nowUsec(state) - state.settings.transferMaxAge * 1_000_000;
  if (!job || !isOver(job) || job.endUsec > oldest) return job;
  state.jobs.delete(id);
  return undefined;
}

/** Ends what a job is doing: its session, or its place in the queue. */
async function halt(state: DaemonState, job: Job, reason: AscpError): Promise<void> {
  if (job.controller) {
    job.controller.abort(reason);
    await state.running.get(job);
    return;
  }
  const place = state.queue.indexOf(job);
  if (place >= 0) state.queue.splice(place, 1);
  conclude(state, job, reason);
}

function setRates(state: DaemonState, job: Job, { targetRateKbps, minRateKbps }: SpecChange): void {
  job.spec = {
    ...job.spec,
    ...(targetRateKbps === undefined ? {} : { target_rate_kbps: targetRateKbps }),
    ...(minRateKbps === undefined ? {} : { min_rate_kbps: minRateKbps }),
  };
  if (targetRateKbps !== undefined) job.limiter.setTargetRate(targetRateKbps);
  const rates = { targetRateKbps: job.limiter.targetRateKbps, minRateKbps: job.spec.min_rate_kbps ?? 0 };
  // A session that is just ending needs no new rate.
  job.channel?.send({ type: 'rate', ...rates }).catch(() => undefined);
  tell(state, job, 'RATE_MODIFICATION');
}

async function change(state: DaemonState, job: Job, wanted: SpecChange): Promise<void> {
  if (wanted.targetRateKbps === 0) {
    if (job.status === 'PAUSED') return;
    await halt(state, job, new AscpError(28, 'Paused by user', { outcome: 'paused' }));
    return;
  }
  setRates(state, job, wanted);
  if (job.status === 'PAUSED' && wanted.targetRateKbps !== undefined) enqueue(state, job);
}

async function stop(state: DaemonState): Promise<void> {
  state.isStopped = true;
  for (const job of state.jobs.values()) job.controller?.abort(new AscpError(16, 'Connection lost'));
  await Promise.allSettled(state.running.values());
  for (const timer of state.timers.values()) clearTimeout(timer);
}

export function createDaemon(deps: DaemonDeps): Daemon {
  const state: DaemonState = {
    deps,
    settings: { maxConcurrent: 100, transferMaxAge: 7200 },
    monitors: createMonitors(),
    ...{ jobs: new Map(), queue: [], running: new Map(), timers: new Map(), isStopped: false },
  };
  return {
    settings: state.settings,
    monitors: state.monitors,
    nowUsec: () => nowUsec(state),
    start: (type, spec) => start(state, type, spec),
    find: (id) => find(state, id),
    change: (job, wanted) => change(state, job, wanted),
    cancel: async (job) => {
      if (isOver(job)) return false;
      await halt(state, job, new AscpError(28, 'Canceled by user', { outcome: 'canceled' }));
      return true;
    },
    addPaths: (job, paths) => {
      job.batches.push(paths);
      if (job.batches.length === 1 && job.status !== 'PAUSED') enqueue(state, job);
    },
    lock: (job) => {
      job.isLocked = true;
      if (job.batches.length === 0) move(state, job, 'COMPLETED', 'SESSION_STOP');
    },
    break: (id, failure) => {
      const controller = state.jobs.get(id)?.controller;
      controller?.abort(failure);
      return controller !== undefined;
    },
    orphan: (job) => move(state, job, 'ORPHANED', 'UNKNOWN_EVENT'),
    stop: () => stop(state),
  };
}
