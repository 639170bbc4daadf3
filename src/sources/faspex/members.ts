import { Unreadable } from '../../reading/reader.ts';

/** Members as Faspex spells them, for what is read by hand: the same as the parts of wire.ts, and as lenient. */

/** Ids are strings of digits; a number is let through (aspera-apps-api.md §1). */
export function requiredId(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw new Unreadable('an id', [name]);
}

export const id = (value: unknown, name: string): string | undefined =>
  value === undefined || value === null ? undefined : requiredId(value, name);

/** Numbers come as numbers or as text; a link's size is the empty text (§E.7). */
export function count(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new Unreadable('a number', [name]);
}

export function flag(value: unknown, name: string): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return undefined;
  throw new Unreadable('true or false', [name]);
}

/** Like `count`, for numbers that only decorate: what is not a number is left out. */
export function looseCount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
