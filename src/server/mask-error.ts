import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { Logger } from 'pino';
import { ClientGone, OperationTimedOut } from '../context/end-of-operation.ts';
import { SubjectRefused } from '../identity/subject.ts';
import { IdentityProviderUnavailable, Unauthenticated } from '../identity/unauthenticated.ts';
import { BadCursor } from '../progress/types.ts';
import { ScopeMissing } from '../resolvers/forbidden.ts';
import type { Signal } from '../transport/signal.ts';
import { SourceError } from '../transport/source-error.ts';
import { withoutValue } from './variable-error.ts';

/** The operation in which something failed. */
export interface Circumstances {
  readonly requestId: string;
  readonly logger: Pick<Logger, 'error'>;
  /** What ends the work that is being done for it. */
  readonly presentSignal: Signal;
}

/** What a caller may know of a failure: a sentence, a stable code, and whether trying again can help. */
interface Shown {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const present = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function showSourceError(error: SourceError): Shown {
  const { code, source, retryable, retryAfterMs, vendorCode } = error;
  return { message: error.message, extensions: present({ code, source, retryable, retryAfterMs, vendorCode }) };
}

const asForbidden = ({ message }: Error): Shown => ({ message, extensions: { code: 'FORBIDDEN' } });

const asUnauthenticated = ({ message }: Error): Shown => ({
  message,
  extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
});

const asUnavailable = ({ message }: Error): Shown => ({
  message,
  extensions: { code: 'IDENTITY_PROVIDER_UNAVAILABLE', retryable: true, http: { status: 503 } },
});

/** The errors that were made to be shown. Everything else is a fault of the gateway and stays inside. */
function show(error: unknown): Shown | undefined {
  if (error instanceof SourceError) return showSourceError(error);
  if (error instanceof SubjectRefused || error instanceof ScopeMissing) return asForbidden(error);
  if (error instanceof BadCursor) return { message: error.message, extensions: { code: 'BAD_CURSOR' } };
  if (error instanceof Unauthenticated) return asUnauthenticated(error);
  if (error instanceof IdentityProviderUnavailable) return asUnavailable(error);
  if (error instanceof OperationTimedOut) {
    return { message: error.message, extensions: { code: 'OPERATION_TIMEOUT', retryable: true } };
  }
  if (error instanceof ClientGone) return { message: error.message, extensions: { code: 'CANCELED' } };
  return undefined;
}

/** Where in the document and the answer an error belongs. */
function placeOf(error: unknown): GraphQLErrorOptions {
  if (!(error instanceof GraphQLError)) return {};
  const { nodes, source, positions, path } = error;
  return {
    ...(nodes ? { nodes } : {}),
    ...(source ? { source } : {}),
    ...(positions ? { positions } : {}),
    ...(path ? { path } : {}),
  };
}

const codeByHttpStatus: Readonly<Record<number, string>> = { 405: 'METHOD_NOT_ALLOWED', 413: 'BODY_TOO_LARGE' };

interface RequestErrorExtensions {
  readonly code?: unknown;
  readonly http?: { readonly status?: number };
  /** Where yoga says what JSON.parse said, with a piece of the text that it could not read. */
  readonly originalError?: unknown;
}

/** Errors that graphql and yoga raise about the request itself carry no cause; they may be shown. */
function showRequestError(error: GraphQLError): GraphQLError {
  const { code, http, originalError } = error.extensions as RequestErrorExtensions;
  const known = codeByHttpStatus[http?.status ?? 0] ?? (typeof code === 'string' ? code : 'BAD_REQUEST');
  const message = withoutValue(error);
  if (known === code && message === error.message && originalError === undefined) return error;
  const status = originalError === undefined ? http : { status: http?.status };
  return new GraphQLError(message, { ...placeOf(error), extensions: present({ code: known, http: status }) });
}

/** What was stopped by the end of its operation failed for that reason, whatever it says itself. */
function causeOf(error: unknown, signal: Signal | undefined): unknown {
  if (!signal?.aborted) return error;
  const wasStopped = error === signal.reason || (error instanceof SourceError && error.code === 'CANCELED');
  return wasStopped ? signal.reason : error;
}

/** For the log: where it was, without the value. */
const refusedValue = (error: unknown) =>
  new TypeError(`a value that its type refuses, at ${(error as GraphQLError).path?.join('.')}`);

/** What a scalar says of a value that is no fault of the caller, and repeats; what it says of arguments names their place. */
const isRefusedValue = (error: unknown, cause: unknown) =>
  error instanceof GraphQLError && error.path !== undefined && cause instanceof GraphQLError && !cause.nodes;

/**
 * Turns anything thrown while serving a request into the error that its caller sees. `hide` logs what the caller does
 * not see, and gives what is told instead.
 */
function mask(error: unknown, hide: (hidden: unknown) => object, signal?: Signal): GraphQLError {
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const cause = causeOf(original, signal);
  const shown = show(cause);
  const place = placeOf(error);
  if (shown) return new GraphQLError(shown.message, { ...place, extensions: shown.extensions });
  if (isRefusedValue(error, cause)) {
    return new GraphQLError('The source sent a value here that is not of the type that the graph promises.', {
      ...place,
      extensions: { code: 'SOURCE_BAD_ANSWER', retryable: false, ...hide(refusedValue(error)) },
    });
  }
  if (cause instanceof GraphQLError) return showRequestError(error as GraphQLError);
  return new GraphQLError('Something went wrong inside the gateway. Its log knows more, under the request id.', {
    ...place,
    extensions: { code: 'INTERNAL', ...hide(cause) },
  });
}

/** Masks what an operation threw. */
export function maskOperationError(error: unknown, { requestId, logger, presentSignal }: Circumstances): GraphQLError {
  const hide = (hidden: unknown) => {
    // The operation's logger says the request id by itself.
    logger.error({ err: hidden }, 'unexpected failure');
    return { requestId };
  };
  return mask(error, hide, presentSignal);
}

/** Masks what was thrown before there was an operation, or beside one. */
export function maskRequestError(error: unknown, logger: Pick<Logger, 'error'>): GraphQLError {
  return mask(error, (hidden) => {
    const requestId = randomUUID();
    logger.error({ requestId, err: hidden }, 'unexpected failure');
    return { requestId, http: { status: 500 } };
  });
}
