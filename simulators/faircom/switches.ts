import type { MovableClock } from '../kit/clock.ts';
import type { Switch } from '../kit/control-server.ts';
import { Refusal } from '../kit/message.ts';
import type { Server } from './server.ts';

export interface SwitchesOptions {
  readonly clock: MovableClock;
  readonly restart: () => Promise<void>;
  readonly server: () => Server;
}

type SwitchParameters = Readonly<Record<string, unknown>>;

const refuse = (message: string) => new Refusal({ status: 400, json: { error: message } });

function number(parameters: SwitchParameters, name: string): number {
  const value = parameters[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(`"${name}" must be a number.`);
  return value;
}

function truth(parameters: SwitchParameters, name: string): boolean {
  const value = parameters[name] ?? true;
  if (typeof value !== 'boolean') throw refuse(`"${name}" must be true or false.`);
  return value;
}

function expireSessions({ sessions }: Server): unknown {
  const living = sessions.all();
  for (const session of living) sessions.end(session);
  return { expired: living.length };
}

function setIdleTimeout({ settings, sessions }: Server, seconds: number): void {
  settings.idleSessionSeconds = seconds;
  for (const session of sessions.all()) {
    session.settings = { ...session.settings, idleConnectionTimeoutSeconds: seconds };
  }
}

/**
 * What can be made to happen to this server:
 * - `restart`: sockets, sessions, cursors and open transactions are lost;
 * - `expireSessions`: all sessions end as if they had been idle too long;
 * - `setIdleTimeout {seconds}`: for living and new sessions;
 * - `advanceClock {milliseconds}`;
 * - `httpErrors {enabled}`: application errors come with HTTP 400;
 * - `oldExpiryCode {enabled}`: a lost session is 60031 instead of 12031;
 * - `serviceInactive {times}`: so many requests are answered with 12048;
 * - `setLockTimeout {milliseconds}`: how long a write waits for another transaction before it fails with 42.
 */
export function createSwitches({ clock, restart, server }: SwitchesOptions): Readonly<Record<string, Switch>> {
  return {
    restart: () => restart(),
    expireSessions: () => expireSessions(server()),
    setIdleTimeout: (parameters) => setIdleTimeout(server(), number(parameters, 'seconds')),
    advanceClock: (parameters) => clock.advance(number(parameters, 'milliseconds')),
    httpErrors: (parameters) => {
      server().settings.hasHttpErrors = truth(parameters, 'enabled');
    },
    oldExpiryCode: (parameters) => {
      server().settings.hasOldExpiryCode = truth(parameters, 'enabled');
    },
    serviceInactive: (parameters) => {
      server().settings.inactiveRequests = number(parameters, 'times');
    },
    setLockTimeout: (parameters) => {
      server().settings.lockTimeoutMs = number(parameters, 'milliseconds');
    },
  };
}
