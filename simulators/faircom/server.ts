import type { Clock } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import { type Cursors, createCursors } from './session/cursors.ts';
import { createSessions, type Sessions } from './session/sessions.ts';
import { createTransactions, type Transactions } from './session/transactions.ts';
import { openStore, type Store } from './storage/store.ts';

/** What the switches of the control port turn. */
export interface Settings {
  /** Application errors come with HTTP 400 instead of 200. */
  hasHttpErrors: boolean;
  /** A lost session is 60031, as with old servers, instead of 12031. */
  hasOldExpiryCode: boolean;
  /** How many more requests are answered with 12048. */
  inactiveRequests: number;
  /** Idle time of sessions that name none. */
  idleSessionSeconds: number;
  /** How long a write waits for another transaction before it fails with 42. */
  lockTimeoutMs: number;
}

export interface Listener {
  readonly serviceName: string;
  readonly protocol: 'http' | 'https';
  readonly port: number;
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** A running server: what it keeps on disk and what it loses in a restart. */
export interface Server {
  readonly clock: Clock;
  readonly account: Account;
  readonly settings: Settings;
  readonly store: Store;
  readonly sessions: Sessions;
  readonly transactions: Transactions;
  readonly cursors: Cursors;
  listeners(): readonly Listener[];
  close(): void;
}

export interface ServerOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly account: Account;
  readonly settings: Settings;
  readonly listeners: () => readonly Listener[];
}

export const firstServerSettings = (): Settings => ({
  hasHttpErrors: false,
  hasOldExpiryCode: false,
  inactiveRequests: 0,
  idleSessionSeconds: 3_600,
  lockTimeoutMs: 2_000,
});

export function openServer(options: ServerOptions): Server {
  const { dataFolder, clock, random, account, settings, listeners } = options;
  const store = openStore(dataFolder, random, clock);
  const transactions = createTransactions();
  const cursors = createCursors(clock);
  const sessions = createSessions(clock, (session) => {
    cursors.closeOf(session);
    transactions.rollbackOf(session);
  });
  return {
    clock,
    account,
    settings,
    store,
    sessions,
    transactions,
    cursors,
    listeners,
    close: () => {
      // Those who wait for a lock must not get it from a transaction that is rolled back here.
      for (const { lock } of store.databases()) lock.close();
      for (const session of sessions.all()) sessions.end(session);
      store.close();
    },
  };
}
