import type { FairComField, FairComFieldType, RecordValue } from './types.ts';

/**
 * The one text of a value that keys and filters use: the same for every spelling of the same value, so that texts are
 * equal exactly when the values are. Undefined when the value is none of the field's type.
 */
type Canonical = (text: string) => string | undefined;

const INTEGER = /^[+-]?\d{1,19}$/;
const DECIMAL = /^(-?)(\d{1,32})(?:\.(\d{1,32}))?$/;
const FLOAT = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?$/;
const HEX = /^(?:[0-9a-f]{2})*$/i;
const LONE_SURROGATE = /\p{Surrogate}/u;

const integer = (bits: bigint): Canonical => {
  const bound = 2n ** (bits - 1n);
  return (text) => {
    if (!INTEGER.test(text)) return undefined;
    const value = BigInt(text);
    return value >= -bound && value < bound ? value.toString() : undefined;
  };
};

const decimal: Canonical = (text) => {
  const [matched, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const digits = fraction.replace(/0+$/, '');
  const number = `${BigInt(whole)}${digits === '' ? '' : `.${digits}`}`;
  return number === '0' ? '0' : `${sign}${number}`;
};

const float =
  (round: (value: number) => number): Canonical =>
  (text) => {
    const value = FLOAT.test(text) ? round(Number(text)) : Number.NaN;
    return Number.isFinite(value) ? String(value === 0 ? 0 : value) : undefined;
  };

const date: Canonical = (text) => (DATE.test(text) ? text : undefined);

const time: Canonical = (text) => {
  const [matched, clock, fraction = ''] = TIME.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const digits = fraction.replace(/0+$/, '');
  return `${clock}${digits === '' ? '' : `.${digits}`}`;
};

const timestamp: Canonical = (text) => {
  const [day, clock] = [date(text.slice(0, 10)), time(text.slice(11))];
  return day && clock && /[T ]/.test(text.charAt(10)) ? `${day}T${clock}` : undefined;
};

/** Half a surrogate pair has no UTF-8 form: no record can hold it. */
const text: Canonical = (value) => (LONE_SURROGATE.test(value) ? undefined : value);

const binary: Canonical = (value) => (HEX.test(value) ? value.toLowerCase() : undefined);

const bits: Readonly<Record<string, string>> = { true: '1', false: '0', '1': '1', '0': '0' };

/** Types that have no place in keys and filters are left out: JSON and what this API version does not know. */
const canonicals: Readonly<Partial<Record<FairComFieldType, Canonical>>> = {
  BIT: (value) => bits[value],
  TINYINT: integer(8n),
  SMALLINT: integer(16n),
  INTEGER: integer(32n),
  BIGINT: integer(64n),
  REAL: float(Math.fround),
  FLOAT: float((value) => value),
  NUMBER: decimal,
  MONEY: decimal,
  DATE: date,
  TIME: time,
  TIMESTAMP: timestamp,
  // Answers pad CHAR with spaces up to its length (§A8).
  CHAR: (value) => text(value.replace(/ +$/, '')),
  VARCHAR: text,
  LVARCHAR: text,
  BINARY: binary,
  VARBINARY: binary,
  LVARBINARY: binary,
};

/** The canonical text of a value of this field (types: faircom-netography-api.md §A8). */
export function canonicalText(field: FairComField, value: RecordValue): string | undefined {
  if (value === null || typeof value === 'object') return undefined;
  // A number beyond 2^53 has been rounded before it came here: it must come as text.
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return field.type === 'REAL' || field.type === 'FLOAT' ? canonicals[field.type]?.(String(value)) : undefined;
  }
  return canonicals[field.type]?.(String(value));
}

const numeric: ReadonlySet<FairComFieldType> = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'BIT']);

function compareDecimals(left: string, right: string): number {
  const scale = Math.max(left.split('.')[1]?.length ?? 0, right.split('.')[1]?.length ?? 0);
  const scaled = (value: string) => {
    const [whole = '', fraction = ''] = value.split('.');
    return BigInt(whole + fraction.padEnd(scale, '0'));
  };
  return Number(scaled(left) > scaled(right)) - Number(scaled(left) < scaled(right));
}

/** The order in which an ascending index holds two canonical texts of one field; texts go by their bytes. */
export function compareCanonical({ type }: FairComField, left: string, right: string): number {
  if (numeric.has(type) || type === 'NUMBER' || type === 'MONEY') return compareDecimals(left, right);
  if (type === 'REAL' || type === 'FLOAT') return Number(left) - Number(right);
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
