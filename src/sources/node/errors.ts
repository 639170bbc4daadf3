import { InvalidTransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { SourceError, type SourceErrorCode, vendorText } from '../../transport/source-error.ts';
import type { UpstreamResponse } from '../../transport/upstream.ts';
import { nodeErrorOf, type WireError } from './wire.ts';

const codes: Readonly<Record<number, SourceErrorCode>> = {
  400: 'BAD_INPUT',
  401: 'SOURCE_UNAUTHENTICATED',
  403: 'SOURCE_FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'SOURCE_TIMEOUT',
  409: 'CONFLICT',
  413: 'BAD_INPUT',
  422: 'BAD_INPUT',
};

function codeOf(status: number): SourceErrorCode {
  return codes[status] ?? (status >= 500 ? 'SOURCE_UNAVAILABLE' : 'SOURCE_BAD_ANSWER');
}

const sentences: Partial<Record<SourceErrorCode, string>> = {
  BAD_INPUT: 'did not accept the request',
  SOURCE_UNAUTHENTICATED: 'refused the credential',
  SOURCE_FORBIDDEN: 'does not allow this',
  NOT_FOUND: 'does not have this',
  CONFLICT: 'has a conflict with what is there',
  SOURCE_TIMEOUT: 'did not answer in time',
  SOURCE_UNAVAILABLE: 'failed to serve the request',
};

/** A refusal in the node's words (aspera-node-api.md §1.5): whole answers, single paths and single transfer specs. */
export function refusal(source: string, status: number, error: WireError | undefined): SourceError {
  const code = codeOf(status);
  const sentence = `${source} ${sentences[code] ?? `answered with status ${status}`}`;
  const words = vendorText(error?.user_message ?? error?.reason ?? '').replace(/\.$/, '');
  return new SourceError(code, words === '' ? `${sentence}.` : `${sentence}: ${words}.`, {
    source,
    ...(error?.code === undefined ? {} : { vendorCode: error.code }),
  });
}

/** The refusal inside an answer of status 200: per path, per transfer spec. Its code is an HTTP status in digits. */
export function embeddedRefusal(source: string, error: WireError): SourceError {
  const status = Number(error.code);
  return refusal(source, Number.isInteger(status) && status >= 400 ? status : 400, error);
}

/** The same failure without the node's words and its code, which may repeat what it was sent. */
export function withoutWords(error: SourceError): SourceError {
  const { code, source, retryable, retryAfterMs } = error;
  const sentence = sentences[code];
  if (sentence === undefined) return error;
  const message = `${source} ${sentence}. Its words are not shown, because the request held a password or a key.`;
  return new SourceError(code, message, {
    ...{ source, retryable },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/**
 * Throws when the answer is a refusal. A body with an `error` object is one whatever its status: nodes also send it
 * with 200 (aspera-node-api.md §1.5).
 */
export function refuseFailure(source: string, response: UpstreamResponse): UpstreamResponse {
  const error = nodeErrorOf(response.body);
  if (response.status < 200 || response.status > 299) throw refusal(source, response.status, error);
  if (error) throw embeddedRefusal(source, error);
  return response;
}

/** An answer that the contract does not allow. An empty one is worth asking again: nodes sometimes lose the body. */
export function badAnswer(source: string, what: string, options: { retryable?: boolean; cause?: unknown } = {}) {
  return new SourceError('SOURCE_BAD_ANSWER', `${source} sent ${what}.`, { source, ...options });
}

/** Reads a spec that the node made; what cannot be one is the node's fault here, not the caller's. */
export function readVendorSpec<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidTransferSpec) {
      throw badAnswer(source, 'a transfer spec that cannot be used', { cause: error });
    }
    throw error;
  }
}

/** The calls that no bearer token may make (aspera-node-api.md §1.2); nobody lends a viewer another credential. */
export function bearerForbidden(source: string): SourceError {
  const message = `${source} does not show its access keys in a viewer's name.`;
  return new SourceError('SOURCE_FORBIDDEN', message, { source });
}

/** What runs on the node for good is not a viewer's: these calls take the node's own users and access keys. */
export function jobsForbidden(source: string, what: string): SourceError {
  const message = `${source} does not show its ${what} in a viewer's name.`;
  return new SourceError('SOURCE_FORBIDDEN', message, { source });
}

/** A viewer's token may not call what takes paths (aspera-node-api.md §1.2). */
export function pathsForbidden(source: string): SourceError {
  return new SourceError(
    'SOURCE_FORBIDDEN',
    `${source} takes file paths only from its own users and access keys. In a viewer's name, ask for folders and files by their ids.`,
    { source },
  );
}
