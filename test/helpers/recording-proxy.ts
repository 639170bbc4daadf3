import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';

/** A request on its way from the gateway to a server. It holds credentials: never print it. */
export interface PassedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Undefined until the server has answered. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
  /** The gateway went away before it had the answer. */
  readonly isAbandoned: boolean;
}

/** Requests that wait before the server. */
export interface Hold {
  readonly waiting: readonly PassedRequest[];
  /** The waiting request with this number, as soon as it has arrived. */
  arrival(index: number): Promise<PassedRequest>;
  /** Lets through what waits, and holds nothing from now on. */
  release(): void;
}

/** Stands before a server, passes everything on unchanged, and remembers what passed. */
export interface RecordingProxy {
  readonly origin: string;
  readonly passed: readonly PassedRequest[];
  /** The requests whose path contains this. */
  to(path: string): readonly PassedRequest[];
  /** Holds up the requests that fit. */
  hold(fits: (request: PassedRequest) => boolean): Hold;
  /** Forgets what has passed, and lets through whatever waits. */
  clear(): void;
  close(): Promise<void>;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

interface HeldUp {
  readonly fits: (request: PassedRequest) => boolean;
  readonly waiting: PassedRequest[];
  readonly released: Promise<void>;
  readonly release: () => void;
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function forward(target: string, record: Mutable<PassedRequest>, reply: ServerResponse): void {
  const { method, path, headers, body } = record;
  const passed = request(target + path, { method, headers: { ...headers, connection: 'close' }, agent: false });
  reply.once('close', () => passed.destroy());
  passed.once('error', () => reply.destroy());
  passed.once('response', async (response) => {
    try {
      const text = await textOf(response);
      record.answer = { status: response.statusCode ?? 0, body: text };
      reply.writeHead(response.statusCode ?? 502, response.headers).end(text);
    } catch {
      // The server broke off in the middle of its answer, and so does this.
      reply.destroy();
    }
  });
  passed.end(body);
}

function createHold(holds: Set<HeldUp>, fits: HeldUp['fits']): Hold {
  const { promise, resolve } = Promise.withResolvers<void>();
  const release = () => {
    holds.delete(held);
    resolve();
  };
  const held: HeldUp = { fits, waiting: [], released: promise, release };
  holds.add(held);
  return {
    waiting: held.waiting,
    arrival: async (index) => {
      await expect.poll(() => held.waiting.length, { timeout: 5_000, interval: 5 }).toBeGreaterThan(index);
      return held.waiting[index] as PassedRequest;
    },
    release,
  };
}

/** @param target origin of the server, read at every request so that it may be started later */
export async function startRecordingProxy(target: () => string): Promise<RecordingProxy> {
  const holds = new Set<HeldUp>();
  let passed: PassedRequest[] = [];
  const pass = async (message: IncomingMessage, reply: ServerResponse) => {
    const { method = 'GET', url: path = '/', headers } = message;
    const body = await textOf(message);
    const record: Mutable<PassedRequest> = { method, path, headers, body, answer: undefined, isAbandoned: false };
    passed.push(record);
    reply.once('close', () => {
      record.isAbandoned = !reply.writableFinished;
    });
    const held = [...holds].filter(({ fits }) => fits(record));
    for (const { waiting } of held) waiting.push(record);
    await Promise.all(held.map(({ released }) => released));
    if (!reply.destroyed) forward(target(), record, reply);
  };
  const server = createServer((message, reply) => {
    pass(message, reply).catch(() => reply.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    get passed() {
      return passed;
    },
    to: (path) => passed.filter((record) => record.path.includes(path)),
    hold: (fits) => createHold(holds, fits),
    clear: () => {
      passed = [];
      for (const { release } of holds) release();
    },
    close: async () => {
      for (const { release } of holds) release();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
