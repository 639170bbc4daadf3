import { below, type Reader, Unreadable } from './reader.ts';

/**
 * What readers of JSON that comes by the thousand are made of. A schema says the same in fewer words and costs several
 * times as much (docs/performance.md), so these are for the hot answers alone. All of them take null for absent, and
 * name the member that is wrong.
 */

/** A JSON object of whose members nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws Unreadable when it is no JSON object */
export function membersOf(value: unknown): Members {
  if (isObject(value)) return value;
  throw new Unreadable('an object');
}

/** Text that may be empty, and must be there. */
export function requiredText(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new Unreadable('text', [name]);
}

/** Text; empty is as good as absent. */
export function text(value: unknown, name: string): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (value === undefined || value === null) return undefined;
  throw new Unreadable('text', [name]);
}

/** What a reader makes of a member. */
export function member<T>(value: unknown, name: string, read: Reader<T>): T {
  try {
    return read(value);
  } catch (error) {
    throw below(error, name);
  }
}

/** What a reader makes of a member that may be absent. */
export const optional = <T>(value: unknown, name: string, read: Reader<T>): T | undefined =>
  value === undefined || value === null ? undefined : member(value, name, read);

/** The items of a list, still to be read. @throws Unreadable when it is none */
export function itemsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Unreadable('a list');
}

const none: readonly unknown[] = Object.freeze([]);

/** The items of a list that is a member; an absent list is empty. */
export const itemsOf = (value: unknown, name: string): readonly unknown[] =>
  value === undefined || value === null ? none : member(value, name, itemsIn);

/** A list that is of use only as a whole: one item that cannot be read spoils all of it. */
export function list<T>(value: unknown, name: string, read: Reader<T>): readonly T[] {
  const items: T[] = [];
  for (const item of itemsOf(value, name)) {
    try {
      items.push(read(item));
    } catch (error) {
      throw below(error, name, items.length);
    }
  }
  return items;
}
