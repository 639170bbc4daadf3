import { Readable } from 'node:stream';
import type { FetchAPI } from 'graphql-yoga';
import type { FormattedError } from '../format-result.ts';
import type { Outlet, ResultBytes, SharedEvents } from './outlet.ts';
import type { Stalls } from './stalls.ts';

/** Answers subscriptions as server-sent events (graphql-sse, distinct connections mode). */
export interface EventStreams {
  /** @param cut ends the connection of a client that does not read */
  answer(events: SharedEvents, fetchApi: Pick<FetchAPI, 'Response'>, cut: (() => void) | undefined): Response;
}

/** Bytes that may wait for a client before only the newest states do. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** Proxies take a stream on which nothing comes for dead. */
const PING_MS = 12_000;

const headers = {
  'content-type': 'text/event-stream',
  connection: 'keep-alive',
  'cache-control': 'no-cache',
  'content-encoding': 'none',
};

const PING = Buffer.from(':\n\n');
const COMPLETE = Buffer.from('event: complete\ndata:\n\n');

const asNext = (result: Buffer) => Buffer.concat([Buffer.from('event: next\ndata: '), result, Buffer.from('\n\n')]);

interface Channel {
  readonly stream: Readable;
  readonly stalls: Stalls;
  readonly cut: () => void;
  pushed: number;
  isFull: boolean;
  /** What to do, and what to stop, when the client has read. */
  onReady: { readonly act: () => void; readonly forgetStall: () => void } | undefined;
}

function push(channel: Channel, bytes: Buffer): void {
  channel.pushed += bytes.length;
  channel.isFull = !channel.stream.push(bytes);
}

function becomeReady(channel: Channel): void {
  const { onReady } = channel;
  channel.isFull = false;
  channel.onReady = undefined;
  onReady?.forgetStall();
  onReady?.act();
}

function createOutlet(channel: Channel, asFrame: (result: ResultBytes) => Buffer): Outlet {
  const { stream, stalls, cut } = channel;
  const finish = () => {
    push(channel, COMPLETE);
    stream.push(null);
  };
  return {
    get isReady() {
      return !channel.isFull;
    },
    whenReady: (act) => {
      const bytesRead = () => channel.pushed - stream.readableLength;
      channel.onReady = { act, forgetStall: stalls.watch(bytesRead, cut) };
    },
    next: (result) => push(channel, asFrame(result)),
    fail: (errors: readonly FormattedError[]) => {
      push(channel, asNext(Buffer.from(JSON.stringify({ errors }))));
      finish();
    },
    complete: finish,
  };
}

export function createEventStreams(stalls: Stalls): EventStreams {
  const streams = new Set<Readable>();
  // One frame for all who are told the same.
  const frames = new WeakMap<ResultBytes, Buffer>();
  const asFrame = (result: ResultBytes) => {
    const frame = frames.get(result) ?? asNext(result.json);
    frames.set(result, frame);
    return frame;
  };
  let timer: NodeJS.Timeout | undefined;
  const ping = () => {
    for (const stream of streams) if (stream.readableLength === 0) stream.push(PING);
  };
  const remove = (stream: Readable) => {
    streams.delete(stream);
    if (streams.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const begin = (channel: Channel, events: SharedEvents) => {
    streams.add(channel.stream);
    timer ??= setInterval(ping, PING_MS).unref();
    // Some clients do not know that they are heard before something comes.
    push(channel, PING);
    return events.follow(createOutlet(channel, asFrame));
  };
  return {
    answer: (events, { Response }, cutConnection) => {
      let leave: (() => void) | undefined;
      const stream = new Readable({
        highWaterMark: MAX_UNREAD_BYTES,
        // Nothing begins before somebody reads: whoever has gone by now leaves nothing behind.
        read: () => {
          if (leave) becomeReady(channel);
          else leave = begin(channel, events);
        },
        destroy: (error, callback) => {
          remove(stream);
          channel.onReady?.forgetStall();
          leave?.();
          callback(error);
        },
      });
      const cut = () => {
        cutConnection?.();
        stream.destroy();
      };
      const channel: Channel = { stream, stalls, cut, pushed: 0, isFull: false, onReady: undefined };
      // The Response of yoga takes a stream of Node.js, which its type does not know.
      return new Response(stream as never, { status: 200, headers });
    },
  };
}
