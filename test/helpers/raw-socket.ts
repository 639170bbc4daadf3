import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A message of graphql-transport-ws, as it stands on the wire. */
export interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A client without manners: it sends whatever it is told to, and shows every message and the close code. */
export interface RawSocket {
  /** Sends a message, or these very characters or bytes. */
  send(message: Frame | string | Buffer): void;
  /** The next message that the server sent. Fails when the server closes the socket instead. */
  next(): Promise<Frame>;
  /** How the socket was closed. */
  readonly closed: Promise<Closing>;
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** Pings that the server has sent. */
  readonly pings: number;
  /** Goes away without a word, as a machine does that loses its power. */
  vanish(): void;
  /** Reads nothing until `resume`, not even that the server closes the socket. */
  pause(): void;
  resume(): void;
}

export interface RawSocketOptions {
  readonly protocol?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the pings of the server are answered; true when left out. */
  readonly answersPings?: boolean;
}

const textOf = (message: Frame | string | Buffer) =>
  typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);

export async function openSocket(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { headers = {}, answersPings = true } = options;
  const protocol = 'protocol' in options ? options.protocol : 'graphql-transport-ws';
  const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], { headers, autoPong: answersPings });
  const received: Frame[] = [];
  let wake: (() => void) | undefined;
  let closing: Closing | undefined;
  socket.on('message', (data) => {
    received.push(JSON.parse(String(data)) as Frame);
    wake?.();
  });
  let pings = 0;
  socket.on('ping', () => {
    pings += 1;
  });
  const closed = new Promise<Closing>((resolve) => {
    socket.once('close', (code, reason) => {
      closing = { code, reason: String(reason) };
      wake?.();
      resolve(closing);
    });
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return {
    send: (message) => socket.send(textOf(message)),
    next: async () => {
      for (;;) {
        const frame = received.shift();
        if (frame) return frame;
        if (closing) throw new Error(`the server closed the socket: ${closing.code} ${closing.reason}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    closed,
    protocol: socket.protocol,
    get pings() {
      return pings;
    },
    vanish: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

/** A socket whose connection_init was accepted. */
export async function connectSocket(url: string, key: string, options?: RawSocketOptions): Promise<RawSocket> {
  const socket = await openSocket(url, options);
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
  const answer = await socket.next();
  if (answer.type !== 'connection_ack') throw new Error(`no acknowledgement but ${answer.type}`);
  return socket;
}
