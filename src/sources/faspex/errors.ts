import { SourceError, type SourceErrorCode, vendorText } from '../../transport/source-error.ts';
import type { UpstreamResponse } from '../../transport/upstream.ts';
import { type FaspexFailure, wireFailure, wirePartialFailure } from './wire.ts';

/** 400 answers that are about the package's present state, not about what was asked (faspex5-errors.tsv). */
const conflicts = new Set(['1035', '1036', '1040', '1041', '1054', '1089', '1113', '1114', '1239', '2089']);

/** 401 answers that a new token does not cure: the user's rights do not suffice. */
const insufficient = new Set(['2028', '1027']);

/** 404 for a path that the server does not serve: an older server, or a wrong root in the configuration. */
const BAD_ROUTE = '1002';

/** The node behind Faspex did not give a transfer spec. */
const NODE_GAVE_NO_SPEC = '1237';

interface Verdict {
  readonly code: SourceErrorCode;
  /** Follows the source's name. */
  readonly sentence: string;
  readonly retryable?: boolean;
}

/** Whether the server refused the token itself, so that another one may help. */
export const isTokenRefused = (response: UpstreamResponse) =>
  response.status === 401 && !insufficient.has(readFailure(response.body).code ?? '');

/** The error body, as far as it can be understood; Faspex and proxies in front of it spell it in several ways (§1.3). */
export function readFailure(body: unknown): FaspexFailure {
  const parsed = wireFailure.safeParse(body);
  return parsed.success ? parsed.data : { code: undefined, message: undefined };
}

function judgeBadRequest(vendorCode: string | undefined): Verdict {
  if (vendorCode === NODE_GAVE_NO_SPEC) {
    return { code: 'SOURCE_UNAVAILABLE', sentence: 'got no transfer spec from its node' };
  }
  if (vendorCode !== undefined && conflicts.has(vendorCode)) {
    return { code: 'CONFLICT', sentence: 'cannot do that to the package as it is now' };
  }
  return { code: 'BAD_INPUT', sentence: 'refused the request' };
}

function judgeMissing(response: UpstreamResponse, vendorCode: string | undefined): Verdict {
  const isFaspexBody = typeof response.body === 'object' && response.body !== null;
  if (isFaspexBody && vendorCode !== BAD_ROUTE) return { code: 'NOT_FOUND', sentence: 'has no such thing' };
  const sentence = 'does not serve this call: its url in the configuration may be wrong, or its version too old';
  return { code: 'SOURCE_BAD_ANSWER', sentence };
}

function judge(response: UpstreamResponse, vendorCode: string | undefined): Verdict {
  const { status } = response;
  if (status === 401) {
    return vendorCode !== undefined && insufficient.has(vendorCode)
      ? { code: 'SOURCE_FORBIDDEN', sentence: 'does not allow this to the user it was asked for' }
      : { code: 'SOURCE_UNAUTHENTICATED', sentence: 'does not accept the access token' };
  }
  if (status === 403) return { code: 'SOURCE_FORBIDDEN', sentence: 'does not allow this' };
  if (status === 404) return judgeMissing(response, vendorCode);
  if (status === 409) return { code: 'CONFLICT', sentence: 'cannot do that now' };
  if (status === 400 || status === 422) return judgeBadRequest(vendorCode);
  if (status >= 500) return { code: 'SOURCE_UNAVAILABLE', sentence: 'failed inside; only its own logs say why' };
  return { code: 'SOURCE_BAD_ANSWER', sentence: `answered with an unexpected status ${status}` };
}

/** Turns any answer that is not a success into one of our errors, keyed on HTTP status and vendor code (§1.3). */
export function faspexError(source: string, response: UpstreamResponse): SourceError {
  const failure = readFailure(response.body);
  return describeFailure(source, judge(response, failure.code), failure);
}

/** Our sentence, then the vendor's, made fit to be shown. */
export function describeFailure(source: string, verdict: Verdict, failure: FaspexFailure): SourceError {
  const said = failure.message === undefined ? '' : vendorText(failure.message);
  return new SourceError(verdict.code, `${source} ${verdict.sentence}${said === '' ? '.' : `: ${said}`}`, {
    source,
    ...(verdict.retryable === undefined ? {} : { retryable: verdict.retryable }),
    ...(failure.code === undefined ? {} : { vendorCode: failure.code }),
  });
}

/** A 207 is a success by its status and says in `errors` what was not done (§1.3); undefined when all was. */
export function partialFailure(source: string, body: unknown): SourceError | undefined {
  const parsed = wirePartialFailure.safeParse(body);
  if (!parsed.success) return undefined;
  return describeFailure(source, { code: 'CONFLICT', sentence: 'did not do this' }, readFailure(body));
}

/** A success whose content the contract does not allow. */
export const badAnswer = (source: string, what: string, cause?: unknown) =>
  new SourceError('SOURCE_BAD_ANSWER', `${source} sent an answer that ${what}.`, {
    source,
    ...(cause === undefined ? {} : { cause }),
  });
