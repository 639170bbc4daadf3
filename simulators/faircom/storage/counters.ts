import type { Random } from '../../kit/random.ts';
import type { Connection } from './connection.ts';

/** Numbers that only ever grow, also over a restart and whatever is rolled back. */
export interface Counters {
  /** Takes `count` numbers in a row; gives the first. */
  take(name: string, first: bigint, count?: number): bigint;
  /**
   * The change id of one action. It looks like a transaction number: large, growing, never by a fixed step
   * (faircom-netography-api.md §A9).
   */
  nextChangeId(): bigint;
}

const FIRST_CHANGE_ID = 1_295_300n;
const LARGEST_STEP = 50;

export function createCounters(connection: Connection, random: Random): Counters {
  connection.run('CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, next INTEGER NOT NULL)');
  const next = new Map<string, bigint>();
  for (const [name, value] of connection.all('SELECT name, next FROM counters')) {
    if (typeof name === 'string' && typeof value === 'bigint') next.set(name, value);
  }
  const take = (name: string, first: bigint, count = 1) => {
    const taken = next.get(name) ?? first;
    next.set(name, taken + BigInt(count));
    connection.run('INSERT OR REPLACE INTO counters VALUES (?, ?)', [name, taken + BigInt(count)]);
    return taken;
  };
  return {
    take,
    nextChangeId: () => take('changeId', FIRST_CHANGE_ID, random.integer(1, LARGEST_STEP)),
  };
}
