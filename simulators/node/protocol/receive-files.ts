import { type FileHandle, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AscpError, protocolError, toAscpError } from '../ascp-error.ts';
import { isWithin, locate, toAbsolute } from '../virtual-path.ts';
import type { Channel, Frame } from './channel.ts';
import { checksumOf } from './checksum.ts';
import type { Checksum, Message } from './message.ts';
import type { SessionObserver } from './observer.ts';

export interface ReceiveOptions {
  readonly channel: Channel;
  readonly observer: SessionObserver;
  /** Folder on disk that paths of the session are relative to. */
  readonly root: string;
  /** Where files may go, as paths of that root; anything else is refused. */
  readonly destinations: readonly string[];
  readonly overwrite: string;
  readonly resumePolicy: string;
  readonly preserveTimes: boolean;
}

type FileMessage = Message & { type: 'file' };

/** A file on its way in. */
interface Incoming {
  readonly file: FileMessage;
  /** Its final place; it grows beside it as `.partial` and is renamed when whole, as ascp does. */
  readonly place: string;
  /** All its bytes have been read from the channel. */
  isRead: boolean;
}

/** The facts that decide whether a partial file belongs to the same source (ascp keeps them in `.aspx` files). */
interface PartialNote {
  readonly size: number;
  readonly modifiedMs: number;
}

const partialOf = (place: string) => `${place}.partial`;
const noteOf = (place: string) => `${place}.aspx`;
const nothing: Message = { type: 'need', bytes: 0, isWhole: false, checksum: { kind: 'none', digest: '' } };

const checksumKinds: Readonly<Record<string, Checksum['kind']>> = { sparse_csum: 'sparse', full_csum: 'full' };

/** The next frame that is about files; a change of rates may come between any two of them. */
async function nextFrame({ channel, observer }: ReceiveOptions): Promise<Frame> {
  for (;;) {
    const frame = await channel.next();
    if (!('message' in frame) || frame.message.type !== 'rate') return frame;
    observer.ratesChanged(frame.message.targetRateKbps, frame.message.minRateKbps);
  }
}

async function sizeOf(place: string): Promise<{ size: number; modifiedMs: number; isFolder: boolean } | undefined> {
  try {
    const status = await stat(place);
    return { size: status.size, modifiedMs: Math.floor(status.mtimeMs), isFolder: status.isDirectory() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readNote(place: string): Promise<PartialNote | undefined> {
  try {
    return JSON.parse(await readFile(noteOf(place), 'utf8')) as PartialNote;
  } catch {
    return undefined;
  }
}

async function describePartial(options: ReceiveOptions, { file, place }: Incoming): Promise<Message> {
  const [partial, note] = await Promise.all([sizeOf(partialOf(place)), readNote(place)]);
  const isSameSource = note?.size === file.size && note.modifiedMs === file.modifiedMs;
  if (options.resumePolicy === 'none' || !partial || !isSameSource) return nothing;
  const bytes = Math.min(partial.size, file.size);
  const checksum = await checksumOf(partialOf(place), bytes, checksumKinds[options.resumePolicy] ?? 'none');
  return { type: 'need', bytes, isWhole: false, checksum };
}

/** What the receiver has of a file, by the overwrite and resume policies (transfer spec `overwrite`, `resume_policy`). */
async function describeExisting(options: ReceiveOptions, incoming: Incoming): Promise<Message> {
  const { file, place } = incoming;
  const existing = await sizeOf(place);
  if (!existing) return describePartial(options, incoming);
  if (existing.isFolder) throw new AscpError(7, 'Is a directory');
  if (options.overwrite === 'always') return describePartial(options, incoming);
  if (options.overwrite === 'never') return { type: 'skip' };
  if (options.overwrite.includes('older') && existing.modifiedMs >= file.modifiedMs) return { type: 'skip' };
  if (!options.overwrite.includes('diff') || existing.size !== file.size) return describePartial(options, incoming);
  const checksum = await checksumOf(place, existing.size, 'sparse');
  return { type: 'need', bytes: existing.size, isWhole: true, checksum };
}

function placeOf(options: ReceiveOptions, path: string): string {
  const normal = toAbsolute(path);
  if (!options.destinations.some((destination) => isWithin(destination, normal))) {
    throw new AscpError(37, "Token doesn't match file-list: the destination is not authorized");
  }
  return locate(options.root, path);
}

const isZero = (bytes: Buffer) => bytes[0] === 0 && bytes.compare(bytes, 1, bytes.length, 0, bytes.length - 1) === 0;

async function writePieces(options: ReceiveOptions, incoming: Incoming, handle: FileHandle, offset: number) {
  let position = offset;
  for (;;) {
    const frame = await nextFrame(options);
    if ('message' in frame) {
      incoming.isRead = true;
      if (position < incoming.file.size) throw new AscpError(35, 'The source file could not be read to its end');
      return;
    }
    // Zeros are left out as holes, so that a sparse file stays sparse; `truncate` below gives it its length.
    if (!isZero(frame.bytes)) await handle.write(frame.bytes, 0, frame.bytes.length, position);
    position += frame.bytes.length;
    options.observer.bytesMoved(frame.bytes.length);
  }
}

/** Reads and drops the rest of a file that cannot be written, so that the next one is found. */
async function discardPieces(options: ReceiveOptions): Promise<void> {
  while (!('message' in (await nextFrame(options))));
}

async function writePartial(options: ReceiveOptions, incoming: Incoming, offset: number): Promise<void> {
  const { file, place } = incoming;
  const handle = await open(partialOf(place), offset > 0 ? 'r+' : 'w');
  try {
    await handle.truncate(offset);
    await writePieces(options, incoming, handle, offset);
    await handle.truncate(file.size);
  } finally {
    await handle.close();
  }
}

async function receiveBytes(options: ReceiveOptions, incoming: Incoming, offset: number): Promise<void> {
  const { file, place } = incoming;
  const { size, modifiedMs } = file;
  options.observer.fileStarted({ path: file.path, size, startByte: offset });
  await writeFile(noteOf(place), JSON.stringify({ size, modifiedMs } satisfies PartialNote));
  await writePartial(options, incoming, offset);
  if (options.preserveTimes) await utimes(partialOf(place), modifiedMs / 1000, modifiedMs / 1000);
  await rename(partialOf(place), place).catch((cause: unknown) => {
    throw new AscpError(64, 'Cannot rename partial file', { cause });
  });
  await rm(noteOf(place), { force: true });
}

async function receiveFile(options: ReceiveOptions, file: FileMessage): Promise<void> {
  const { channel, observer } = options;
  const place = placeOf(options, file.path);
  // A link of such a name could lead the bytes elsewhere.
  for (const beside of [partialOf, noteOf]) locate(options.root, beside(file.path));
  await mkdir(dirname(place), { recursive: true });
  const incoming: Incoming = { file, place, isRead: false };
  const answer = await describeExisting(options, incoming);
  await channel.send(answer);
  if (answer.type === 'skip') return observer.fileSkipped();
  const reply = messageOf(await nextFrame(options));
  if (reply.type === 'same') {
    observer.fileSkipped();
    return channel.send({ type: 'skip' });
  }
  if (reply.type === 'failed') {
    return observer.fileFailed(file.path, file.size, new AscpError(reply.code, reply.description));
  }
  if (reply.type !== 'start') throw protocolError('expected the start of a file');
  await receiveBytes(options, incoming, reply.offset).catch(async (error: unknown) => {
    const failure = toAscpError(error);
    if (failure.endsSession) throw failure;
    if (!incoming.isRead) await discardPieces(options);
    throw failure;
  });
  observer.fileDone();
  return channel.send({ type: 'done' });
}

async function receiveFolder(options: ReceiveOptions, path: string): Promise<void> {
  await mkdir(placeOf(options, path), { recursive: true });
  options.observer.directoryDone();
  await options.channel.send({ type: 'done' });
}

function messageOf(frame: Frame): Message {
  if ('message' in frame) return frame.message;
  throw protocolError('bytes outside a file');
}

async function receiveOne(options: ReceiveOptions, message: Message): Promise<void> {
  if (message.type === 'total') return options.observer.precalculated(message);
  if (message.type !== 'directory' && message.type !== 'file') throw protocolError('unexpected message');
  try {
    await (message.type === 'file' ? receiveFile(options, message) : receiveFolder(options, message.path));
  } catch (error) {
    const failure = toAscpError(error);
    if (failure.endsSession) throw failure;
    options.observer.fileFailed(message.path, message.type === 'file' ? message.size : 0, failure);
    await options.channel.send({ type: 'failed', code: failure.code, description: failure.message });
  }
}

/**
 * Writes what the sender sends below `root` and returns the failure that the sender ends the session with.
 * Throws when the session itself breaks or the sender aborts it.
 */
export async function receiveFiles(options: ReceiveOptions): Promise<AscpError | undefined> {
  for (;;) {
    const message = messageOf(await nextFrame(options));
    if (message.type !== 'end') {
      await receiveOne(options, message);
      continue;
    }
    await options.channel.send({ type: 'done' });
    return message.code === 0 ? undefined : new AscpError(message.code, message.description);
  }
}
