import { createUpstream } from './create-upstream.ts';
import { SourceError } from './source-error.ts';
import type { Transport } from './transport.ts';
import type { CallerToken, Credential, Send, TokenProvider, UpstreamResponse } from './upstream.ts';

export interface ForwardingOptions {
  /** Name of the source in the configuration. */
  readonly source: string;
  /** How the source wants a token, as headers. */
  readonly headersOf: (token: string) => Readonly<Record<string, string>>;
}

const createCredential = ({ headersOf }: ForwardingOptions, { value }: CallerToken): Credential => ({
  apply: (request) => ({ ...request, headers: { ...request.headers, ...headersOf(value.reveal()) } }),
  expiresAtMs: undefined,
});

/** There is no other than the one that the caller has sent: the gateway renews none, and lends none of its own. */
const withCallerTokens = (provider: TokenProvider, options: ForwardingOptions): TokenProvider => ({
  credential: (call) => {
    const { token } = call.identity;
    return token ? createCredential(options, token) : provider.credential(call);
  },
  isRefused: provider.isRefused,
  forget: (identity, refused) => identity.token === undefined && provider.forget(identity, refused),
});

/** The source's own words are left out, because they may repeat the token. */
function refused(source: string, { header }: CallerToken): SourceError {
  const message = `${source} refused the token that you sent in ${header}. Send one that is valid there.`;
  return new SourceError('SOURCE_UNAUTHENTICATED', message, { source });
}

/** Sources also put an error into an answer of status 200 (aspera-node-api.md §1.5). */
const isFailure = ({ status, body }: UpstreamResponse) =>
  status >= 400 || (typeof body === 'object' && body !== null && 'error' in body);

/** Of a token that has no shape by which it is known, only this takes away what a source repeats in its error. */
function withoutText(value: unknown, text: string): unknown {
  if (typeof value === 'string') return value.replaceAll(text, '[removed]');
  if (Array.isArray(value)) return value.map((entry) => withoutText(entry, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutText(member, text)]));
}

/**
 * As `createUpstream`, for a source that is called with the tokens that its callers send along. A call without one has
 * what `provider` gives.
 * @throws SourceError SOURCE_UNAUTHENTICATED where the source refuses such a token
 */
export function forwardTokens(options: ForwardingOptions, transport: Transport, provider: TokenProvider): Send {
  const { source } = options;
  const upstream = createUpstream(source, transport, withCallerTokens(provider, options));
  return async (request, call) => {
    const response = await upstream(request, call);
    const { token } = call.identity;
    if (token === undefined) return response;
    if (provider.isRefused(response)) throw refused(source, token);
    return isFailure(response) ? { ...response, body: withoutText(response.body, token.value.reveal()) } : response;
  };
}
