import { expect, onTestFinished, vi } from 'vitest';
import { connectSocket, type RawSocket } from '../../helpers/raw-socket.ts';
import { subscribe } from '../socket-graph.ts';
import { PATIENCE, startServer, type TestServerOptions } from '../start-server.ts';
import { createSharedGraph, type OpenLine } from './shared-graph.ts';

/** The root field of a frame's payload. */
export interface Shown {
  readonly value?: number;
  readonly thing?: string | null;
  readonly gap?: boolean;
  readonly skipped?: boolean;
  readonly cursor?: string;
}

/** A server with the shared graph, whose clock only the test moves. */
export async function openShared(settings: TestServerOptions['settings'] = {}) {
  const { graph, lines, executed } = createSharedGraph();
  let nowMs = Date.now();
  const server = await startServer({ ...graph, now: () => nowMs, settings });
  onTestFinished(server.stop);
  const connect = async (): Promise<RawSocket> => {
    const socket = await connectSocket(server.webSocketUrl, server.key);
    onTestFinished(() => socket.vanish());
    return socket;
  };
  return {
    server,
    lines,
    executed,
    connect,
    /** Another socket that has subscribed. */
    watch: async (query: string, variables: object = {}, id = 'w') => {
      const socket = await connect();
      socket.send(subscribe(id, query, variables));
      return socket;
    },
    advance: (milliseconds: number) => {
      nowMs += milliseconds;
    },
    /** The line that was opened as the nth. */
    lineOf: async (index: number): Promise<OpenLine> => {
      await vi.waitFor(() => expect(lines.length).toBeGreaterThan(index), PATIENCE);
      return lines[index] as OpenLine;
    },
  };
}

/** What the next frame shows; fails when it is no event. */
export async function nextOf(socket: RawSocket): Promise<Shown> {
  const { type, payload } = await socket.next();
  const { data } = payload as { readonly data: Readonly<Record<string, Shown>> };
  if (type !== 'next') throw new Error(`not an event but ${type}: ${JSON.stringify(payload)}`);
  return Object.values(data)[0] ?? {};
}

/** Resolves when the server has read everything that the socket has sent so far. */
export async function heard(socket: RawSocket): Promise<void> {
  socket.send({ type: 'ping' });
  expect(await socket.next()).toEqual({ type: 'pong' });
}
