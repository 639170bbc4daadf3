import { FairComError } from '../errors.ts';
import { isExactNumber } from '../wire/exact-json.ts';
import { type BinaryFormat, parseBinary } from './binary.ts';
import { type Decimal, formatDecimal, isSameDecimal, parseDecimal } from './decimal.ts';
import { type Field, type FieldKind, fieldTypes, kindOf, type SqlValue } from './field.ts';
import { parseDate, parseTime, parseTimestamp } from './temporal.ts';

type Encoder = (field: Field, value: unknown, binaryFormat: BinaryFormat) => SqlValue | undefined;

const truths = new Map<unknown, bigint>([
  [true, 1n],
  [false, 0n],
  [1, 1n],
  [0, 0n],
  ['true', 1n],
  ['false', 0n],
  ['1', 1n],
  ['0', 0n],
]);

export function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value === 'number') return parseDecimal(String(value));
  if (isExactNumber(value)) return parseDecimal(value.rawJSON);
  return typeof value === 'string' ? parseDecimal(value) : undefined;
}

function encodeInteger(field: Field, value: unknown): bigint | undefined {
  const decimal = decimalOf(value);
  const range = fieldTypes[field.type].range;
  if (!decimal || !range || decimal.fraction !== '') return undefined;
  const exact = BigInt(formatDecimal(decimal));
  return exact >= range[0] && exact <= range[1] ? exact : undefined;
}

function encodeFloat(field: Field, value: unknown): number | undefined {
  const decimal = decimalOf(value);
  if (!decimal) return undefined;
  const wide = Number(formatDecimal(decimal));
  const stored = field.type === 'real' ? Math.fround(wide) : wide;
  return Number.isFinite(stored) ? stored : undefined;
}

const INT64_DIGITS = 18;

/**
 * The most natural SQLite value that keeps a decimal exactly: an integer or a double where they can, so that SQL
 * compares and adds them, and otherwise its digits as text (index order and filters go through `decimal_key`).
 */
export function storeDecimal(decimal: Decimal): SqlValue {
  const text = formatDecimal(decimal);
  if (decimal.fraction === '' && decimal.whole.length <= INT64_DIGITS) return BigInt(text);
  return isSameDecimal(String(Number(text)), text) ? Number(text) : text;
}

function encodeDecimal(field: Field, value: unknown): SqlValue | undefined {
  const decimal = decimalOf(value);
  const scale = field.scale ?? 0;
  if (!decimal || decimal.fraction.length > scale || decimal.whole.length > (field.length ?? 32) - scale) {
    return undefined;
  }
  return storeDecimal(decimal);
}

function encodeText(field: Field, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const stored = field.type === 'char' ? value.replace(/ +$/, '') : value;
  return Buffer.byteLength(stored) <= (field.length ?? 0) ? stored : undefined;
}

function encodeBinary(field: Field, value: unknown, format: BinaryFormat): Uint8Array | undefined {
  const bytes = parseBinary(value, format);
  const length = field.length ?? 0;
  if (!bytes || bytes.length > length) return undefined;
  if (field.type !== 'binary') return bytes;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

function encodeJson(field: Field, value: unknown): string | undefined {
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) <= (field.length ?? 0) ? text : undefined;
}

const textual =
  (parse: (text: string) => string | undefined): Encoder =>
  (_field, value) =>
    typeof value === 'string' ? parse(value) : undefined;

const encoders: Readonly<Record<FieldKind, Encoder>> = {
  bit: (_field, value) => truths.get(value),
  integer: encodeInteger,
  float: encodeFloat,
  decimal: encodeDecimal,
  date: textual(parseDate),
  time: textual(parseTime),
  timestamp: textual((text) => parseTimestamp(text)),
  text: encodeText,
  binary: encodeBinary,
  json: encodeJson,
};

/**
 * The stored form of a JSON value, or an error that names the field: numbers may come as strings, nothing is ever
 * rounded or cut (faircom-netography-api.md §A8).
 */
export function encodeValue(field: Field, value: unknown, binaryFormat: BinaryFormat): SqlValue {
  if (value === null || value === undefined) {
    if (field.nullable) return null;
    throw new FairComError('valueRefused', `Field "${field.name}" must not be null.`);
  }
  const stored = encoders[kindOf(field)](field, value, binaryFormat);
  if (stored !== undefined) return stored;
  throw new FairComError('valueRefused', `The value of field "${field.name}" is not a valid ${field.type}.`);
}
