import { AscpError, isRetryable, toAscpError } from '../ascp-error.ts';
import { present, valueAt, wholeOf } from '../fields.ts';
import type { NodeContext } from '../node-context.ts';
import { type PeerDirectory, targetsOf } from '../peers.ts';
import type { Channel } from '../protocol/channel.ts';
import { createRateLimiter, type RateLimiter } from '../protocol/rate-limiter.ts';
import { runReceiver, runSender } from '../protocol/run-session.ts';
import { connectFirst } from '../protocol/session-client.ts';
import { helloOf } from './hello.ts';
import { type Journal, newTransferId, type OpenRecord } from './journal.ts';
import type { SessionRecord, TransferStatus } from './transfer-record.ts';
import { minRateOf, rateOf, sourcesOf, sshPortOf, type TransferSpec } from './transfer-spec.ts';

/** A transfer that this node runs as the client. */
export interface Job {
  readonly open: OpenRecord;
  /** As it was posted, with the rates that were changed since. */
  spec: TransferSpec;
  /** Folder on disk that the local side's paths are relative to. */
  readonly root: string;
  readonly limiter: RateLimiter;
  /** Set while a session is being opened or runs. */
  controller: AbortController | undefined;
  /** Set while a session runs. */
  channel: Channel | undefined;
  /** End of the retry window (`tags.aspera.xfer_retry`), in milliseconds of the node's clock; 0 while none is open. */
  retryUntilMs: number;
  retryTimer: NodeJS.Timeout | undefined;
  failuresInRow: number;
  retries: number;
}

/** Members of a spec that can be changed while its transfer runs (aspera-node-api.md §5.4). */
export type RateChange = Partial<Pick<TransferSpec, 'target_rate_kbps' | 'min_rate_kbps' | 'rate_policy'>>;

/** Runs the transfers that were posted to a node: one after another where the queue is short. */
export interface TransferRunner {
  start(open: OpenRecord, spec: TransferSpec, root: string): Job;
  jobOf(id: string): Job | undefined;
  /** Pausing and cancelling resolve when the session has ended. */
  pause(job: Job): Promise<void>;
  resume(job: Job): void;
  /** Takes effect at once, at the peer too; later sessions start with it. */
  changeRates(job: Job, rates: RateChange): void;
  cancel(job: Job): Promise<void>;
  /** Breaks the running session of a transfer as a fault of that code would; false when it has none. */
  break(id: string, failure: AscpError): boolean;
  /** Ends the transfers whose retry window has closed while they waited. */
  expire(): void;
  /** Starts what the queue has room for; to be called when its length was changed. */
  pump(): void;
  /** Breaks all running sessions, as a restart does. */
  breakAll(failure: AscpError): void;
  stop(): Promise<void>;
}

interface RunnerState {
  readonly node: NodeContext;
  readonly journal: Journal;
  readonly peers: PeerDirectory;
  readonly jobs: Map<string, Job>;
  readonly queue: Job[];
  readonly running: Map<Job, Promise<void>>;
  isStopped: boolean;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

const retryWindowMs = (job: Job) => {
  const seconds = valueAt(job.spec.tags, 'aspera', 'xfer_retry');
  return (wholeOf(seconds) ?? 0) * 1000;
};

function setStatus(state: RunnerState, job: Job, status: TransferStatus): void {
  job.open.record.status = status;
  state.journal.publish(job.open);
}

function finish(state: RunnerState, job: Job, status: TransferStatus, failure?: AscpError): void {
  const { record } = job.open;
  clearTimeout(job.retryTimer);
  record.status = status;
  record.endUsec = state.journal.nowUsec();
  record.errorCode = failure?.code ?? 0;
  record.errorDescription = failure?.message ?? '';
  state.jobs.delete(record.id);
  state.journal.close(job.open);
}

function mayRetry(state: RunnerState, job: Job, failure: AscpError): boolean {
  job.failuresInRow += 1;
  if (!isRetryable(failure)) return false;
  const now = state.node.clock.now();
  if (job.retryUntilMs === 0) job.retryUntilMs = now + retryWindowMs(job);
  return now < job.retryUntilMs && job.retries < (job.spec.xfer_max_retries ?? Number.POSITIVE_INFINITY);
}

/** The retry window of a broken session (aspera-node-api.md §5.3): `partially_completed` until it works or closes. */
function retryLater(state: RunnerState, job: Job, failure: AscpError): void {
  const { record } = job.open;
  record.errorCode = failure.code;
  record.errorDescription = failure.message;
  job.retries += 1;
  setStatus(state, job, 'partially_completed');
  const wait = Math.min(FIRST_RETRY_MS * 2 ** (job.failuresInRow - 1), LONGEST_RETRY_MS);
  job.retryTimer = setTimeout(() => enqueue(state, job), wait);
}

function leaveQueue(state: RunnerState, job: Job): void {
  const place = state.queue.indexOf(job);
  if (place >= 0) state.queue.splice(place, 1);
}

function expire(state: RunnerState): void {
  for (const job of [...state.jobs.values()]) {
    const { status, errorCode, errorDescription } = job.open.record;
    if (status !== 'partially_completed' || state.node.clock.now() < job.retryUntilMs) continue;
    leaveQueue(state, job);
    finish(state, job, 'failed', new AscpError(errorCode, errorDescription));
  }
}

function conclude(state: RunnerState, job: Job, failure: AscpError | undefined): void {
  if (failure === undefined) finish(state, job, 'completed');
  else if (failure.outcome === 'paused') setStatus(state, job, 'paused');
  else if (failure.outcome === 'canceled') finish(state, job, 'canceled', failure);
  else if (mayRetry(state, job, failure)) retryLater(state, job, failure);
  else finish(state, job, 'failed', failure);
}

function openSessionRecord(state: RunnerState, job: Job): SessionRecord {
  const session = state.journal.startSession(job.open, {
    id: newTransferId(),
    clientNodeId: state.node.settings.nodeId,
    serverNodeId: '',
    clientAddress: '127.0.0.1',
    serverAddress: '',
    retryTimeoutSeconds: retryWindowMs(job) / 1000,
    retryCount: job.open.record.sessions.length,
    targetRateKbps: job.limiter.targetRateKbps,
    minRateKbps: minRateOf(job.spec),
  });
  setStatus(state, job, 'running');
  return session;
}

async function runSession(state: RunnerState, job: Job, session: SessionRecord, signal: AbortSignal) {
  const { spec, root, limiter } = job;
  const hello = helloOf(spec, {
    sessionId: session.id,
    clientNodeId: state.node.settings.nodeId,
    retryCount: session.retryCount,
    targetRateKbps: limiter.targetRateKbps,
    minRateKbps: minRateOf(job.spec),
  });
  const { remote_host: host, token, tags } = spec;
  const targets = targetsOf({ host, port: sshPortOf(spec), token: token ?? undefined, tags }, state.peers);
  const { channel, welcome } = await connectFirst(targets, hello, signal);
  session.serverNodeId = welcome.serverNodeId;
  session.serverAddress = channel.remoteAddress;
  job.open.record.startSpec = present({
    ...job.open.record.startSpec,
    server_access_key: welcome.serverAccessKey,
    server_token_user_id: welcome.serverUser,
    server_cluster_id: welcome.serverClusterId,
    token_type: welcome.tokenType,
  });
  job.retryUntilMs = 0;
  job.failuresInRow = 0;
  job.channel = channel;
  const end = { channel, hello, root, limiter, observer: state.journal.observe(job.open, session), signal };
  return spec.direction === 'send' ? runSender(end, sourcesOf(spec)) : runReceiver(end, hello.destinations);
}

async function run(state: RunnerState, job: Job): Promise<void> {
  const controller = new AbortController();
  job.controller = controller;
  const session = openSessionRecord(state, job);
  let failure: AscpError | undefined;
  try {
    failure = await runSession(state, job, session, controller.signal);
  } catch (error) {
    failure = toAscpError(error);
  }
  job.controller = undefined;
  job.channel = undefined;
  state.journal.endSession(job.open, session, failure);
  conclude(state, job, failure);
}

function pump(state: RunnerState): void {
  while (!state.isStopped && state.running.size < state.node.settings.maxRunning) {
    const job = state.queue.shift();
    if (!job) return;
    const done = run(state, job).finally(() => {
      state.running.delete(job);
      pump(state);
    });
    state.running.set(job, done);
  }
}

function enqueue(state: RunnerState, job: Job): void {
  if (job.open.record.status !== 'partially_completed') setStatus(state, job, 'waiting');
  state.queue.push(job);
  pump(state);
}

function startJob(state: RunnerState, open: OpenRecord, spec: TransferSpec, root: string): Job {
  const job: Job = {
    open,
    spec,
    root,
    limiter: createRateLimiter(rateOf(spec)),
    controller: undefined,
    channel: undefined,
    retryUntilMs: 0,
    retryTimer: undefined,
    failuresInRow: 0,
    retries: 0,
  };
  state.jobs.set(open.record.id, job);
  enqueue(state, job);
  return job;
}

/** Ends what a job is doing: its session, its place in the queue, or its wait for a retry. */
async function stopJob(state: RunnerState, job: Job, reason: AscpError): Promise<void> {
  clearTimeout(job.retryTimer);
  if (job.controller) {
    job.controller.abort(reason);
    await state.running.get(job);
    return;
  }
  leaveQueue(state, job);
  conclude(state, job, reason);
}

function changeRates(state: RunnerState, job: Job, rates: RateChange): void {
  const session = job.open.record.sessions.at(-1);
  job.spec = { ...job.spec, ...rates };
  const targetRateKbps = rateOf(job.spec);
  const minRateKbps = minRateOf(job.spec);
  job.limiter.setTargetRate(targetRateKbps);
  if (session?.status === 'running') Object.assign(session, { targetRateKbps, minRateKbps });
  // A session that is just ending needs no new rate.
  job.channel?.send({ type: 'rate', targetRateKbps, minRateKbps }).catch(() => undefined);
  state.journal.publish(job.open);
}

async function stop(state: RunnerState): Promise<void> {
  state.isStopped = true;
  for (const job of state.jobs.values()) {
    clearTimeout(job.retryTimer);
    job.controller?.abort(new AscpError(16, 'Connection lost'));
  }
  await Promise.allSettled(state.running.values());
  for (const job of state.jobs.values()) clearTimeout(job.retryTimer);
}

export function createTransferRunner(node: NodeContext, journal: Journal, peers: PeerDirectory): TransferRunner {
  const state: RunnerState = { node, journal, peers, jobs: new Map(), queue: [], running: new Map(), isStopped: false };
  return {
    start: (open, spec, root) => startJob(state, open, spec, root),
    jobOf: (id) => state.jobs.get(id),
    pause: (job) => stopJob(state, job, new AscpError(28, 'Paused by user', { outcome: 'paused' })),
    resume: (job) => {
      job.retryUntilMs = 0;
      enqueue(state, job);
    },
    cancel: (job) => stopJob(state, job, new AscpError(28, 'Canceled by user', { outcome: 'canceled' })),
    changeRates: (job, rates) => changeRates(state, job, rates),
    break: (id, failure) => {
      const controller = state.jobs.get(id)?.controller;
      controller?.abort(failure);
      return controller !== undefined;
    },
    expire: () => expire(state),
    pump: () => pump(state),
    breakAll: (failure) => {
      for (const job of state.running.keys()) job.controller?.abort(failure);
    },
    stop: () => stop(state),
  };
}
