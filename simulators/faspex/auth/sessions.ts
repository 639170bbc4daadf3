import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import type { User } from '../model.ts';
import type { World } from '../world.ts';

const HOUR_MS = 3_600_000;
/** `access_token_expiration_hours` of an API client where nobody set it (aspera-apps-api.md §2.1). */
const DEFAULT_HOURS = 12;

interface Session {
  /** Undefined for a client's own token. */
  readonly userId: string | undefined;
  readonly clientId: string;
  expiresAt: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: number;
}

export interface Sessions {
  issue(clientId: string, user: User | undefined): Promise<IssuedToken>;
  /** The user of a request's token, undefined for a client's own token; throws 401. */
  authenticate(request: SimulatorRequest): User | undefined;
  /** Forgets the request's token; throws 401 where it is none. */
  revoke(request: SimulatorRequest): void;
  expireAll(): void;
  setHours(hours: number): void;
}

interface SessionState {
  readonly world: World;
  readonly signingKey: KeyObject;
  readonly byToken: Map<string, Session>;
  hours: number;
}

async function issue(state: SessionState, clientId: string, user: User | undefined): Promise<IssuedToken> {
  const now = state.world.clock.now();
  const expiresAt = now + state.hours * HOUR_MS;
  // The subject carries the numeric id, not the name that the assertion had (aspera-apps-api.md §2.1).
  const token = await new SignJWT({
    scope: '',
    exp: Math.floor(expiresAt / 1000),
    iat: Math.floor(now / 1000),
    aud: clientId,
    jti: state.world.nextId('token'),
    sub: user ? `user:${user.id}` : `client:${clientId}`,
    ...(user ? { name: `${user.firstName} ${user.lastName}`, email: user.email } : {}),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .sign(state.signingKey);
  state.byToken.set(token, { userId: user?.id, clientId, expiresAt });
  if (user) user.lastLoginAt = now;
  return { token, expiresAt };
}

function find(state: SessionState, request: SimulatorRequest): { token: string; session: Session } {
  const header = request.headers.authorization?.trim();
  if (!header) throw refusal(401, 2002, 'The request has no Authorization header.');
  // Real servers take the bare token as well (aspera-apps-api.md §2.1).
  const token = header.replace(/^bearer\s+/i, '');
  const session = state.byToken.get(token);
  if (!session) throw refusal(401, 2001, 'The credentials are not correct.');
  if (session.expiresAt <= state.world.clock.now()) throw refusal(401, 2005, 'The token has expired.');
  return { token, session };
}

function authenticate(state: SessionState, request: SimulatorRequest): User | undefined {
  const { session } = find(state, request);
  if (session.userId === undefined) return undefined;
  const user = state.world.users.get(session.userId);
  if (!user?.active) throw refusal(401, 2001, 'The credentials are not correct.');
  return user;
}

export function createSessions(world: World): Sessions {
  const state: SessionState = {
    world,
    signingKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    byToken: new Map(),
    hours: DEFAULT_HOURS,
  };
  return {
    issue: (clientId, user) => issue(state, clientId, user),
    authenticate: (request) => authenticate(state, request),
    revoke: (request) => {
      state.byToken.delete(find(state, request).token);
    },
    expireAll: () => {
      for (const session of state.byToken.values()) session.expiresAt = 0;
    },
    setHours: (hours) => {
      state.hours = hours;
    },
  };
}
