import { connect, type Socket } from 'node:net';
import { AscpError, protocolError, toAscpError } from '../ascp-error.ts';
import { type Channel, createChannel } from './channel.ts';
import type { Hello, Welcome } from './message.ts';

export interface SessionTarget {
  readonly host: string;
  readonly port: number;
}

const CONNECT_TIMEOUT_MS = 5_000;

function openSocket(target: SessionTarget, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.host, port: target.port });
    const fail = (error: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      reject(toAscpError(error));
    };
    const stop = () => fail(signal.reason);
    const timer = setTimeout(() => fail(new AscpError(15, 'Connection timed out')), CONNECT_TIMEOUT_MS);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

async function greet(channel: Channel, hello: Hello): Promise<Welcome> {
  await channel.send(hello);
  const frame = await channel.next();
  if (!('message' in frame) || frame.message.type !== 'welcome') throw protocolError('expected a welcome');
  return frame.message;
}

/** Connects and introduces itself. Throws the failure that the serving side (or the network) answers with. */
async function connectSession(
  target: SessionTarget,
  hello: Hello,
  signal: AbortSignal,
): Promise<{ readonly channel: Channel; readonly welcome: Welcome }> {
  signal.throwIfAborted();
  const channel = createChannel(await openSocket(target, signal));
  const stop = () => channel.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return { channel, welcome: await greet(channel, hello) };
  } catch (error) {
    channel.destroy();
    signal.throwIfAborted();
    throw toAscpError(error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** As `connectSession`, at the first of several addresses that can be reached. */
export async function connectFirst(
  targets: readonly SessionTarget[],
  hello: Hello,
  signal: AbortSignal,
): ReturnType<typeof connectSession> {
  let last: unknown = new AscpError(14, 'Target address not available');
  for (const target of targets) {
    try {
      return await connectSession(target, hello, signal);
    } catch (error) {
      last = error;
      const isUnreachable = error instanceof AscpError && (error.code === 14 || error.code === 15);
      if (!isUnreachable || signal.aborted) throw error;
    }
  }
  throw last;
}
