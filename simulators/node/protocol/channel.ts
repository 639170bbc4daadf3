import type { Socket } from 'node:net';
import { AscpError, connectionLost, type Outcome, protocolError } from '../ascp-error.ts';
import type { Message } from './message.ts';

/** One frame: a JSON message or a piece of a file. */
export type Frame = { readonly message: Message } | { readonly bytes: Buffer };

/** Frames over one socket. Only one caller reads at a time; writing waits until the socket takes more. */
export interface Channel {
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** The next frame. Throws an AscpError when the peer aborts (its code) or goes away (16). */
  next(): Promise<Frame>;
  send(message: Message): Promise<void>;
  sendBytes(bytes: Buffer): Promise<void>;
  /** Tells the peer why the session ends, lets it read that, and closes. */
  abort(error: AscpError): Promise<void>;
  /** Closes after everything written has gone. */
  end(): void;
  destroy(): void;
}

const JSON_FRAME = 0x4a;
const BYTES_FRAME = 0x44;
const HEAD_BYTES = 5;
/** Larger frames than this are no frames of this protocol. */
const FRAME_LIMIT_BYTES = 32 * 1024 * 1024;
/** How long an aborted session waits for the peer to have read the reason. */
const ABORT_GRACE_MS = 1_000;

/** What has arrived and was not handed on yet. */
interface Arrived {
  bytes: Buffer;
  /** Bytes that are still to come of the piece of a file that has begun; they are handed on as they arrive. */
  pieceLeft: number;
}

function takePiece(arrived: Arrived): Frame {
  const bytes = arrived.bytes.subarray(0, arrived.pieceLeft);
  arrived.bytes = arrived.bytes.subarray(bytes.length);
  arrived.pieceLeft -= bytes.length;
  return { bytes };
}

/** The next frame, or undefined when it has not arrived yet. */
function takeFrame(arrived: Arrived): Frame | undefined {
  if (arrived.pieceLeft > 0) return takePiece(arrived);
  const { bytes } = arrived;
  if (bytes.length < HEAD_BYTES) return undefined;
  const [kind, length] = [bytes.readUInt8(0), bytes.readUInt32BE(1)];
  if (length > FRAME_LIMIT_BYTES) throw protocolError('frame too long');
  if (kind === BYTES_FRAME) {
    arrived.bytes = bytes.subarray(HEAD_BYTES);
    arrived.pieceLeft = length;
    return arrived.bytes.length > 0 ? takePiece(arrived) : undefined;
  }
  if (kind !== JSON_FRAME) throw protocolError('unknown frame');
  if (bytes.length < HEAD_BYTES + length) return undefined;
  arrived.bytes = bytes.subarray(HEAD_BYTES + length);
  return { message: JSON.parse(bytes.toString('utf8', HEAD_BYTES, HEAD_BYTES + length)) as Message };
}

async function* readFrames(socket: Socket): AsyncGenerator<Frame> {
  const arrived: Arrived = { bytes: Buffer.alloc(0), pieceLeft: 0 };
  for await (const chunk of socket) {
    const { bytes } = arrived;
    arrived.bytes = bytes.length === 0 ? (chunk as Buffer) : Buffer.concat([bytes, chunk as Buffer]);
    while (arrived.bytes.length > 0) {
      const frame = takeFrame(arrived);
      if (!frame) break;
      yield frame;
    }
  }
}

function frameHead(kind: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(length, 1);
  return head;
}

const drained = (socket: Socket) =>
  new Promise<void>((resolve) => {
    const settle = () => {
      socket.off('drain', settle);
      socket.off('close', settle);
      resolve();
    };
    socket.on('drain', settle);
    socket.on('close', settle);
  });

async function write(socket: Socket, kind: number, payload: Buffer): Promise<void> {
  if (socket.destroyed || socket.writableEnded) throw connectionLost();
  socket.cork();
  socket.write(frameHead(kind, payload.length));
  const hasRoom = socket.write(payload);
  socket.uncork();
  if (!hasRoom) await drained(socket);
  if (socket.destroyed) throw connectionLost();
}

async function nextFrame({ frames, aborted }: ChannelState): Promise<Frame> {
  // The frames that are still under way belong to nobody: a file must not get some of them.
  if (aborted) throw aborted;
  const { value, done } = await frames.next().catch((error: unknown) => {
    throw error instanceof AscpError ? error : connectionLost();
  });
  if (done) throw connectionLost();
  if ('message' in value && value.message.type === 'abort') {
    const { code, description, outcome, isRefusal } = value.message;
    throw new AscpError(code, description, { outcome: outcome as Outcome, isRefusal, endsSession: true });
  }
  return value;
}

interface ChannelState {
  readonly socket: Socket;
  readonly frames: AsyncGenerator<Frame>;
  aborted: AscpError | undefined;
}

const encode = (message: Message) => Buffer.from(JSON.stringify(message));

async function abortChannel(state: ChannelState, error: AscpError): Promise<void> {
  const { socket, frames } = state;
  if (state.aborted) return;
  const { outcome, isRefusal } = error;
  state.aborted = new AscpError(error.code, error.message, { outcome, isRefusal, endsSession: true, cause: error });
  const timer = setTimeout(() => socket.destroy(), ABORT_GRACE_MS);
  try {
    const { code, message: description } = error;
    await write(socket, JSON_FRAME, encode({ type: 'abort', code, description, outcome, isRefusal }));
    // Closing with unread bytes in the socket would reset the connection and could swallow the reason.
    while (!(await frames.next()).done);
  } catch {
    // The peer is gone already: there is nobody left to tell.
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

export function createChannel(socket: Socket): Channel {
  socket.setNoDelay(true);
  // Errors surface where frames are read or written; without a listener they would end the process.
  socket.on('error', () => undefined);
  const state: ChannelState = { socket, frames: readFrames(socket), aborted: undefined };
  return {
    localAddress: socket.localAddress ?? '',
    remoteAddress: socket.remoteAddress ?? '',
    next: () => nextFrame(state),
    send: (message) => write(socket, JSON_FRAME, encode(message)),
    sendBytes: (bytes) => write(socket, BYTES_FRAME, bytes),
    abort: (error) => abortChannel(state, error),
    end: () => {
      socket.end();
    },
    destroy: () => {
      socket.destroy();
    },
  };
}
