import type { FairComField, FairComFieldType, RecordValue } from './types.ts';

/**
 * Reads a value that is not null; undefined when it is none of the field's type. Numbers are asked for as text
 * (`numberFormat: "string"`, faircom-netography-api.md §A2); a server that sends them as JSON numbers all the same is
 * believed only where JavaScript has certainly not rounded them.
 */
type Reader = (raw: RecordValue) => RecordValue | undefined;

const INTEGER = /^-?\d+$/;
/** An integer in the one spelling that we give it. */
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d*)$/;
const DECIMAL = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;
const HEX = /^(?:[0-9a-f]{2})*$/i;

/** A double that was parsed from so few digits prints the same digits again. */
const EXACT_DIGITS = 15;

const readInteger: Reader = (raw) => {
  const value = typeof raw === 'string' && INTEGER.test(raw) ? Number(raw) : raw;
  return Number.isSafeInteger(value) ? value : undefined;
};

const readBigint: Reader = (raw) => {
  if (typeof raw === 'string') {
    if (PLAIN_INTEGER.test(raw)) return raw;
    return INTEGER.test(raw) ? BigInt(raw).toString() : undefined;
  }
  return Number.isSafeInteger(raw) ? String(raw) : undefined;
};

const readFloat: Reader = (raw) => {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  return Number.isFinite(value) ? value : undefined;
};

const readDecimal: Reader = (raw) => {
  const text = String(raw);
  if (!DECIMAL.test(text)) return undefined;
  return typeof raw === 'string' || text.replace(/[-.]/g, '').length <= EXACT_DIGITS ? text : undefined;
};

const truths = new Map<RecordValue, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ['1', true],
  ['0', false],
]);

const readText: Reader = (raw) => (typeof raw === 'string' ? raw : undefined);
const readBinary: Reader = (raw) => (typeof raw === 'string' && HEX.test(raw) ? raw.toLowerCase() : undefined);
const readAsItIs: Reader = (raw) => raw;

/** JSON of each field type (faircom-netography-api.md §A8). */
const readers: Readonly<Record<FairComFieldType, Reader>> = {
  BIT: (raw) => truths.get(raw),
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

/** A value as the server sent it, as a value of the field's type; undefined when it cannot be one. */
export function readValue(field: FairComField, raw: RecordValue): RecordValue | undefined {
  return raw === null ? null : readers[field.type](raw);
}

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
