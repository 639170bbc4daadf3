import { LRUCache } from 'lru-cache';
import type { FairComTable } from './types.ts';

/**
 * Descriptions of tables that were read a moment ago, for whoever reads on through a list that began with them. A table
 * that is altered meanwhile is noticed by what the server then refuses, or after this moment.
 */
export interface KeptTables {
  find(key: string): FairComTable | undefined;
  keep(key: string, table: FairComTable): void;
  forget(key: string): void;
}

/** Nobody waits longer between two pages who reads on at once. */
const KEPT_MS = 10_000;

const MAX_KEPT = 500;

/** @param now milliseconds since 1970 */
export function createKeptTables(now: () => number): KeptTables {
  const kept = new LRUCache<string, { readonly table: FairComTable; readonly untilMs: number }>({ max: MAX_KEPT });
  return {
    find: (key) => {
      const found = kept.get(key);
      return found && now() < found.untilMs ? found.table : undefined;
    },
    keep: (key, table) => void kept.set(key, { table, untilMs: now() + KEPT_MS }),
    forget: (key) => void kept.delete(key),
  };
}
