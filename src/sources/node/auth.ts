import { createPrivateKey } from 'node:crypto';
import type { CallMeter } from '../../transport/call-meter.ts';
import { createTokenCache, type FetchedToken } from '../../transport/token-cache.ts';
import type { Credential, TokenProvider, UpstreamIdentity, UpstreamRequest } from '../../transport/upstream.ts';
import { mintBearerToken } from './bearer-token.ts';
import type { NodeConfig } from './config.ts';

const withHeaders = (request: UpstreamRequest, headers: Readonly<Record<string, string>>): UpstreamRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

function basicCredential(config: NodeConfig): Credential {
  const [name, password] = config.nodeUser
    ? [config.nodeUser.username, config.nodeUser.password]
    : [config.accessKey?.id, config.accessKey?.secret];
  const authorization = `Basic ${Buffer.from(`${name}:${password?.reveal()}`).toString('base64')}`;
  return { apply: (request) => withHeaders(request, { authorization }), expiresAtMs: undefined };
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
    credential: async ({ identity, signal }) =>
      identity.subject === undefined ? basic : (await tokens.get(identity, signal)).value,
    isRefused: (response) => response.status === 401,
    forget: (identity, refused) => {
      if (identity.subject === undefined) return false;
      const held = tokens.peek(identity);
      if (held?.value === refused) tokens.drop(identity, held);
      return true;
    },
  };
}
