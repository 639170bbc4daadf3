import { randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import type { CallMeter } from '../../transport/call-meter.ts';
import type { Signal } from '../../transport/signal.ts';
import { SourceError } from '../../transport/source-error.ts';
import { createTokenCache, type FetchedToken } from '../../transport/token-cache.ts';
import type { Transport } from '../../transport/transport.ts';
import type {
  Credential,
  TokenProvider,
  UpstreamIdentity,
  UpstreamRequest,
  UpstreamResponse,
} from '../../transport/upstream.ts';
import { type FaspexConfig, readPrivateKey } from './config.ts';
import { badAnswer, isTokenRefused } from './errors.ts';
import { serverTime } from './server-time.ts';
import { tokenError } from './token-error.ts';
import { wireToken } from './wire.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Life of a signed assertion, as IBM's own client sends it (aspera-apps-api.md §2.1). */
const ASSERTION_LIFE_MS = 3_600_000;

export interface FaspexAuth extends TokenProvider {
  /** When the token in hand of this identity ends, in milliseconds since 1970. */
  expiresAtMs(identity: UpstreamIdentity): number | undefined;
}

/** A token of a caller, as Faspex takes all (aspera-apps-api.md §2). */
export const headersOfToken = (token: string) => ({ authorization: `Bearer ${token}` });

interface AuthState {
  readonly config: FaspexConfig;
  readonly send: Transport['send'];
  readonly now: () => number;
  readonly meter?: CallMeter | undefined;
}

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** The API client that asks for tokens. A source that is called with its callers' own may have none. */
function clientOf({ name, clientId, privateKey }: FaspexConfig) {
  const key = privateKey && readPrivateKey(privateKey.reveal());
  if (clientId !== undefined && key) return { clientId, key };
  const message = `${name} has no credential of its own: it is called with the tokens that callers send along.`;
  throw new SourceError('SOURCE_UNAUTHENTICATED', message, { source: name });
}

/** `iss` and `aud` are both the client id, and the times lie back against clocks that differ (§2.1). */
async function signAssertion(
  { config, now }: AuthState,
  { clientId, key }: ReturnType<typeof clientOf>,
  subject: string,
): Promise<string> {
  const setBack = seconds(now() - config.clockSkewMs);
  return new SignJWT()
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256' })
    .setIssuer(clientId)
    .setAudience(clientId)
    .setSubject(subject)
    .setIssuedAt(setBack)
    .setNotBefore(setBack)
    .setExpirationTime(seconds(now() + ASSERTION_LIFE_MS))
    .setJti(randomUUID())
    .sign(key);
}

/** Examples of the vendor send the secret of a confidential client as HTTP Basic (§2.1). */
function clientAuthorization({ clientSecret }: FaspexConfig, clientId: string): Record<string, string> {
  if (!clientSecret) return {};
  const pair = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

function claimsOf(token: string): { iat?: number | undefined; exp?: number | undefined } {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

/**
 * How long the token lives, by the shortest of what the answer tells. Everything is taken relative to the server's own
 * clock, so that a clock that differs from ours neither shortens nor stretches it.
 */
function lifeMs(
  token: { access_token: string; expires_in?: number | undefined; expiration_date?: string | undefined },
  serverNowMs: number,
) {
  const { iat, exp } = claimsOf(token.access_token);
  const lives = [
    token.expires_in === undefined ? undefined : token.expires_in * 1000,
    token.expiration_date === undefined ? undefined : Date.parse(token.expiration_date) - serverNowMs,
    exp === undefined ? undefined : exp * 1000 - (iat === undefined ? serverNowMs : iat * 1000),
  ].filter((life) => life !== undefined && Number.isFinite(life));
  return lives.length === 0 ? undefined : Math.min(...lives.map(Number));
}

const bearer = (token: string, expiresAtMs: number | undefined): Credential => ({
  expiresAtMs,
  apply: (request) => ({ ...request, headers: { ...request.headers, ...headersOfToken(token) } }),
});

function readToken({ config, now }: AuthState, response: UpstreamResponse): FetchedToken<Credential> {
  const parsed = wireToken.safeParse(response.body);
  // The cause is left out on purpose: it would hold the token.
  if (!parsed.success) throw badAnswer(config.name, 'holds no access token');
  const life = lifeMs(parsed.data, serverTime(response)?.getTime() ?? now());
  const expiresAtMs = life === undefined ? undefined : now() + life;
  return { value: bearer(parsed.data.access_token, expiresAtMs), expiresAtMs };
}

async function fetchToken(state: AuthState, identity: UpstreamIdentity, signal: Signal) {
  const { config, send } = state;
  const client = clientOf(config);
  const subject = identity.subject ?? (config.serviceUser === undefined ? undefined : `user:${config.serviceUser}`);
  if (subject === undefined) {
    const message = `${config.name} acts only for viewers, and this call is made for none: it has no serviceUser.`;
    throw new SourceError('SOURCE_UNAUTHENTICATED', message, { source: config.name });
  }
  const assertion = await signAssertion(state, client, subject);
  const request: UpstreamRequest = {
    operation: 'faspex.token',
    method: 'POST',
    path: config.tokenPath,
    headers: clientAuthorization(config, client.clientId),
    form: { client_id: client.clientId, grant_type: JWT_BEARER, assertion },
    repeat: 'safe',
  };
  const response = await send(request, signal);
  if (response.status >= 200 && response.status < 300) return readToken(state, response);
  throw tokenError(config.name, response, state.now());
}

/** Access tokens by the JWT bearer grant, one per identity (aspera-apps-api.md §2.1). */
export function createFaspexAuth(state: AuthState): FaspexAuth {
  const { config, now, meter } = state;
  const tokens = createTokenCache<Credential>({
    fetchToken: (identity, signal) => fetchToken(state, identity, signal),
    renewEarlyMs: config.renewEarlyMs,
    meter,
    now,
  });
  return {
    credential: async (call) => (await tokens.get(call.identity, call.signal)).value,
    isRefused: isTokenRefused,
    forget: (identity, refused) => {
      const held = tokens.peek(identity);
      if (held?.value === refused) tokens.drop(identity, held);
      return true;
    },
    expiresAtMs: (identity) => tokens.peek(identity)?.expiresAtMs,
  };
}
