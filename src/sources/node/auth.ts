import { createPrivateKey } from 'node:crypto';
import type { CallMeter } from '../../transport/call-meter.ts';
import { SourceError } from '../../transport/source-error.ts';
import { createTokenCache, type FetchedToken } from '../../transport/token-cache.ts';
import type { Credential, TokenProvider, UpstreamIdentity, UpstreamRequest } from '../../transport/upstream.ts';
import { mintBearerToken } from './bearer-token.ts';
import type { NodeConfig } from './config.ts';

const withHeaders = (request: UpstreamRequest, headers: Readonly<Record<string, string>>): UpstreamRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

/** How a caller's token is sent: a bearer token always with its access key (aspera-node-api.md §1.2). */
export const headersOfToken =
  ({ tokenScheme, tokenAccessKey }: NodeConfig) =>
  (token: string): Readonly<Record<string, string>> => {
    if (tokenScheme === 'basic') return { authorization: `Basic ${token}` };
    return { authorization: `Bearer ${token}`, 'x-aspera-accesskey': tokenAccessKey ?? '' };
  };

/** Undefined where the gateway has none of its own, because callers send theirs. */
function basicCredential({ nodeUser, accessKey }: NodeConfig): Credential | undefined {
  const [name, password] = nodeUser ? [nodeUser.username, nodeUser.password] : [accessKey?.id, accessKey?.secret];
  if (name === undefined || password === undefined) return undefined;
  const authorization = `Basic ${Buffer.from(`${name}:${password.reveal()}`).toString('base64')}`;
  return { apply: (request) => withHeaders(request, { authorization }), expiresAtMs: undefined };
}

function noCredential({ name }: NodeConfig): SourceError {
  const message = `${name} has no credential of its own: it is called with the tokens that callers send along.`;
  return new SourceError('SOURCE_UNAUTHENTICATED', message, { source: name });
}

/** Mints tokens without asking anybody: the node trusts whoever holds the access key's private key. */
function createMint(bearer: NonNullable<NodeConfig['bearer']>, now: () => number) {
  const privateKey = createPrivateKey(bearer.privateKey.reveal());
  return (userId: string): FetchedToken<Credential> => {
    // The payload has whole seconds only, and the node compares with those.
    const expiresAtMs = (Math.floor(now() / 1000) + bearer.lifeSeconds) * 1000;
    const { accessKey, scope } = bearer;
    const token = mintBearerToken({ accessKey, privateKey, scope, userId, expiresAtMs });
    const headers = { authorization: `Bearer ${token}`, 'x-aspera-accesskey': accessKey };
    return { value: { apply: (request) => withHeaders(request, headers), expiresAtMs }, expiresAtMs };
  };
}

/**
 * Basic authorization for the gateway's own identity, a bearer token of its own for every subject
 * (aspera-node-api.md §1.2, §1.3). A subject never falls back to the gateway's credential.
 */
export function createNodeAuth(config: NodeConfig, now: () => number, meter?: CallMeter): TokenProvider {
  const basic = basicCredential(config);
  const mint = config.bearer && createMint(config.bearer, now);
  const tokens = createTokenCache<Credential>({
    fetchToken: async ({ subject }: UpstreamIdentity) => {
      if (mint === undefined || subject === undefined) throw new TypeError('No bearer tokens are configured.');
      return mint(subject);
    },
    renewEarlyMs: config.renewEarlyMs,
    meter,
    now,
  });
  return {
    credential: async ({ identity, signal }) => {
      if (identity.subject !== undefined) return (await tokens.get(identity, signal)).value;
      if (basic === undefined) throw noCredential(config);
      return basic;
    },
    isRefused: (response) => response.status === 401,
    forget: (identity, refused) => {
      if (identity.subject === undefined) return false;
      const held = tokens.peek(identity);
      if (held?.value === refused) tokens.drop(identity, held);
      return true;
    },
  };
}
