import { exactNumber, parseExactJson } from '../wire/exact-json.ts';
import { type BinaryFormat, formatBinary } from './binary.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { type Field, type FieldKind, kindOf, type SqlValue } from './field.ts';

/** How values are spelt in an answer (faircom-netography-api.md §A2). */
export interface ValueFormat {
  readonly numberFormat: 'number' | 'string';
  readonly binaryFormat: BinaryFormat;
}

type FieldShape = Pick<Field, 'type' | 'length'>;
type Renderer = (field: FieldShape, value: Exclude<SqlValue, null>, format: ValueFormat) => unknown;

/** The shortest digits that give the same 32-bit float. */
function realDigits(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

export function decimalDigits(value: Exclude<SqlValue, null>): string {
  const decimal = parseDecimal(String(value));
  return decimal ? formatDecimal(decimal) : String(value);
}

/** In number mode the digits go into the answer as they are: a client that parses them as doubles loses some. */
const numeric =
  (digits: (field: FieldShape, value: Exclude<SqlValue, null>) => string): Renderer =>
  (field, value, { numberFormat }) => {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return null;
    return numberFormat === 'string' ? digits(field, value) : exactNumber(digits(field, value));
  };

const asText: Renderer = (_field, value) => String(value);

const renderers: Readonly<Record<FieldKind, Renderer>> = {
  bit: (_field, value) => value !== 0n,
  integer: numeric((_field, value) => String(value)),
  float: numeric((field, value) => (field.type === 'real' ? realDigits(Number(value)) : String(value))),
  decimal: numeric((_field, value) => decimalDigits(value)),
  date: asText,
  time: asText,
  timestamp: asText,
  text: (field, value) => (field.type === 'char' ? String(value).padEnd(field.length ?? 0) : String(value)),
  binary: (_field, value, { binaryFormat }) =>
    value instanceof Uint8Array ? formatBinary(value, binaryFormat) : String(value),
  json: (_field, value) => parseExactJson(String(value)),
};

/** The JSON form of a stored value. */
export function renderValue(field: FieldShape, value: SqlValue, format: ValueFormat): unknown {
  return value === null ? null : renderers[kindOf(field)](field, value, format);
}
