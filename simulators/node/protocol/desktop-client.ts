import { randomUUID } from 'node:crypto';
import { AscpError, toAscpError } from '../ascp-error.ts';
import { type PeerDirectory, targetsOf } from '../peers.ts';
import { helloOf } from '../transfers/hello.ts';
import { rateOf, sourcesOf, sshPortOf, type TransferSpec, transferSpecShape } from '../transfers/transfer-spec.ts';
import type { SessionObserver } from './observer.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { runReceiver, runSender } from './run-session.ts';
import { connectFirst } from './session-client.ts';

export interface DesktopOptions {
  /** Finds the node of a spec whose ssh_port is not its real one. */
  readonly peers?: PeerDirectory;
  readonly targetRateKbps?: number;
  /** Aborting cancels the transfer, as its user would. */
  readonly signal?: AbortSignal;
  /** Called with all bytes moved so far. */
  readonly onProgress?: (bytesTransferred: number) => void;
}

export interface DesktopResult {
  readonly status: 'completed' | 'failed' | 'canceled';
  /** Of the ascp table; 0 when completed. */
  readonly errorCode: number;
  readonly errorDescription: string;
  readonly bytesTransferred: number;
  readonly filesCompleted: number;
  readonly filesSkipped: number;
}

interface Counts {
  bytesTransferred: number;
  filesCompleted: number;
  filesSkipped: number;
}

function observe(counts: Counts, onProgress: DesktopOptions['onProgress']): SessionObserver {
  const ignore = () => undefined;
  return {
    precalculated: ignore,
    directoryDone: ignore,
    fileStarted: ignore,
    ratesChanged: ignore,
    bytesMoved: (count) => {
      counts.bytesTransferred += count;
      onProgress?.(counts.bytesTransferred);
    },
    fileDone: () => {
      counts.filesCompleted += 1;
    },
    fileSkipped: () => {
      counts.filesSkipped += 1;
    },
    fileFailed: ignore,
  };
}

/** Where a desktop app keeps files is its user's choice: a spec's destination_root is not for it. */
function localSpec(body: unknown, targetRateKbps: number | undefined): TransferSpec {
  const spec = transferSpecShape.parse(body);
  const rate = targetRateKbps === undefined ? {} : { target_rate_kbps: targetRateKbps };
  return { ...spec, ...rate, ...(spec.direction === 'receive' ? { destination_root: '' } : {}) };
}

/** A signal that ends a session with ascp's USER_CANCEL when the given one aborts. */
function cancelSignal(signal: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const cancel = () => controller.abort(new AscpError(28, 'Canceled by user', { outcome: 'canceled' }));
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return controller.signal;
}

async function transfer(spec: TransferSpec, folder: string, options: DesktopOptions, counts: Counts) {
  const signal = cancelSignal(options.signal);
  const [rate, minRate] = [rateOf(spec), spec.min_rate_kbps ?? 0];
  const facts = {
    sessionId: randomUUID(),
    clientNodeId: '',
    retryCount: 0,
    targetRateKbps: rate,
    minRateKbps: minRate,
  };
  const hello = helloOf(spec, facts);
  const { remote_host: host, token, tags } = spec;
  const targets = targetsOf({ host, port: sshPortOf(spec), token: token ?? undefined, tags }, options.peers);
  const { channel } = await connectFirst(targets, hello, signal);
  const observer = observe(counts, options.onProgress);
  const end = { channel, hello, root: folder, limiter: createRateLimiter(rate), observer, signal };
  return spec.direction === 'send' ? runSender(end, sourcesOf(spec)) : runReceiver(end, hello.destinations);
}

/**
 * Plays the desktop app that is handed a transfer spec: sends the spec's `paths` from a local folder, or receives
 * them into it. Resolves when the session has ended, however it ended.
 */
export async function runDesktopClient(
  spec: unknown,
  localFolder: string,
  options: DesktopOptions = {},
): Promise<DesktopResult> {
  const counts: Counts = { bytesTransferred: 0, filesCompleted: 0, filesSkipped: 0 };
  const read = localSpec(spec, options.targetRateKbps);
  const failure = await transfer(read, localFolder, options, counts).catch((error: unknown) => toAscpError(error));
  const status = failure === undefined ? 'completed' : failure.outcome === 'canceled' ? 'canceled' : 'failed';
  return { status, errorCode: failure?.code ?? 0, errorDescription: failure?.message ?? '', ...counts };
}
