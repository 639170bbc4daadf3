import { Unreadable } from '../../reading/reader.ts';
import type { RecordValue } from './types.ts';

/** Members as FairCom spells them, for what is read by hand: the same as the parts of wire.ts, and as lenient. */

/** Text; empty text is one too. */
export function text(value: unknown, name: string): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  throw new Unreadable('text', [name]);
}

/** Text that may be absent and is never null. */
export function textUnlessAbsent(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new Unreadable('text', [name]);
}

const INTEGER = /^-?\d+$/;

/** With `numberFormat: "string"` numbers of listed rows arrive as text (faircom-netography-api.md §A2). */
export function integer(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'string' && INTEGER.test(value)) return Number(value);
  throw new Unreadable('an integer', [name]);
}

export function flag(value: unknown, name: string): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return undefined;
  throw new Unreadable('true or false', [name]);
}

/** Whether there is a value: parsed bytes hold nothing but JSON. */
export const isValue = (value: unknown): value is NonNullable<RecordValue> => value !== undefined && value !== null;
