import type { CallMeter } from '../../transport/call-meter.ts';
import type { Signal } from '../../transport/signal.ts';
import { createTokenCache, type FetchedToken } from '../../transport/token-cache.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Credential, TokenProvider, UpstreamIdentity, UpstreamRequest } from '../../transport/upstream.ts';
import type { FairComConfig } from './config.ts';
import { badAnswer, isSessionRefused, readLogin } from './errors.ts';
import { wireOpenedSession } from './wire.ts';

interface OpenSession {
  readonly authToken: string;
  readonly serverVersion: string | undefined;
}

/** The gateway's session, and how it ends. */
export interface FairComAuth {
  readonly provider: TokenProvider;
  /** What the server said of itself when the session was opened. */
  serverVersion(identity: UpstreamIdentity): string | undefined;
  /** Ends the open sessions at the server. A server that cannot be reached ends them itself when they are idle. */
  close(): Promise<void>;
}

/** Ending a session must not hold up a shutdown. */
const CLOSE_DEADLINE_MS = 2_000;

/** createSession (faircom-netography-api.md §A4): every number as text, or bigints would be rounded (§A2). */
const loginRequest = (config: FairComConfig): UpstreamRequest => ({
  operation: 'faircom.createSession',
  method: 'POST',
  path: config.apiPath,
  json: {
    api: 'admin',
    action: 'createSession',
    params: {
      username: config.username,
      password: config.password.reveal(),
      defaultApi: 'db',
      defaultDebug: 'none',
      defaultDatabaseName: config.databaseName,
      defaultOwnerName: config.ownerName,
      defaultBinaryFormat: 'hex',
      defaultResponseOptions: { dataFormat: 'objects', numberFormat: 'string', binaryFormat: 'hex' },
      idleConnectionTimeoutSeconds: config.idleConnectionTimeoutSeconds,
    },
  },
  // A repeat leaves at worst a session that nobody uses, which the server ends by itself.
  repeat: 'safe',
});

/** The token travels in the body, not in a header (§A2). */
const withToken = (request: UpstreamRequest, authToken: string): UpstreamRequest => ({
  ...request,
  json: Object.assign({}, request.json, { authToken }),
});

const logoutRequest = (config: FairComConfig, authToken: string): UpstreamRequest => ({
  operation: 'faircom.deleteSession',
  method: 'POST',
  path: config.apiPath,
  json: { api: 'admin', action: 'deleteSession', authToken },
  repeat: 'never',
  deadlineMs: CLOSE_DEADLINE_MS,
});

async function openSession(config: FairComConfig, transport: Transport, signal: Signal): Promise<OpenSession> {
  const { result, authToken: outside } = readLogin(config.name, await transport.send(loginRequest(config), signal));
  const { authToken: inside, serverVersion } = wireOpenedSession.safeParse(result).data ?? {};
  const authToken = inside ?? outside;
  if (!authToken) throw badAnswer(config.name, 'a new session without a token');
  return { authToken, serverVersion };
}

/**
 * One session per identity, shared by all its calls: opened once however many wait, kept until the server refuses it
 * (12031, of older servers 60031), because its end moves with every request (§A4).
 */
export function createFairComAuth(
  config: FairComConfig,
  transport: Transport,
  { now, meter }: { readonly now: () => number; readonly meter?: CallMeter | undefined },
): FairComAuth {
  const sessions = createTokenCache<OpenSession>({
    fetchToken: async (_identity, signal) => ({
      value: await openSession(config, transport, signal),
      expiresAtMs: undefined,
    }),
    renewEarlyMs: 0,
    meter,
    now,
  });
  const issued = new WeakMap<Credential, FetchedToken<OpenSession>>();
  const provider: TokenProvider = {
    credential: async ({ identity, signal }) => {
      const session = await sessions.get(identity, signal);
      const credential: Credential = {
        apply: (request) => withToken(request, session.value.authToken),
        expiresAtMs: undefined,
      };
      issued.set(credential, session);
      return credential;
    },
    isRefused: isSessionRefused,
    forget: (identity, refused) => {
      const session = issued.get(refused);
      if (session) sessions.drop(identity, session);
      return true;
    },
  };
  return {
    provider,
    serverVersion: (identity) => sessions.peek(identity)?.value.serverVersion,
    close: async () => {
      const requests = sessions.values().map(({ value }) => logoutRequest(config, value.authToken));
      await Promise.allSettled(requests.map((request) => transport.send(request)));
    },
  };
}
