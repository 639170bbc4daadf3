import type { FairComField, FairComFieldType, RecordValue } from './types.ts';

/**
 * Reads a value that is not null; undefined when it is none of the field's type. Numbers are asked for as text
 * (`numberFormat: "string"`, faircom-netography-api.md §A2); a server that sends them as JSON numbers all the same is
 * believed only where JavaScript has certainly not rounded them.
 */
export type ValueReader = (raw: RecordValue) => RecordValue | undefined;

const HEX = /^(?:[0-9a-f]{2})*$/i;

const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];

/** Most cells are numbers, and a pattern takes several times as long to try. */
function areDigits(text: string, from: number, to: number): boolean {
  for (let place = from; place < to; place += 1) {
    const code = text.charCodeAt(place);
    if (code < ZERO || code > NINE) return false;
  }
  return true;
}

/** Where the digits of a number begin. */
const startOf = (text: string): number => (text.charCodeAt(0) === MINUS ? 1 : 0);

function isInteger(text: string): boolean {
  const start = startOf(text);
  return text.length > start && areDigits(text, start, text.length);
}

/** Digits with at most one point, before, between or behind them. */
function isDecimal(text: string): boolean {
  const start = startOf(text);
  const point = text.indexOf('.', start);
  if (point < 0) return isInteger(text);
  return text.length > start + 1 && areDigits(text, start, point) && areDigits(text, point + 1, text.length);
}

/** A double that was parsed from so few digits prints the same digits again. */
const EXACT_DIGITS = 15;

const readInteger: ValueReader = (raw) => {
  const value = typeof raw === 'string' && isInteger(raw) ? Number(raw) : raw;
  return Number.isSafeInteger(value) ? value : undefined;
};

/** An integer has one spelling. */
const spell = (text: string): string =>
  text.charCodeAt(startOf(text)) !== ZERO || text === '0' ? text : BigInt(text).toString();

const readBigint: ValueReader = (raw) => {
  if (typeof raw === 'string') return isInteger(raw) ? spell(raw) : undefined;
  return Number.isSafeInteger(raw) ? String(raw) : undefined;
};

const readFloat: ValueReader = (raw) => {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  return Number.isFinite(value) ? value : undefined;
};

const readDecimal: ValueReader = (raw) => {
  const text = String(raw);
  if (!isDecimal(text)) return undefined;
  return typeof raw === 'string' || text.replace(/[-.]/g, '').length <= EXACT_DIGITS ? text : undefined;
};

const truths = new Map<RecordValue, boolean>([
  [1, true],
  [0, false],
  ['1', true],
  ['0', false],
]);

const readText: ValueReader = (raw) => (typeof raw === 'string' ? raw : undefined);
const readBinary: ValueReader = (raw) => (typeof raw === 'string' && HEX.test(raw) ? raw.toLowerCase() : undefined);
const readAsItIs: ValueReader = (raw) => raw;

/** JSON of each field type (faircom-netography-api.md §A8). */
const readers: Readonly<Record<FairComFieldType, ValueReader>> = {
  BIT: (raw) => (typeof raw === 'boolean' ? raw : truths.get(raw)),
  TINYINT: readInteger,
  SMALLINT: readInteger,
  INTEGER: readInteger,
  BIGINT: readBigint,
  REAL: readFloat,
  FLOAT: readFloat,
  NUMBER: readDecimal,
  MONEY: readDecimal,
  DATE: readText,
  TIME: readText,
  TIMESTAMP: readText,
  CHAR: readText,
  VARCHAR: readText,
  LVARCHAR: readText,
  BINARY: readBinary,
  VARBINARY: readBinary,
  LVARBINARY: readBinary,
  JSON: readAsItIs,
  OTHER: readAsItIs,
};

/** The reader of a field's values. */
export const readerOf = ({ type }: FairComField): ValueReader => readers[type];

/** Vendor names are matched whatever their case: SQL shows `changeid` where others show `changeId` (§A8). */
export const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

export const fieldNamed = (fields: readonly FairComField[], name: string): FairComField | undefined =>
  fields.find((field) => sameName(field.name, name));

/** The value that `values` has for a field, whatever the case of its name. */
export function valueNamed(values: Readonly<Record<string, RecordValue>>, name: string): RecordValue | undefined {
  if (Object.hasOwn(values, name)) return values[name];
  const found = Object.keys(values).find((candidate) => sameName(candidate, name));
  return found === undefined ? undefined : values[found];
}
