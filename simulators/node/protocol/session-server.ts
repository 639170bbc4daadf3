import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { AscpError, protocolError, toAscpError } from '../ascp-error.ts';
import { type Channel, createChannel } from './channel.ts';
import { readHello } from './hello-shape.ts';
import type { Hello, Welcome } from './message.ts';
import type { SessionObserver } from './observer.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { runReceiver, runSender } from './run-session.ts';

/** What a hello is allowed to reach. */
export interface SessionGrant {
  /** Folder on disk that the hello's paths are relative to. */
  readonly root: string;
  readonly accessKeyId: string | undefined;
  readonly userId: string | undefined;
  /** As `start_spec.token_type` names it. */
  readonly tokenType: string;
}

/** The serving side's record of one session. */
export interface ServedSession {
  readonly welcome: Welcome;
  readonly observer: SessionObserver;
  readonly limiter: RateLimiter;
  readonly signal: AbortSignal;
  finish(failure: AscpError | undefined): void;
}

export interface SessionServerOptions {
  readonly port: number | undefined;
  /** Checks token or password and the requested paths; throws the AscpError to refuse with. */
  readonly authorize: (hello: Hello) => Promise<SessionGrant>;
  readonly open: (
    hello: Hello,
    grant: SessionGrant,
    addresses: Pick<Channel, 'localAddress' | 'remoteAddress'>,
  ) => ServedSession;
}

export interface SessionServer {
  /** 0 until `listen` has resolved; a restart keeps it. */
  readonly port: number;
  listen(): Promise<void>;
  close(): Promise<void>;
}

const HELLO_TIMEOUT_MS = 10_000;

async function awaitHello(channel: Channel): Promise<Hello> {
  const timer = setTimeout(() => channel.destroy(), HELLO_TIMEOUT_MS);
  try {
    const frame = await channel.next();
    if (!('message' in frame)) throw protocolError('expected a hello');
    return readHello(frame.message);
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(error: unknown): AscpError {
  const { code, message } = toAscpError(error);
  return new AscpError(code, message, { isRefusal: true, cause: error });
}

async function serve(options: SessionServerOptions, socket: Socket): Promise<void> {
  const channel = createChannel(socket);
  let hello: Hello;
  let grant: SessionGrant;
  try {
    hello = await awaitHello(channel);
    grant = await options.authorize(hello);
  } catch (error) {
    return channel.abort(refusalOf(error));
  }
  const session = options.open(hello, grant, channel);
  const { observer, limiter, signal } = session;
  const end = { channel, hello, root: grant.root, limiter, observer, signal };
  try {
    await channel.send(session.welcome);
    const isUpload = hello.direction === 'send';
    session.finish(await (isUpload ? runReceiver(end, hello.destinations) : runSender(end, hello.sources)));
  } catch (error) {
    session.finish(toAscpError(error));
  }
}

/** Listens on a node's ssh_port and serves sessions of the byte protocol. */
export function createSessionServer(options: SessionServerOptions): SessionServer {
  const sockets = new Set<Socket>();
  let port = options.port ?? 0;
  let server: Server | undefined;
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(options, socket).catch(() => socket.destroy());
  };
  return {
    get port() {
      return port;
    },
    listen: () =>
      new Promise((resolve, reject) => {
        const opened = createServer(accept);
        server = opened;
        opened.once('error', reject);
        opened.listen(port, '127.0.0.1', () => {
          port = (opened.address() as AddressInfo).port;
          resolve();
        });
      }),
    close: async () => {
      const closing = server;
      server = undefined;
      if (!closing) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
