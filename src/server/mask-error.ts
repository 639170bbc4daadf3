import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { SubjectRefused } from '../identity/subject.ts';
import { IdentityProviderUnavailable, Unauthenticated } from '../identity/unauthenticated.ts';
import { BadCursor } from '../progress/types.ts';
import { ScopeMissing } from '../resolvers/forbidden.ts';
import { SourceError } from '../transport/source-error.ts';

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

/** The errors that were made to be shown. Everything else is a fault of the gateway and stays inside. */
function show(error: unknown): Shown | undefined {
  if (error instanceof SourceError) return showSourceError(error);
  if (error instanceof SubjectRefused || error instanceof ScopeMissing)
    return { message: error.message, extensions: { code: 'FORBIDDEN' } };
  if (error instanceof BadCursor) return { message: error.message, extensions: { code: 'BAD_CURSOR' } };
  if (error instanceof Unauthenticated) {
    const http = { status: 401, headers: { 'www-authenticate': 'Bearer' } };
    return { message: error.message, extensions: { code: 'UNAUTHENTICATED', http } };
  }
  if (error instanceof IdentityProviderUnavailable) {
    return {
      message: error.message,
      extensions: { code: 'IDENTITY_PROVIDER_UNAVAILABLE', retryable: true, http: { status: 503 } },
    };
  }
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

const codeByHttpStatus: Readonly<Record<number, string>> = { 413: 'BODY_TOO_LARGE', 405: 'METHOD_NOT_ALLOWED' };

/** Errors that graphql and yoga raise about the request itself carry no cause; they may be shown. */
function showRequestError(error: GraphQLError): GraphQLError {
  if (typeof error.extensions.code === 'string') return error;
  const status = (error.extensions.http as { status?: number } | undefined)?.status;
  const code = codeByHttpStatus[status ?? 0] ?? 'BAD_REQUEST';
  return new GraphQLError(error.message, { ...placeOf(error), extensions: { ...error.extensions, code } });
}

/**
 * Turns anything thrown while serving an operation into the error that its caller sees. `report` gets what was hidden.
 */
export function maskError(error: unknown, report: (hidden: unknown) => void): GraphQLError {
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const shown = show(original);
  const place = placeOf(error);
  if (shown) return new GraphQLError(shown.message, { ...place, extensions: shown.extensions });
  if (original instanceof GraphQLError) return showRequestError(error as GraphQLError);
  report(original);
  return new GraphQLError('Something went wrong inside the gateway. Its log knows more, under the request id.', {
    ...place,
    extensions: { code: 'INTERNAL' },
  });
}
