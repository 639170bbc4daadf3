import type { Dispatcher, Pool } from 'undici';
import type { Deadline, Deadlines } from './deadlines.ts';
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

/** How long an answer is waited for. */
interface Patience {
  readonly deadlineMs: number;
  readonly signal: Signal | undefined;
}

/** What becomes of an attempt. */
interface Outcome {
  readonly resolve: (response: UpstreamResponse) => void;
  readonly reject: (error: SourceError) => void;
}

/**
 * An attempt under way, which reads its answer as it comes. The interfaces above this one of undici make a stream of each
 * answer, to read it to its end.
 */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #source: string;
  readonly #outcome: Outcome;
  readonly #signal: Signal | undefined;
  readonly #deadline: Deadline;
  readonly #leave = () => this.#giveUp(abandoned);
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: UpstreamResponse['headers'] = {};
  #reason: Error | undefined;

  constructor({ source, deadlines }: Target, { deadlineMs, signal }: Patience, outcome: Outcome) {
    this.#source = source;
    this.#outcome = outcome;
    this.#signal = signal;
    this.#deadline = deadlines.after(deadlineMs, () => this.#giveUp(late));
    signal?.addEventListener('abort', this.#leave, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was given up while it waited for a socket.
    if (this.#reason) controller.abort(this.#reason);
  }

  onResponseStart(_controller: unknown, status: number, headers: UpstreamResponse['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    try {
      const body = readBody(this.#source, this.#status, this.#chunks);
      this.#end();
      this.#outcome.resolve({ status: this.#status, headers: this.#headers, body });
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#fail(error);
  }

  #end(): void {
    this.#deadline.cancel();
    this.#signal?.removeEventListener('abort', this.#leave);
  }

  #fail(error: unknown): void {
    this.#end();
    this.#outcome.reject(error instanceof SourceError ? error : classify(this.#source, error));
  }

  /** undici notices only once the request has a socket; whoever waits for one is let go at once. */
  #giveUp(reason: Error): void {
    this.#fail(reason);
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
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
  if (signal?.aborted) return Promise.reject(classify(target.source, abandoned));
  return new Promise((resolve, reject) => {
    const attempt = new Attempt(target, { deadlineMs, signal }, { resolve, reject });
    target.pool.dispatch(optionsFor(target, request), attempt);
  });
}
