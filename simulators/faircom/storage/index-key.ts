import type { BinaryFormat } from '../values/binary.ts';
import { encodeValue } from '../values/encode-value.ts';
import { type Field, kindOf, type SqlValue } from '../values/field.ts';
import { isExactNumber } from '../wire/exact-json.ts';
import { decimalKey, reversed } from './database.ts';
import { type IndexField, quoteName, requireField, type Table, type TableIndex } from './table.ts';

/** One field of an index as SQL compares and sorts it. */
export interface KeyPart {
  readonly field: Field;
  readonly expression: string;
  readonly isDescending: boolean;
  /** The value that a client names, as `expression` would give it. */
  encode(value: unknown, binaryFormat: BinaryFormat): SqlValue;
}

function encodeForField(field: Field, value: unknown, binaryFormat: BinaryFormat): SqlValue {
  // A bound may have more digits than the field can store; it is still comparable.
  if (kindOf(field) === 'decimal' && (typeof value === 'number' || typeof value === 'string' || isExactNumber(value))) {
    return encodeValue({ ...field, length: 1_000, scale: 500 }, value, binaryFormat);
  }
  return encodeValue({ ...field, nullable: true }, value, binaryFormat);
}

export function keyPart(field: Field, indexField: IndexField): KeyPart {
  const isDecimal = kindOf(field) === 'decimal';
  const column = quoteName(field.name);
  const comparable = isDecimal ? `decimal_key(${column})` : column;
  const ordered = indexField.reverseCompare ? `reversed(${comparable})` : comparable;
  return {
    field,
    expression: indexField.caseInsensitive ? `${ordered} COLLATE NOCASE` : ordered,
    isDescending: indexField.sortDescending,
    encode: (value, binaryFormat) => {
      const stored = encodeForField(field, value, binaryFormat);
      const key = isDecimal ? decimalKey(stored) : stored;
      return indexField.reverseCompare ? reversed(key) : key;
    },
  };
}

export const keyParts = (table: Table, index: TableIndex): KeyPart[] =>
  index.fields.map((indexField) => keyPart(requireField(table, indexField.name), indexField));

export const plainIndexField = (name: string): IndexField => ({
  name,
  caseInsensitive: false,
  reverseCompare: false,
  sortDescending: false,
});
