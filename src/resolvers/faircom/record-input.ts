import type { RecordKey, RecordValue, RecordValues } from '../../sources/faircom/types.ts';
import { SourceError } from '../../transport/source-error.ts';

/** A primary key, as a caller says it: exactly one of the two. */
export interface RecordKeyInput {
  readonly recordId?: string | null | undefined;
  readonly key?: unknown;
}

const scalars: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);

/** A variable that was not given leaves a hole in a value that is written into the operation; that is none. */
function isRecordValue(value: unknown): value is RecordValue {
  if (value === null || scalars.has(typeof value)) return true;
  return Array.isArray(value) ? value.every(isRecordValue) : isRecordValues(value);
}

export const isRecordValues = (value: unknown): value is RecordValues =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isRecordValue);

const refuse = (message: string, source: string) => new SourceError('BAD_INPUT', message, { source });

/** The key that a JSON value stands for. @throws SourceError BAD_INPUT when it can be none */
export function keyFromJson(value: unknown, source: string): RecordKey {
  if (isRecordValues(value) || typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  const message = typeof value === 'number' ? 'Give a `key` that is no small whole number as text.' : KEY_FORMS;
  throw refuse(message, source);
}

const KEY_FORMS = '`key` must be the value of the key’s field, or an object: its fields with their values.';

/** The key that a caller has named. */
export function readKey({ recordId, key }: RecordKeyInput, source: string): RecordKey {
  if ((recordId == null) === (key == null)) throw refuse('Give either `recordId` or `key`.', source);
  return recordId ?? keyFromJson(key, source);
}

/** The values that a caller has given for a record. */
export function readValues(values: unknown, source: string): RecordValues {
  if (isRecordValues(values)) return values;
  throw refuse('Values of a record must be an object: the names of its fields with their values.', source);
}
