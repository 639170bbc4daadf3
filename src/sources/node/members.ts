import { isPlainInstant } from '../../reading/instant.ts';
import { Unreadable } from '../../reading/reader.ts';
import { readDate } from './wire.ts';

/** Members as nodes spell them, for what is read by hand: the same as the parts of wire.ts, and as lenient. */

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

function decimal(value: unknown, name: string): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && DECIMAL.test(value)) return Number(value);
  throw new Unreadable('a number', [name]);
}

/** A count of bytes, files or the like. Nodes count from below zero for what they do not know yet. */
export function count(value: unknown, name: string): number | undefined {
  const number = decimal(value, name);
  return number === undefined || number < 0 ? undefined : Math.trunc(number);
}

/** Text or a number, as text. */
export function code(value: unknown, name: string): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new Unreadable('text or a number', [name]);
}

export function requiredCode(value: unknown, name: string): string {
  const found = code(value, name);
  if (found !== undefined) return found;
  throw new Unreadable('text or a number', [name]);
}

const TRUE = /^(true|yes|1)$/i;

/** A switch that some versions send as a word. */
export function flag(value: unknown, name: string): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return TRUE.test(value);
  throw new Unreadable('true or false', [name]);
}

/** A moment as ISO 8601 in UTC. What is text and no moment is as good as absent. */
export function instant(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Unreadable('a moment', [name]);
  return isPlainInstant(value) ? value : readDate(value)?.toISOString();
}
