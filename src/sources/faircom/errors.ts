import { SourceError, type SourceErrorCode, vendorText } from '../../transport/source-error.ts';
import type { UpstreamResponse } from '../../transport/upstream.ts';
import { type Envelope, envelopeOf } from './envelope.ts';

/** The error codes that matter (faircom-netography-api.md §A12). */
const codes: Readonly<Record<number, SourceErrorCode>> = {
  2: 'CONFLICT',
  12: 'NOT_FOUND',
  19: 'BAD_INPUT',
  42: 'CONFLICT',
  450: 'SOURCE_UNAUTHENTICATED',
  451: 'SOURCE_UNAUTHENTICATED',
  598: 'BAD_INPUT',
  798: 'SOURCE_UNAVAILABLE',
  799: 'SOURCE_UNAVAILABLE',
  808: 'SOURCE_TIMEOUT',
  809: 'SOURCE_TIMEOUT',
  4021: 'CONFLICT',
  4046: 'NOT_FOUND',
  12025: 'BAD_INPUT',
  12031: 'SOURCE_UNAUTHENTICATED',
  12048: 'SOURCE_UNAVAILABLE',
  14702: 'BAD_INPUT',
  60031: 'SOURCE_UNAUTHENTICATED',
  [-17002]: 'CONFLICT',
  [-20005]: 'NOT_FOUND',
};

/** The token matches no session; 60031 is how older servers say it. Nothing was executed (§A4). */
const sessionUnknown: ReadonlySet<number> = new Set([12031, 60031]);

/** A file that could not be opened is missing or locked; the code does not tell which. */
const CANNOT_OPEN = 12;

/** The engine's refusal of a lock that somebody else holds for a moment (DLOK_ERR of c-tree). */
const LOCKED = 42;

const PARAMETER_MISSING = 12025;

/** No key matches: for a reader an empty page, not a failure. */
export const isKeyNotFound = (error: unknown): boolean => error instanceof SourceError && error.vendorCode === '4046';

/** A refusal of the request itself; its cause may be told by looking at what is there. */
export const isRefusedRequest = (error: unknown): error is SourceError =>
  error instanceof SourceError &&
  error.vendorCode !== undefined &&
  (error.code === 'BAD_INPUT' || error.code === 'NOT_FOUND');

const sentences: Partial<Record<SourceErrorCode, string>> = {
  BAD_INPUT: 'did not accept the request',
  NOT_FOUND: 'has no such thing',
  CONFLICT: 'has a conflict with what is there',
  SOURCE_UNAUTHENTICATED: 'refused the credential',
  SOURCE_TIMEOUT: 'did not answer in time',
  SOURCE_UNAVAILABLE: 'cannot serve the request now',
};

function refuse(source: string, code: SourceErrorCode, { errorCode, errorMessage = '' }: Envelope): SourceError {
  const sentence = errorCode === CANNOT_OPEN ? 'could not open a table: it is missing or locked' : sentences[code];
  const words = vendorText(errorMessage).replace(/\.$/, '');
  return new SourceError(code, `${source} ${sentence}${words === '' ? '' : `: ${words}`}.`, {
    source,
    vendorCode: String(errorCode),
    ...(errorCode === CANNOT_OPEN || errorCode === LOCKED ? { retryable: true } : {}),
  });
}

/** An answer that the contract does not allow. */
export const badAnswer = (source: string, what: string, cause?: unknown): SourceError =>
  new SourceError('SOURCE_BAD_ANSWER', `${source} sent ${what}.`, { source, cause });

/** Reads one item of a list: what cannot be read becomes an error in its place, and the rest stays. */
export function readItem<T>(read: () => T): T | SourceError {
  try {
    return read();
  } catch (error) {
    if (error instanceof SourceError && error.code === 'SOURCE_BAD_ANSWER') return error;
    throw error;
  }
}

/** Something in the request that cannot be meant; said before anything is sent. */
export const badInput = (source: string, message: string): SourceError =>
  new SourceError('BAD_INPUT', message, { source });

/** An answer without an envelope comes from something in front of the API, or from another server. */
function notAnEnvelope(source: string, status: number): SourceError {
  if (status === 401) return new SourceError('SOURCE_UNAUTHENTICATED', `${source} asks to log in.`, { source });
  if (status === 403) return new SourceError('SOURCE_FORBIDDEN', `${source} does not allow this.`, { source });
  if (status >= 500)
    return new SourceError('SOURCE_UNAVAILABLE', `${source} failed with status ${status}.`, { source });
  return badAnswer(source, `an answer with status ${status} that no JSON DB API sends`);
}

/** With a status of 500 and above it is the server that cannot serve, or what stands in front of it. */
const codeOf = ({ errorCode }: Envelope, { status }: UpstreamResponse): SourceErrorCode | undefined =>
  codes[errorCode] ?? (status >= 500 ? 'SOURCE_UNAVAILABLE' : undefined);

/**
 * The envelope of a success. Success is `errorCode` 0 and nothing else: failures come as HTTP 200 too, and an
 * envelope is read whatever the status (§A1, §A3).
 */
export function readEnvelope(source: string, response: UpstreamResponse): Envelope {
  const envelope = envelopeOf(response.body);
  if (!envelope) throw notAnEnvelope(source, response.status);
  // Codes that are not published, and all of SQL's, say that this very request cannot be served (§A12).
  if (envelope.errorCode !== 0) throw refuse(source, codeOf(envelope, response) ?? 'BAD_INPUT', envelope);
  if (response.status >= 400) throw badAnswer(source, `a success with status ${response.status}`);
  return envelope;
}

/**
 * The envelope of createSession. Its codes for wrong credentials are not published: whatever refuses the login is
 * `SOURCE_UNAUTHENTICATED`, except a missing parameter and a server that cannot serve (§A12).
 */
export function readLogin(source: string, response: UpstreamResponse): Envelope {
  const envelope = envelopeOf(response.body);
  if (!envelope || envelope.errorCode === 0 || envelope.errorCode === PARAMETER_MISSING) {
    return readEnvelope(source, response);
  }
  const code = codeOf(envelope, response);
  const isTransient = code === 'SOURCE_UNAVAILABLE' || code === 'SOURCE_TIMEOUT';
  throw refuse(source, isTransient ? code : 'SOURCE_UNAUTHENTICATED', envelope);
}

/** Whether the session was refused, in any HTTP status. */
export function isSessionRefused({ body }: UpstreamResponse): boolean {
  const envelope = envelopeOf(body);
  return envelope !== undefined && sessionUnknown.has(envelope.errorCode);
}

/** A transaction lives in its session; a new session knows nothing of it, and nothing of it was stored (§A11). */
export const transactionLost = (source: string): SourceError =>
  new SourceError('CONFLICT', `${source} ended the session: the transaction was lost, nothing of it was stored.`, {
    source,
    retryable: true,
  });
