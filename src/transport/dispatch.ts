import type { Dispatcher, Pool } from 'undici';
import type { Deadlines } from './deadlines.ts';
import { readJson } from './read-json.ts';
import type { Signal } from './signal.ts';
import { SourceError, type SourceErrorCode } from './source-error.ts';
import type { QueryValue, UpstreamRequest, UpstreamResponse } from './upstream.ts';

export interface Target {
  readonly pool: Pool;
  /** Path prefix of the source's URL, without a trailing slash. */
  readonly prefix: string;
  readonly source: string;
  readonly deadlines: Deadlines;
}

function appendQuery(search: URLSearchParams, name: string, value: QueryValue): void {
  if (value === undefined) return;
  if (typeof value === 'object') for (const part of value) search.append(name, part);
  else search.append(name, String(value));
}

function pathOf(prefix: string, request: UpstreamRequest): string {
  if (!request.query) return prefix + request.path;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) appendQuery(search, name, value);
  const query = search.toString();
  return `${prefix}${request.path}${query === '' ? '' : `?${query}`}`;
}

function bodyOf(request: UpstreamRequest): { body?: string; type?: string } {
  if (request.form) {
    return { body: new URLSearchParams(request.form).toString(), type: 'application/x-www-form-urlencoded' };
  }
  return request.json === undefined ? {} : { body: JSON.stringify(request.json), type: 'application/json' };
}

function failure(source: string, code: SourceErrorCode, message: string, cause: unknown): SourceError {
  return new SourceError(code, `${source} ${message}`, { source, cause });
}

/** Why an attempt was given up on our side. */
const abandoned = new Error('The caller went away.');
const late = new Error('The deadline has passed.');

const timeoutCodes = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Turns what undici or a socket threw into one of our codes. Cannot reach, too late and too much stay apart. */
function classify(source: string, error: unknown): SourceError {
  const code = (error as { code?: unknown }).code;
  if (error === abandoned) return failure(source, 'CANCELED', 'was not waited for: the caller went away.', error);
  if (error === late || (typeof code === 'string' && timeoutCodes.has(code))) {
    return failure(source, 'SOURCE_TIMEOUT', 'did not answer in time.', error);
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return failure(source, 'SOURCE_BAD_ANSWER', 'sent an answer that is larger than allowed.', error);
  }
  return failure(source, 'SOURCE_UNREACHABLE', 'could not be reached, or the connection broke.', error);
}

/** Content types do not help here: old nodes say application/x-javascript, proxies send HTML with 200. */
function readBody(source: string, status: number, chunks: readonly Buffer[]): unknown {
  try {
    return readJson(chunks);
  } catch (error) {
    if (status >= 400) return undefined;
    throw failure(source, 'SOURCE_BAD_ANSWER', 'sent an answer that is not JSON.', error);
  }
}

/** What came of an attempt. */
interface Outcome {
  readonly resolve: (response: UpstreamResponse) => void;
  /** @param error what undici or a socket says */
  readonly reject: (error: unknown) => void;
}

/** Reads an answer as it comes. The interfaces above this one of undici make a stream of each, to read it to its end. */
function createHandler(source: string, { resolve, reject }: Outcome) {
  const chunks: Buffer[] = [];
  let controller: Dispatcher.DispatchController | undefined;
  let status = 0;
  let headers: UpstreamResponse['headers'] = {};
  let reason: Error | undefined;
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (given) => {
      controller = given;
      // It was given up while it waited for a socket.
      if (reason) given.abort(reason);
    },
    onResponseStart: (_controller, statusCode, given) => {
      status = statusCode;
      headers = given;
    },
    onResponseData: (_controller, chunk) => void chunks.push(chunk),
    onResponseEnd: () => {
      try {
        resolve({ status, headers, body: readBody(source, status, chunks) });
      } catch (error) {
        reject(error);
      }
    },
    onResponseError: (_controller, error) => reject(error),
  };
  return {
    handler,
    abort: (given: Error) => {
      reason = given;
      controller?.abort(given);
    },
  };
}

function optionsFor({ prefix }: Target, request: UpstreamRequest): Dispatcher.DispatchOptions {
  const { body, type } = bodyOf(request);
  return {
    method: request.method,
    path: pathOf(prefix, request),
    headers: { accept: 'application/json', ...(type ? { 'content-type': type } : {}), ...request.headers },
    ...(body === undefined ? {} : { body }),
  };
}

/** One attempt: sends the request, reads the whole answer, gives up after `deadlineMs` or when `signal` aborts. */
export function dispatch(
  target: Target,
  request: UpstreamRequest,
  deadlineMs: number,
  signal: Signal | undefined,
): Promise<UpstreamResponse> {
  const { source, pool, deadlines } = target;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(classify(source, abandoned));
      return;
    }
    const fail = (error: unknown) => {
      end();
      reject(error instanceof SourceError ? error : classify(source, error));
    };
    const { handler, abort } = createHandler(source, {
      resolve: (response) => {
        end();
        resolve(response);
      },
      reject: fail,
    });
    // undici notices only once the request has a socket; whoever waits for one is let go at once.
    const giveUp = (reason: Error) => {
      fail(reason);
      abort(reason);
    };
    const leave = () => giveUp(abandoned);
    const deadline = deadlines.after(deadlineMs, () => giveUp(late));
    const end = () => {
      deadline.cancel();
      signal?.removeEventListener('abort', leave);
    };
    signal?.addEventListener('abort', leave, { once: true });
    pool.dispatch(optionsFor(target, request), handler);
  });
}
