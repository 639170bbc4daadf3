import { randomUUID } from 'node:crypto';
import type { AscpError } from '../node/ascp-error.ts';
import { type PeerDirectory, targetsOf } from '../node/peers.ts';
import type { SessionObserver } from '../node/protocol/observer.ts';
import { runReceiver, runSender } from '../node/protocol/run-session.ts';
import { connectFirst } from '../node/protocol/session-client.ts';
import { helloOf } from '../node/transfers/hello.ts';
import { sourcesOf, sshPortOf, type TransferSpec } from '../node/transfers/transfer-spec.ts';
import type { Job, JobEvent, JobFile } from './job.ts';

export interface BatchDeps {
  /** Folder on disk that local paths are in. */
  readonly folder: string;
  readonly peers: PeerDirectory;
  readonly nowUsec: () => number;
  /** Tells everybody who listens. */
  readonly tell: (job: Job, event: JobEvent, file?: JobFile) => void;
  /** Tells of progress now and then. */
  readonly tellSoon: (job: Job) => void;
}

function observe(deps: BatchDeps, job: Job): SessionObserver {
  const { counts } = job;
  let file: JobFile | undefined;
  const endFile = (event: JobEvent) => {
    if (file) deps.tell(job, event, file);
    file = undefined;
  };
  return {
    precalculated: ({ bytes, files, directories }) => {
      const before = job.expectedBefore;
      counts.expected = {
        bytes: before.bytes + bytes,
        files: before.files + files,
        directories: before.directories + directories,
      };
      deps.tell(job, 'PROGRESS');
    },
    directoryDone: () => {
      counts.directoriesCompleted += 1;
    },
    fileStarted: ({ path, size, startByte }) => {
      file = { path, size, startByte, startUsec: deps.nowUsec() };
      deps.tell(job, 'FILE_START', file);
    },
    ratesChanged: () => undefined,
    bytesMoved: (count) => {
      counts.bytesTransferred += count;
      deps.tellSoon(job);
    },
    fileDone: () => {
      counts.filesCompleted += 1;
      endFile('FILE_STOP');
    },
    fileSkipped: () => {
      counts.filesSkipped += 1;
      endFile('FILE_SKIP');
    },
    fileFailed: (path, size, failure) => {
      counts.filesFailed += 1;
      file = { path, size, startByte: 0, startUsec: deps.nowUsec(), failure };
      endFile('FILE_ERROR');
    },
  };
}

/** One session that carries these paths. Gives the failure that it ended with; undefined for success. */
export async function runBatch(
  deps: BatchDeps,
  job: Job,
  paths: TransferSpec['paths'],
  signal: AbortSignal,
): Promise<AscpError | undefined> {
  const spec = { ...job.spec, paths };
  job.sessionId = randomUUID();
  const hello = helloOf(spec, {
    sessionId: job.sessionId,
    clientNodeId: '',
    retryCount: 0,
    targetRateKbps: job.limiter.targetRateKbps,
    minRateKbps: spec.min_rate_kbps ?? 0,
  });
  const { remote_host: host, token, tags } = spec;
  const targets = targetsOf({ host, port: sshPortOf(spec), token: token ?? undefined, tags }, deps.peers);
  deps.tell(job, 'CONNECTING');
  const { channel, welcome } = await connectFirst(targets, hello, signal);
  job.channel = channel;
  job.serverNodeId = welcome.serverNodeId;
  job.serverAddress = channel.remoteAddress;
  deps.tell(job, 'SESSION_START');
  const end = { channel, hello, root: deps.folder, limiter: job.limiter, observer: observe(deps, job), signal };
  return spec.direction === 'send' ? runSender(end, sourcesOf(spec)) : runReceiver(end, hello.destinations);
}
