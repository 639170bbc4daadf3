import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'vitest';
import { type Served, serve } from '../helpers/serve.ts';

export interface HeldRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** True once the caller has gone, or the answer is complete. */
  readonly isClosed: boolean;
  readonly response: ServerResponse;
  answer(body: unknown, status?: number): void;
}

/** A server that answers when the test says so, to look at what is under way at the same time. */
export interface HeldServer extends Served {
  readonly held: readonly HeldRequest[];
  /** The request that arrived as number `index`, as soon as it has. */
  arrival(index: number): Promise<HeldRequest>;
}

function hold(request: IncomingMessage, response: ServerResponse): HeldRequest {
  let isClosed = false;
  response.once('close', () => {
    isClosed = true;
  });
  request.resume();
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    get isClosed() {
      return isClosed;
    },
    response,
    answer: (body, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    },
  };
}

export async function holdRequests(): Promise<HeldServer> {
  const held: HeldRequest[] = [];
  const server = await serve((request, response) => {
    held.push(hold(request, response));
  });
  return {
    origin: server.origin,
    port: server.port,
    get count() {
      return server.count;
    },
    close: server.close,
    held,
    arrival: async (index) => {
      await expect.poll(() => held.length, { timeout: 5_000, interval: 5 }).toBeGreaterThan(index);
      const request = held[index];
      if (!request) throw new Error('The request did not arrive.');
      return request;
    },
  };
}
