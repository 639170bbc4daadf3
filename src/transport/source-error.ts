/**
 * What can go wrong between the gateway and a source: a closed set, so that callers can switch over it.
 * - `SOURCE_UNREACHABLE`: no connection, or it broke; nothing is known about the request.
 * - `SOURCE_TIMEOUT`: the source did not answer within its deadline.
 * - `SOURCE_UNAVAILABLE`: the source answered that it cannot serve now (5xx), or is being left alone after failures.
 * - `SOURCE_RATE_LIMITED`: the source asked for fewer requests.
 * - `SOURCE_BAD_ANSWER`: the source answered with something that its contract does not allow.
 * - `SOURCE_UNAUTHENTICATED`: the source refused the gateway's credential, or the token that the caller sent along.
 * - `SOURCE_FORBIDDEN`, `NOT_FOUND`, `CONFLICT`, `BAD_INPUT`: the source understood and said no.
 * - `REQUEST_LIMIT`: the operation asked one source for more requests than the configuration allows.
 * - `RETENTION_PASSED`: the source no longer keeps what was asked for.
 * - `CANCELED`: the caller went away.
 */
export type SourceErrorCode =
  | 'SOURCE_UNREACHABLE'
  | 'SOURCE_TIMEOUT'
  | 'SOURCE_UNAVAILABLE'
  | 'SOURCE_RATE_LIMITED'
  | 'SOURCE_BAD_ANSWER'
  | 'SOURCE_UNAUTHENTICATED'
  | 'SOURCE_FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'BAD_INPUT'
  | 'REQUEST_LIMIT'
  | 'RETENTION_PASSED'
  | 'CANCELED';

export interface SourceErrorOptions {
  /** Name of the source in the configuration. */
  readonly source: string;
  /** Whether the same request may succeed later without any change; by default what the code implies. */
  readonly retryable?: boolean;
  /** How long the source asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The vendor's own error code, e.g. "1009" of Faspex or 4046 of FairCom. */
  readonly vendorCode?: string;
  readonly cause?: unknown;
}

const retryableCodes: ReadonlySet<SourceErrorCode> = new Set([
  'SOURCE_UNREACHABLE',
  'SOURCE_TIMEOUT',
  'SOURCE_UNAVAILABLE',
  'SOURCE_RATE_LIMITED',
]);

/**
 * A failure at a source. The message is written for the person who sent the GraphQL operation: it never holds an
 * address, a header or a body of the upstream call; those stay in `cause`, which is not sent to anybody.
 */
export class SourceError extends Error {
  readonly code: SourceErrorCode;
  readonly source: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly vendorCode: string | undefined;

  constructor(code: SourceErrorCode, message: string, options: SourceErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SourceError';
    this.code = code;
    this.source = options.source;
    this.retryable = options.retryable ?? retryableCodes.has(code);
    this.retryAfterMs = options.retryAfterMs;
    this.vendorCode = options.vendorCode;
  }
}

const MAX_VENDOR_TEXT = 300;

/**
 * Things that look like credentials: PEM blocks, Aspera transfer tokens (aspera-node-api.md §1.4), JWTs, values of the
 * schemes Basic and Bearer (in lower case only what is no plain word), and long opaque runs.
 */
const credentialShapes = new RegExp(
  [
    /-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/,
    /\bAT[A-Z]\d_?[\w-]{8,}/,
    /\beyJ[\w-]+(?:\.[\w-]*)+/,
    /\b(?:Basic|BASIC|Bearer|BEARER)\s+[\w+/=.~-]+/,
    /\b(?:basic|bearer)\s+(?=[a-z]*[A-Z\d+/=_.]\S)[\w+/=.~-]+/,
    /[A-Za-z0-9+/_-]{48,}={0,2}/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** URLs of any scheme, and IPv4 addresses with or without a port. */
const addresses = /\b[a-z][a-z\d+.-]{1,20}:\/\/\S+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/gi;

/** A vendor's sentence made fit to be shown: one line, no credentials, no addresses, at most 300 characters. */
export function vendorText(text: string): string {
  const clean = text.replace(credentialShapes, '[removed]').replace(addresses, '[address]').replace(/\s+/g, ' ').trim();
  return clean.length > MAX_VENDOR_TEXT ? `${clean.slice(0, MAX_VENDOR_TEXT)}…` : clean;
}
