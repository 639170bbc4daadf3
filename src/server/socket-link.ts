import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Stalls } from './fan-out/stalls.ts';
import { beginTextFrame } from './text-frame.ts';

/** The sending side of one socket. */
export interface SocketLink {
  readonly isOpen: boolean;
  /** Whether what is sent now does not wait behind what the client has not read. */
  readonly isReady: boolean;
  /** Whether the client is behind with reading, so that nothing can be concluded from its silence. */
  readonly isStalled: boolean;
  /** Calls back, once, when the client has read what was sent. Until then it is watched: it must read at all. */
  whenReady(act: () => void): void;
  /** Resolves when the message is on its way, so that whoever waits sends no faster than the client reads. */
  send(message: object): Promise<void>;
  /** Sends a message in two parts, without waiting and without a copy of the second, which others are sent as well. */
  write(first: Buffer, shared: Buffer): void;
  /** Says why, and ends the socket even if the client does not confirm it. */
  close(code: number, reason: string): void;
}

export interface SocketLinkDeps {
  /** What carries the socket's bytes. */
  readonly duplex: Socket;
  readonly stalls: Stalls;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Bytes that may wait for a client; one that asks for more without reading is cut off. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** Milliseconds that a client gets to confirm the end of its socket. */
const CONFIRM_MS = 1_000;

/** A close reason has 123 bytes at most (RFC 6455 §5.5). */
const MAX_REASON_BYTES = 123;

/** Of our own: the client did not read for so long that it is of no use to send on. */
const DOES_NOT_READ = 4420;

/** A longer reason is cut between two characters. */
function reasonOf(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_REASON_BYTES) return text;
  return bytes
    .subarray(0, MAX_REASON_BYTES)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}

/** Sends the reason, and ends the socket even if that is not confirmed. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  const timer = setTimeout(() => socket.terminate(), CONFIRM_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.close(code, reasonOf(reason));
}

/** Who waits for the client to read. Nothing is held for one that keeps up. */
function createBacklog(socket: WebSocket, { duplex, stalls, logger }: SocketLinkDeps) {
  let waiting: (() => void)[] | undefined;
  const cut = () => {
    logger.warn({ unreadBytes: socket.bufferedAmount }, 'socket closed: its client does not read');
    closeSocket(socket, DOES_NOT_READ, `You have not read for ${stalls.patience}; connect again when you do.`);
  };
  const begin = (): (() => void)[] => {
    const acts: (() => void)[] = [];
    const forgetStall = stalls.watch(() => duplex.bytesWritten - duplex.writableLength, cut);
    const over = () => {
      duplex.off('drain', read);
      forgetStall();
      waiting = undefined;
    };
    const read = () => {
      over();
      socket.off('close', over);
      for (const act of acts) act();
    };
    duplex.once('drain', read);
    socket.once('close', over);
    return acts;
  };
  return {
    get isStalled() {
      return waiting !== undefined;
    },
    wait: (act: () => void) => {
      waiting ??= begin();
      waiting.push(act);
    },
  };
}

export function createSocketLink(socket: WebSocket, deps: SocketLinkDeps): SocketLink {
  const { duplex, logger } = deps;
  const backlog = createBacklog(socket, deps);
  const cutIfUnread = () => {
    const { bufferedAmount } = socket;
    if (bufferedAmount <= MAX_UNREAD_BYTES) return;
    logger.warn({ unreadBytes: bufferedAmount }, 'socket cut: its client does not read');
    socket.terminate();
  };
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    get isReady() {
      return !duplex.writableNeedDrain;
    },
    get isStalled() {
      return backlog.isStalled;
    },
    whenReady: backlog.wait,
    send: (message) =>
      new Promise((resolve) => {
        cutIfUnread();
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message), () => resolve());
        else resolve();
      }),
    write: (first, shared) => {
      if (socket.readyState !== socket.OPEN) return;
      // Past ws, which would have to be given a copy. It sends whole frames at once, so nothing comes between the two.
      duplex.cork();
      duplex.write(beginTextFrame(first, first.length + shared.length));
      duplex.write(shared);
      duplex.uncork();
    },
    close: (code, reason) => closeSocket(socket, code, reason),
  };
}
