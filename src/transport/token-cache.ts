import type { CallMeter } from './call-meter.ts';
import { createFlights } from './flights.ts';
import type { Signal } from './signal.ts';
import { SourceError } from './source-error.ts';
import type { UpstreamIdentity } from './upstream.ts';

export interface FetchedToken<T> {
  readonly value: T;
  /** Milliseconds since 1970; undefined when the source does not tell. */
  readonly expiresAtMs: number | undefined;
}

export interface TokenCacheOptions<T> {
  /** Gets a new token. Called once however many wait for it. */
  readonly fetchToken: (identity: UpstreamIdentity, signal: Signal) => Promise<FetchedToken<T>>;
  /** How long before its end a token is replaced. */
  readonly renewEarlyMs: number;
  /** Told of every token that was asked for. */
  readonly meter?: Pick<CallMeter, 'noteToken'> | undefined;
  readonly now?: () => number;
}

/** Upstream tokens by identity. Nothing in it is ever handed to another identity. */
export interface TokenCache<T> {
  get(identity: UpstreamIdentity, signal: Signal | undefined): Promise<FetchedToken<T>>;
  /** Forgets `refused`, unless it has been replaced meanwhile. */
  drop(identity: UpstreamIdentity, refused: FetchedToken<T>): void;
  /** The token in hand, whatever its age; for health and for ending sessions. */
  peek(identity: UpstreamIdentity): FetchedToken<T> | undefined;
  values(): readonly FetchedToken<T>[];
}

/** Identities kept; the one unused for longest falls out. A viewer who returns costs one token call. */
const MAX_IDENTITIES = 10_000;

/** After a refusal the same answer is given for this long, so that a wrong password does not lock an account. */
const REFUSAL_HOLD_MS = 2_000;

interface Refusal {
  readonly error: SourceError;
  readonly untilMs: number;
}

interface Held<T> {
  readonly token: FetchedToken<T>;
  readonly renewAtMs: number;
}

/** A token that lives hardly longer than the early renewal is used for half its life, not fetched for every call. */
function hold<T>(token: FetchedToken<T>, nowMs: number, renewEarlyMs: number): Held<T> {
  if (token.expiresAtMs === undefined) return { token, renewAtMs: Number.POSITIVE_INFINITY };
  const earlyMs = Math.min(renewEarlyMs, Math.max(0, token.expiresAtMs - nowMs) / 2);
  return { token, renewAtMs: token.expiresAtMs - earlyMs };
}

function remember<T>(tokens: Map<string, Held<T>>, key: string, held: Held<T>): void {
  tokens.delete(key);
  tokens.set(key, held);
  if (tokens.size <= MAX_IDENTITIES) return;
  const oldest = tokens.keys().next().value;
  if (oldest !== undefined) tokens.delete(oldest);
}

export function createTokenCache<T>(options: TokenCacheOptions<T>): TokenCache<T> {
  const now = options.now ?? Date.now;
  const tokens = new Map<string, Held<T>>();
  const refusals = new Map<string, Refusal>();
  const flights = createFlights();

  const refuse = (key: string, error: SourceError) => {
    // Refusals stand in the order in which they end; those that have ended go, so that they do not pile up.
    for (const [other, { untilMs }] of refusals) {
      if (untilMs > now()) break;
      refusals.delete(other);
    }
    refusals.set(key, { error, untilMs: now() + REFUSAL_HOLD_MS });
  };

  const fetchOnce = async (identity: UpstreamIdentity, signal: Signal) => {
    try {
      const token = await options.fetchToken(identity, signal);
      options.meter?.noteToken(true);
      remember(tokens, identity.key, hold(token, now(), options.renewEarlyMs));
      return token;
    } catch (error) {
      const code = error instanceof SourceError ? error.code : undefined;
      if (code !== 'CANCELED') options.meter?.noteToken(false);
      if (error instanceof SourceError && code === 'SOURCE_UNAUTHENTICATED') refuse(identity.key, error);
      throw error;
    }
  };

  return {
    get: async (identity, signal) => {
      const held = tokens.get(identity.key);
      if (held && held.renewAtMs > now()) {
        remember(tokens, identity.key, held);
        return held.token;
      }
      const refusal = refusals.get(identity.key);
      if (refusal && refusal.untilMs > now()) throw refusal.error;
      refusals.delete(identity.key);
      return flights.join(identity.key, signal, (flightSignal) => fetchOnce(identity, flightSignal));
    },
    drop: (identity, refused) => {
      if (tokens.get(identity.key)?.token === refused) tokens.delete(identity.key);
    },
    peek: (identity) => tokens.get(identity.key)?.token,
    values: () => [...tokens.values()].map(({ token }) => token),
  };
}
