import { type ServiceError, status } from '@grpc/grpc-js';
import { SourceError, type SourceErrorCode, vendorText } from './source-error.ts';

/** Codes of gRPC that say the same whoever set them. */
const codes: Partial<Record<status, SourceErrorCode>> = {
  [status.UNAVAILABLE]: 'SOURCE_UNREACHABLE',
  [status.CANCELLED]: 'SOURCE_UNREACHABLE',
  [status.DEADLINE_EXCEEDED]: 'SOURCE_TIMEOUT',
  [status.UNAUTHENTICATED]: 'SOURCE_UNAUTHENTICATED',
  [status.PERMISSION_DENIED]: 'SOURCE_FORBIDDEN',
  [status.NOT_FOUND]: 'NOT_FOUND',
  [status.INVALID_ARGUMENT]: 'BAD_INPUT',
  [status.OUT_OF_RANGE]: 'BAD_INPUT',
  [status.ALREADY_EXISTS]: 'CONFLICT',
  [status.FAILED_PRECONDITION]: 'CONFLICT',
  [status.ABORTED]: 'CONFLICT',
  [status.RESOURCE_EXHAUSTED]: 'SOURCE_RATE_LIMITED',
  [status.UNIMPLEMENTED]: 'SOURCE_BAD_ANSWER',
  [status.DATA_LOSS]: 'SOURCE_BAD_ANSWER',
};

const sentences: Partial<Record<SourceErrorCode, string>> = {
  SOURCE_UNREACHABLE: 'could not be reached, or the connection broke',
  SOURCE_TIMEOUT: 'did not answer in time',
  SOURCE_UNAUTHENTICATED: 'refused the credential',
  SOURCE_FORBIDDEN: 'does not allow this',
  NOT_FOUND: 'does not have this',
  BAD_INPUT: 'did not accept the request',
  CONFLICT: 'has a conflict with what is there',
  SOURCE_RATE_LIMITED: 'asks for fewer requests',
  SOURCE_UNAVAILABLE: 'failed to serve the request',
};

/** What the library itself says of an answer that it cannot take, under codes that also mean something else. */
const unreadable = /message parsing error|unparseable|failed to decode/i;
const tooLarge = /message larger than max/i;

/** The vendor's words are told for what it refused; what the library says of a connection holds addresses. */
const spoken: ReadonlySet<SourceErrorCode> = new Set(['BAD_INPUT', 'CONFLICT', 'NOT_FOUND', 'SOURCE_FORBIDDEN']);

function badAnswer({ code, details }: ServiceError): string | undefined {
  if (tooLarge.test(details)) return 'sent an answer that is larger than allowed';
  if (unreadable.test(details)) return 'sent an answer that cannot be read';
  if (code === status.UNIMPLEMENTED) return 'does not know this call';
  return code === status.DATA_LOSS ? 'lost the answer' : undefined;
}

/** What ended a call, as one of our codes. `callerGone` says that it was given up on our side. */
export function toSourceError(source: string, error: ServiceError, callerGone: boolean): SourceError {
  const options = { source, cause: error };
  if (callerGone) {
    return new SourceError('CANCELED', `${source} was not waited for: the caller went away.`, options);
  }
  const bad = badAnswer(error);
  if (bad !== undefined) return new SourceError('SOURCE_BAD_ANSWER', `${source} ${bad}.`, options);
  const code = codes[error.code] ?? 'SOURCE_UNAVAILABLE';
  const words = spoken.has(code) ? vendorText(error.details).replace(/\.$/, '') : '';
  return new SourceError(code, `${source} ${sentences[code]}${words === '' ? '' : `: ${words}`}.`, options);
}
