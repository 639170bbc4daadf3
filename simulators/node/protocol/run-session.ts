import { existsSync } from 'node:fs';
import { AscpError, toAscpError } from '../ascp-error.ts';
import { locate } from '../virtual-path.ts';
import type { Channel } from './channel.ts';
import type { Hello } from './message.ts';
import type { SessionObserver } from './observer.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { receiveFiles } from './receive-files.ts';
import { removeSources } from './remove-sources.ts';
import { type Source, scanSources } from './scan-sources.ts';
import { sendFiles } from './send-files.ts';

/** One end of a session, whichever side it is on. */
export interface SessionEnd {
  readonly channel: Channel;
  readonly hello: Hello;
  /** Folder on disk that this side's paths are relative to. */
  readonly root: string;
  readonly limiter: RateLimiter;
  readonly observer: SessionObserver;
  /** Aborted with an AscpError to end the session early; the peer is told. */
  readonly signal: AbortSignal;
}

async function guard(end: SessionEnd, work: () => Promise<AscpError | undefined>): Promise<AscpError | undefined> {
  const { channel, signal } = end;
  let told: Promise<void> | undefined;
  const tell = () => {
    told = channel.abort(toAscpError(signal.reason));
  };
  signal.addEventListener('abort', tell, { once: true });
  if (signal.aborted) tell();
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return toAscpError(signal.reason);
    const failure = toAscpError(error);
    if (failure.endsSession) channel.destroy();
    else told = channel.abort(failure);
    return failure;
  } finally {
    signal.removeEventListener('abort', tell);
    await told;
  }
}

/** Plays the side that reads files. Resolves with the failure that the session ended with, undefined for success. */
export function runSender(end: SessionEnd, sources: readonly Source[]): Promise<AscpError | undefined> {
  return guard(end, async () => {
    const scan = await scanSources(end.root, sources, end.hello.symlinkPolicy);
    if (end.hello.precalculate) end.observer.precalculated(scan.total);
    const failure = await sendFiles(end, scan);
    end.channel.end();
    if (failure === undefined) await removeSources(scan.entries, end.hello.removeSources);
    return failure;
  });
}

/** `create_dir: false` leaves a missing destination folder missing; without the member it is made. */
function requireFolder({ root, hello }: SessionEnd): void {
  if (hello.createFolder || existsSync(locate(root, hello.destinationRoot))) return;
  throw new AscpError(4, `No such file or directory: ${hello.destinationRoot}`);
}

/** Plays the side that writes files, into `destinations` of its root. */
export function runReceiver(end: SessionEnd, destinations: readonly string[]): Promise<AscpError | undefined> {
  return guard(end, async () => {
    requireFolder(end);
    const { overwrite, resumePolicy, preserveTimes } = end.hello;
    const failure = await receiveFiles({ ...end, destinations, overwrite, resumePolicy, preserveTimes });
    end.channel.end();
    return failure;
  });
}
