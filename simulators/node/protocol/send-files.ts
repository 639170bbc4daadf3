import { type FileHandle, open } from 'node:fs/promises';
import { AscpError, protocolError, toAscpError } from '../ascp-error.ts';
import type { Channel } from './channel.ts';
import { checksumOf } from './checksum.ts';
import type { Message } from './message.ts';
import type { SessionObserver } from './observer.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Entry, Scan } from './scan-sources.ts';

export interface SendOptions {
  readonly channel: Channel;
  readonly limiter: RateLimiter;
  readonly observer: SessionObserver;
  /** Aborted with an AscpError to end the session early. */
  readonly signal: AbortSignal;
}

/** The receiver's answers while the sender is busy writing: a rate change acts at once, the rest is taken in order. */
interface Replies {
  take(): Promise<Message>;
  readonly signal: AbortSignal;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

interface OpenSource {
  readonly handle: FileHandle;
  /** The first byte to send. */
  readonly start: number;
}

interface Tally {
  sent: number;
  failures: number;
  first: AscpError | undefined;
}

function changeRates({ limiter, observer }: SendOptions, rates: Message & { type: 'rate' }): void {
  limiter.setTargetRate(rates.targetRateKbps);
  observer.ratesChanged(rates.targetRateKbps, rates.minRateKbps);
}

function listenForReplies(options: SendOptions): Replies {
  const { channel } = options;
  const arrived: Message[] = [];
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake());
  const listen = async () => {
    for (;;) {
      const frame = await channel.next();
      if (!('message' in frame)) throw protocolError('bytes from the receiver');
      if (frame.message.type === 'rate') changeRates(options, frame.message);
      else arrived.push(frame.message);
      wake();
    }
  };
  listen().catch((error: unknown) => broken.abort(error));
  const take = async () => {
    while (arrived.length === 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return arrived.shift() as Message;
  };
  return { take, signal };
}

async function sendPieces(options: SendOptions, replies: Replies, handle: FileHandle, range: Range): Promise<void> {
  const { channel, limiter, observer } = options;
  for (let position = range.start; position < range.end; ) {
    // A new buffer each time: the socket keeps the one it was given until it has gone.
    const buffer = Buffer.allocUnsafe(Math.min(limiter.pieceBytes(), range.end - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position).catch(() => ({ bytesRead: 0 }));
    // The file shrank, or cannot be read any further: the receiver misses the rest and fails it.
    if (bytesRead === 0) return;
    await limiter.take(bytesRead, replies.signal);
    await channel.sendBytes(buffer.subarray(0, bytesRead));
    observer.bytesMoved(bytesRead);
    position += bytesRead;
  }
}

async function streamFile(options: SendOptions, replies: Replies, entry: Entry, source: OpenSource): Promise<void> {
  const { handle, start } = source;
  try {
    options.observer.fileStarted({ path: entry.path, size: entry.size, startByte: start });
    await options.channel.send({ type: 'start', offset: start });
    await sendPieces(options, replies, handle, { start, end: entry.size });
    await options.channel.send({ type: 'fileEnd' });
  } finally {
    await handle.close();
  }
}

/** How much of what the receiver has is truly the beginning of this file. */
async function matchingBytes(entry: Entry, need: Message & { type: 'need' }): Promise<number> {
  if (need.bytes === 0 || need.bytes > entry.size) return 0;
  const { digest } = await checksumOf(entry.place, need.bytes, need.checksum.kind);
  return digest === need.checksum.digest ? need.bytes : 0;
}

/** Opens what there is to send, at the place where the receiver has to go on; undefined when it has all of it. */
async function openSource(entry: Entry, need: Message & { type: 'need' }): Promise<OpenSource | undefined> {
  const offset = await matchingBytes(entry, need);
  if (need.isWhole && offset === entry.size && need.bytes === entry.size) return undefined;
  return { handle: await open(entry.place, 'r'), start: need.isWhole ? 0 : offset };
}

async function settle(options: SendOptions, replies: Replies): Promise<void> {
  const reply = await replies.take();
  if (reply.type === 'failed') throw new AscpError(reply.code, reply.description);
  if (reply.type === 'skip') options.observer.fileSkipped();
  else options.observer.fileDone();
}

async function sendFile(options: SendOptions, replies: Replies, entry: Entry): Promise<void> {
  const { channel, observer } = options;
  const { target, size, modifiedMs } = entry;
  await channel.send({ type: 'file', path: target, size, modifiedMs });
  const reply = await replies.take();
  if (reply.type === 'skip') return observer.fileSkipped();
  if (reply.type === 'failed') throw new AscpError(reply.code, reply.description);
  if (reply.type !== 'need') throw protocolError('unexpected reply');
  let source: OpenSource | undefined;
  try {
    source = await openSource(entry, reply);
  } catch (error) {
    // Only this file: the receiver, who waits for it, goes on with the next.
    const { code, message: description } = toAscpError(error);
    await channel.send({ type: 'failed', code, description });
    throw error;
  }
  if (source) await streamFile(options, replies, entry, source);
  else await channel.send({ type: 'same' });
  return settle(options, replies);
}

async function sendFolder(options: SendOptions, replies: Replies, entry: Entry): Promise<void> {
  await options.channel.send({ type: 'directory', path: entry.target });
  const reply = await replies.take();
  if (reply.type === 'failed') throw new AscpError(reply.code, reply.description);
  options.observer.directoryDone();
}

/** A failure of one file; everything that ends the whole session is thrown on. */
function countFailure(tally: Tally, replies: Replies, error: unknown): AscpError {
  replies.signal.throwIfAborted();
  const failure = toAscpError(error);
  if (failure.endsSession) throw failure;
  tally.failures += 1;
  tally.first ??= failure;
  return failure;
}

/** One failed file among others is 27 SOME_FILE_ERRS; when nothing arrived the file's own code is the session's. */
function outcomeOf({ sent, failures, first }: Tally): AscpError | undefined {
  if (first === undefined) return undefined;
  return sent === 0 ? first : new AscpError(27, `Some files failed: ${failures} of ${sent + failures}`);
}

/**
 * Sends what a scan found and returns the failure that the session ends with, undefined when every file arrived.
 * Throws when the session itself breaks, is aborted, or the receiver aborts it.
 */
export async function sendFiles(options: SendOptions, scan: Scan): Promise<AscpError | undefined> {
  const { channel, observer } = options;
  const replies = listenForReplies(options);
  const tally: Tally = { sent: 0, failures: 0, first: undefined };
  await channel.send({ type: 'total', ...scan.total });
  for (const { path, error } of scan.failures) observer.fileFailed(path, 0, countFailure(tally, replies, error));
  for (const entry of scan.entries) {
    replies.signal.throwIfAborted();
    try {
      await (entry.isFolder ? sendFolder(options, replies, entry) : sendFile(options, replies, entry));
      tally.sent += 1;
    } catch (error) {
      observer.fileFailed(entry.path, entry.size, countFailure(tally, replies, error));
    }
  }
  const failure = outcomeOf(tally);
  await channel.send({ type: 'end', code: failure?.code ?? 0, description: failure?.message ?? '' });
  await replies.take();
  return failure;
}
