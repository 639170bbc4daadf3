import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';
import { FairComError } from '../errors.ts';
import type { SessionSettings } from './session-settings.ts';

export interface Session {
  readonly authToken: string;
  readonly username: string;
  readonly startedAtMs: number;
  lastAccessedAtMs: number;
  settings: SessionSettings;
}

export interface Sessions {
  open(username: string, settings: SessionSettings): Session;
  /** The living session of a token, its idle time begun anew. */
  touch(authToken: string): Session | undefined;
  all(): readonly Session[];
  end(session: Session): void;
  /** Ends the sessions that nobody used for longer than their idle time. */
  endIdle(): void;
}

/**
 * The vendor allows 1,024 sessions, 50 for each address and 50 for each user name (faircom-netography-api.md §A4).
 * This server has one account, so the last of the three is the one that is always reached first.
 */
const MAX_SESSIONS_PER_USERNAME = 50;

/** Letters and digits that nobody can guess: tokens, cursor and transaction ids. */
export const randomKey = (length: number) =>
  randomBytes(length * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length);

const TOKEN_LENGTH = 64;

function isIdle({ settings, lastAccessedAtMs }: Session, nowMs: number): boolean {
  const seconds = settings.idleConnectionTimeoutSeconds;
  return !settings.permanentSession && seconds >= 0 && nowMs - lastAccessedAtMs > seconds * 1000;
}

/** `onEnd` closes what belongs to a session: its cursors and its open transactions. */
export function createSessions(clock: Clock, onEnd: (session: Session) => void): Sessions {
  const sessions = new Map<string, Session>();
  const end = (session: Session) => {
    if (sessions.delete(session.authToken)) onEnd(session);
  };
  return {
    open: (username, settings) => {
      if (sessions.size >= MAX_SESSIONS_PER_USERNAME) {
        throw new FairComError('tooManySessions', 'This user has as many sessions as the server allows.');
      }
      const now = clock.now();
      const session = {
        authToken: randomKey(TOKEN_LENGTH),
        username,
        settings,
        startedAtMs: now,
        lastAccessedAtMs: now,
      };
      sessions.set(session.authToken, session);
      return session;
    },
    touch: (authToken) => {
      const session = sessions.get(authToken);
      if (session) session.lastAccessedAtMs = clock.now();
      return session;
    },
    all: () => [...sessions.values()],
    end,
    endIdle: () => {
      const now = clock.now();
      for (const session of [...sessions.values()]) if (isIdle(session, now)) end(session);
    },
  };
}
