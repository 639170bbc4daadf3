import { hostname } from 'node:os';
import { isOver, type Job, type JobEvent, type JobFile } from './job.ts';

export const API_VERSION = '1.0.0';

const KBPS = 8_000;

const averageRate = ({ counts, startUsec, endUsec }: Job, nowUsec: number) => {
  const milliseconds = ((endUsec || nowUsec) - startUsec) / 1000;
  return startUsec === 0 || milliseconds <= 0 ? 0 : Math.round((counts.bytesTransferred * KBPS) / 1000 / milliseconds);
};

const elapsed = ({ startUsec, endUsec }: Job, nowUsec: number) =>
  startUsec === 0 ? 0 : (endUsec || nowUsec) - startUsec;

const tagsOf = ({ spec }: Job) => JSON.stringify(spec.tags ?? {});

function renderInfo(job: Job, nowUsec: number) {
  const { counts, failure, limiter, spec } = job;
  const isHeld = job.status === 'PAUSED';
  return {
    averageRateKbps: averageRate(job, nowUsec),
    bytesLost: 0,
    bytesTransferred: counts.bytesTransferred,
    bytesWritten: counts.bytesTransferred,
    directoriesCompleted: counts.directoriesCompleted,
    startTimeUsec: job.startUsec,
    elapsedUsec: elapsed(job, nowUsec),
    endTimeUsec: job.endUsec,
    errorCode: failure ? String(failure.code) : '',
    errorDescription: failure?.message ?? '',
    filesCompleted: counts.filesCompleted,
    targetRateKbps: isHeld ? 0 : limiter.targetRateKbps,
    minRateKbps: spec.min_rate_kbps ?? 0,
    cookie: spec.cookie ?? '',
    direction: spec.direction,
    operation: 'Transfer',
    tags64: Buffer.from(tagsOf(job)).toString('base64'),
  };
}

function renderSession(job: Job, nowUsec: number) {
  const { counts, failure, limiter, spec } = job;
  return {
    id: job.sessionId,
    sessionId: job.sessionId,
    transferId: job.id,
    user: spec.remote_user ?? '',
    serverNodeId: job.serverNodeId,
    clientIPAddress: '127.0.0.1',
    serverIPAddress: job.serverAddress,
    status: job.status.toLowerCase(),
    startTimeUsec: job.startUsec,
    endTimeUsec: job.endUsec,
    elapsedUsec: elapsed(job, nowUsec),
    bytesTransferred: counts.bytesTransferred,
    bytesWritten: counts.bytesTransferred,
    filesCompleted: counts.filesCompleted,
    filesFailed: counts.filesFailed,
    filesSkipped: counts.filesSkipped,
    directoriesCompleted: counts.directoriesCompleted,
    targetRateKbps: limiter.targetRateKbps,
    minRateKbps: spec.min_rate_kbps ?? 0,
    calcRateKbps: job.currentRateKbps,
    errorCode: failure?.code ?? 0,
    errorDesc: failure?.message ?? '',
    cookie: spec.cookie ?? '',
    direction: spec.direction,
    tags: tagsOf(job),
    remote: spec.remote_host,
    destination: spec.destination_root ?? '/',
    preTransferFiles: counts.expected.files,
    preTransferBytes: counts.expected.bytes,
    preTransferDirs: counts.expected.directories,
  };
}

const renderFile = (job: Job, file: JobFile, nowUsec: number) => ({
  path: file.path,
  size: file.size,
  startByte: file.startByte,
  startTimeUsec: file.startUsec,
  elapsedUsec: nowUsec - file.startUsec,
  errorCode: file.failure?.code ?? 0,
  errorDescription: file.failure?.message ?? '',
  sessionId: job.sessionId,
});

/** What both kinds of answers about a transfer begin with. */
function renderState(job: Job, nowUsec: number) {
  const { failure, status } = job;
  // IBM's own client reads the sentence from `message`, which is JSON (aspera-node-api.md §8).
  const message =
    failure && status === 'FAILED'
      ? { Type: 'ERROR', Code: String(failure.code), Description: failure.message }
      : undefined;
  return {
    apiVersion: API_VERSION,
    transferId: job.id,
    title: job.spec.title ?? '',
    transferType: job.type,
    status,
    transferInfo: renderInfo(job, nowUsec),
    message: message === undefined ? '' : JSON.stringify(message),
    ...(failure && isOver(job) && status === 'FAILED'
      ? { error: { code: failure.code, description: failure.message } }
      : {}),
  };
}

/** A `QueryTransferResponse`: it has no session, so it does not tell how much there is to do. */
export const renderQuery = (job: Job, nowUsec: number) => renderState(job, nowUsec);

/** A `TransferResponse`, as the daemon pushes it. */
export const renderEvent = (job: Job, event: JobEvent, nowUsec: number, file?: JobFile) => ({
  ...renderState(job, nowUsec),
  transferEvent: event,
  sessionInfo: renderSession(job, nowUsec),
  ...(file ? { fileInfo: renderFile(job, file, nowUsec) } : {}),
});

export type TransferResponse = ReturnType<typeof renderEvent>;

/** An `InstanceInfoResponse`. */
export const renderInstance = () => ({
  apiVersion: API_VERSION,
  info: {
    managementPort: 0,
    asperaInfo: [{ asperaBinary: 'ascp', asperaVersion: '4.4.5.1646', operatingSystem: `simulated on ${hostname()}` }],
    licenseInfo: { maxRate: 'unlimited' },
    promiscuousMode: false,
  },
});
