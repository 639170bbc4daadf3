import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answer, type Product, ruleOf } from './answer.ts';
import { parseCancelRequest } from './cancel-method.ts';
import type { Faults } from './faults.ts';
import type { SimulatorRequest, SimulatorResponse } from './message.ts';
import type { RequestLog } from './request-log.ts';

export interface ExchangeOptions extends Product {
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Path under which everything is served, e.g. `/aspera/faspex`; routes and faults see the rest. */
  readonly prefix?: string;
  /** Answer with `Connection: close`, as real Aspera nodes do (aspera-node-api.md §1.1). */
  readonly closeConnections?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A path that no route has, for requests outside the prefix. */
const OUTSIDE = '/\u0000';

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function serialize(options: ExchangeOptions, response: SimulatorResponse) {
  const isJson = response.json !== undefined;
  const body = isJson ? Buffer.from(JSON.stringify(response.json)) : Buffer.from(response.body ?? '');
  const mayHaveBody = response.status !== 204 && response.status !== 304;
  const headers: Record<string, string> = {
    ...options.headers,
    ...(options.closeConnections ? { connection: 'close' } : {}),
    ...(isJson ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...(mayHaveBody ? { 'content-length': String(body.length) } : {}),
    ...response.headers,
  };
  return { body, headers };
}

function toRequest(
  prefix: string,
  url: string,
  rest: Omit<SimulatorRequest, 'path' | 'query' | 'params'>,
): SimulatorRequest {
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const inside = rawPath === prefix || rawPath.startsWith(`${prefix}/`);
  const path = inside ? rawPath.slice(prefix.length) || '/' : OUTSIDE;
  return { ...rest, path, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)), params: {} };
}

async function exchange(options: ExchangeOptions, url: string, request: SimulatorRequest) {
  const { method, path } = request;
  const settle = options.requests.add({ method, path, url: url.slice(options.prefix?.length ?? 0) });
  const rules = options.faults.take(method, path);
  const response = await answer(options, request, rules);
  settle(response?.status);
  return { response, rules };
}

/** Answers one request that Node's parser understood. */
export async function serve(options: ExchangeOptions, message: IncomingMessage, reply: ServerResponse): Promise<void> {
  const aborter = new AbortController();
  reply.on('close', () => aborter.abort());
  const { method = 'GET', url = '/', headers } = message;
  const body = await readBody(message);
  const request = toRequest(options.prefix ?? '', url, { method, headers, body, signal: aborter.signal });
  const { response, rules } = await exchange(options, url, request);
  if (response === undefined) {
    message.socket.destroy();
    return;
  }
  const serialized = serialize(options, response);
  reply.writeHead(response.status, serialized.headers);
  if (ruleOf(rules, 'truncate')) {
    const half = serialized.body.subarray(0, Math.floor(serialized.body.length / 2));
    reply.write(half, () => message.socket.destroy());
    return;
  }
  reply.end(serialized.body);
}

/** Answers a request with the verb CANCEL, which reaches a Node.js server only as a parse error. */
export async function serveRefused(
  options: ExchangeOptions,
  error: Error & { rawPacket?: Buffer },
  socket: Duplex,
): Promise<void> {
  const refused = parseCancelRequest(error.rawPacket);
  if (!refused) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return;
  }
  const { method, url, headers } = refused;
  const { signal } = new AbortController();
  const request = toRequest(options.prefix ?? '', url, { method, headers, body: Buffer.alloc(0), signal });
  const { response } = await exchange(options, url, request);
  if (response === undefined) {
    socket.destroy();
    return;
  }
  const serialized = serialize({ ...options, closeConnections: true }, response);
  const lines = Object.entries(serialized.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${response.status} -\r\n${lines.join('')}\r\n`), serialized.body]));
}
