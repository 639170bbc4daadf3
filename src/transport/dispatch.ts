import type { Pool } from 'undici';
import { SourceError, type SourceErrorCode } from './source-error.ts';
import type { QueryValue, UpstreamRequest, UpstreamResponse } from './upstream.ts';

export interface Target {
  readonly pool: Pool;
  /** Path prefix of the source's URL, without a trailing slash. */
  readonly prefix: string;
  readonly source: string;
}

function appendQuery(search: URLSearchParams, name: string, value: QueryValue): void {
  if (value === undefined) return;
  if (typeof value === 'object') for (const part of value) search.append(name, part);
  else search.append(name, String(value));
}

function pathOf(prefix: string, request: UpstreamRequest): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) appendQuery(search, name, value);
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

const timeoutCodes = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Turns what undici or a socket threw into one of our codes. Cannot reach, too late and too much stay apart. */
function classify(source: string, error: unknown, gaveUp: boolean, callerGone: boolean): SourceError {
  const code = (error as { code?: unknown }).code;
  if (callerGone) return failure(source, 'CANCELED', 'was not waited for: the caller went away.', error);
  if (gaveUp || (typeof code === 'string' && timeoutCodes.has(code))) {
    return failure(source, 'SOURCE_TIMEOUT', 'did not answer in time.', error);
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return failure(source, 'SOURCE_BAD_ANSWER', 'sent an answer that is larger than allowed.', error);
  }
  return failure(source, 'SOURCE_UNREACHABLE', 'could not be reached, or the connection broke.', error);
}

/** The beginning of a second answer behind JSON: a bug of nodes in what concerns syncs (aspera-node-api.md §1.1). */
const secondAnswer = /(?<=[}\]])\s*HTTP\/1\.\d \d{3} /;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const end = text.search(secondAnswer);
    if (end < 0) throw error;
    return JSON.parse(text.slice(0, end));
  }
}

/** Content types do not help here: old nodes say application/x-javascript, proxies send HTML with 200. */
function parseBody(source: string, status: number, text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (status >= 400) return undefined;
    throw failure(source, 'SOURCE_BAD_ANSWER', 'sent an answer that is not JSON.', error);
  }
}

/** undici notices an abort only once the request has a socket; whoever waits for one is let go here. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** One attempt: sends the request, reads the whole answer, gives up after `deadlineMs` or when `signal` aborts. */
export async function dispatch(
  target: Target,
  request: UpstreamRequest,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<UpstreamResponse> {
  const { source } = target;
  const { body, type } = bodyOf(request);
  const aborter = new AbortController();
  const leave = () => aborter.abort();
  if (signal?.aborted) throw classify(source, signal.reason, false, true);
  signal?.addEventListener('abort', leave, { once: true });
  let gaveUp = false;
  const timer = setTimeout(() => {
    gaveUp = true;
    aborter.abort();
  }, deadlineMs);
  try {
    const sent = target.pool.request({
      method: request.method,
      path: pathOf(target.prefix, request),
      headers: { accept: 'application/json', ...(type ? { 'content-type': type } : {}), ...request.headers },
      ...(body === undefined ? {} : { body }),
      signal: aborter.signal,
    });
    const answer = await Promise.race([sent, rejectOnAbort(aborter.signal)]);
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, body: parseBody(source, answer.statusCode, text) };
  } catch (error) {
    throw error instanceof SourceError ? error : classify(source, error, gaveUp, signal?.aborted ?? false);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
}
