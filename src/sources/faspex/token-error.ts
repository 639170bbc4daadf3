import type { SourceError } from '../../transport/source-error.ts';
import type { UpstreamResponse } from '../../transport/upstream.ts';
import { describeFailure, readFailure } from './errors.ts';
import { serverTime } from './server-time.ts';

/** What to look at, by the vendor's code (aspera-apps-api.md §1.3 and §2.1, faspex5-errors.tsv). */
const advice: Readonly<Record<string, string>> = {
  1003: 'check clientId and tokenPath',
  2001: 'check clientId, and that this user exists and is active',
  2013: 'the user may not log in from the address of this gateway',
  2015: 'clientId does not name the API client that the key belongs to',
  2016: 'the API client may not act for this user: grant it access to the user, or give the user its public key',
  2017: 'the private key does not belong to the public key of the API client or of the user',
  2018: 'JWT grant is not enabled on the API client',
  2024: 'the password of this user has expired',
  2025: 'the API client does not take HTTP Basic',
  2026: 'check clientSecret',
};

const CLAIMS_REFUSED = '2019';

/** A clock that differs is the classic cause (aspera-apps-api.md §E.1), so both are shown. */
function clocks(response: UpstreamResponse, nowMs: number): string {
  const ours = new Date(nowMs).toISOString();
  const theirs = serverTime(response)?.toISOString();
  const reading = theirs === undefined ? '' : ` (here it is ${ours}, there ${theirs})`;
  return `compare the clocks${reading}, or raise clockSkewMs`;
}

function adviceFor(response: UpstreamResponse, vendorCode: string | undefined, message: string, nowMs: number): string {
  if (vendorCode === CLAIMS_REFUSED || /expired|not yet|iat|nbf/i.test(message)) return clocks(response, nowMs);
  const known = vendorCode === undefined ? undefined : advice[vendorCode];
  return known ?? 'check clientId, the key pair, the user, and that both clocks agree';
}

/** Why the server gave no token, with what to check. Nothing of the request is in it. */
export function tokenError(source: string, response: UpstreamResponse, nowMs: number): SourceError {
  const failure = readFailure(response.body);
  const { status } = response;
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    const sentence = 'has no token endpoint there: check url and tokenPath in the configuration';
    return describeFailure(source, { code: 'SOURCE_BAD_ANSWER', sentence }, failure);
  }
  if (status >= 500) {
    // Mistakes in the set-up of the API client surface as 500 with code 1000 (aspera-apps-api.md §E.2).
    const sentence = 'failed while making a token; a wrong clientId or key can cause that, and its own logs tell';
    return describeFailure(source, { code: 'SOURCE_UNAVAILABLE', sentence, retryable: false }, failure);
  }
  const hint = adviceFor(response, failure.code, failure.message ?? '', nowMs);
  return describeFailure(source, { code: 'SOURCE_UNAUTHENTICATED', sentence: `gave no token; ${hint}` }, failure);
}
