import { FairComError } from '../errors.ts';
import { bound, type Fragment, raw, sql } from '../storage/fragment.ts';
import { type KeyPart, keyParts } from '../storage/index-key.ts';
import { requireIndex, sameName, type Table, type TableIndex } from '../storage/table.ts';
import type { BinaryFormat } from '../values/binary.ts';
import { parseBinary } from '../values/binary.ts';
import { kindOf, type SqlValue } from '../values/field.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import {
  checkParameters,
  objectList,
  optionalObject,
  optionalText,
  requireText,
  wrongParameter,
} from '../wire/parameters.ts';

export const operators = ['=', '>', '>=', '<', '<='] as const;
export type Operator = (typeof operators)[number];

/** `indexFilter` of a read with the index that it names (faircom-netography-api.md §A10). */
export interface IndexFilter {
  readonly filter: JsonObject;
  readonly index: TableIndex;
  readonly parts: readonly KeyPart[];
}

export function readIndexFilter(table: Table, parameters: JsonObject, names: readonly string[]): IndexFilter {
  const filter = optionalObject(parameters, 'indexFilter') ?? {};
  checkParameters(filter, { required: ['indexName', ...names] });
  const index = requireIndex(table, requireText(filter, 'indexName'));
  return { filter, index, parts: keyParts(table, index) };
}

export function readOperator(entry: JsonObject): Operator {
  const operator = optionalText(entry, 'operator');
  const known = operators.find((candidate) => candidate === operator);
  if (!known) throw wrongParameter('operator', `one of ${operators.join(' ')}`);
  return known;
}

function partOf(index: TableIndex, parts: readonly KeyPart[], entry: JsonObject): KeyPart {
  const name = requireText(entry, 'fieldName');
  const part = parts.find(({ field }) => sameName(field.name, name));
  if (!part) throw new FairComError('fieldUnknown', `Index "${index.indexName}" has no field "${name}".`);
  return part;
}

/** The bounds of getRecordsInKeyRange: two entries on one field make a range with two ends. */
export function keyRangeConditions({ filter, index, parts }: IndexFilter, format: BinaryFormat): Fragment[] {
  return objectList(filter, 'indexFieldFilters').map((entry) => {
    checkParameters(entry, { required: ['fieldName', 'operator'], optional: ['value'] });
    const { expression, encode } = partOf(index, parts, entry);
    const operator = readOperator(entry);
    const sign = operator === '=' ? 'IS' : operator;
    return sql`${raw(expression)} ${raw(sign)} ${bound(encode(entry.value, format))}`;
  });
}

/** The key of getRecordsStartingAtKey: the values of the index's first field, or of its first fields in their order. */
export function startingKey({ filter, index, parts }: IndexFilter, format: BinaryFormat): SqlValue[] {
  const entries = objectList(filter, 'indexFields');
  if (entries.length === 0) throw wrongParameter('indexFields', 'the values of at least one field');
  const named = entries.map((entry) => {
    checkParameters(entry, { required: ['fieldName'], optional: ['value'] });
    return { part: partOf(index, parts, entry), value: entry.value };
  });
  return parts.slice(0, named.length).map((part) => {
    const entry = named.find((candidate) => candidate.part === part);
    if (!entry) throw wrongParameter('indexFields', `the first ${named.length} fields of the index`);
    return part.encode(entry.value, format);
  });
}

/** Keys that begin with `partialKey`: a text, or the base64 of bytes for a binary field (§A10). */
export function partialKeyCondition({ filter, parts }: IndexFilter): Fragment {
  const [part] = parts;
  const partialKey = requireText(filter, 'partialKey');
  if (part && kindOf(part.field) === 'text') {
    const collation = raw(part.expression.endsWith('NOCASE') ? ' COLLATE NOCASE' : '');
    const length = bound(BigInt([...partialKey].length));
    return sql`substr(${raw(part.expression)}, 1, ${length}) = ${bound(partialKey)}${collation}`;
  }
  const bytes = part && kindOf(part.field) === 'binary' ? parseBinary(partialKey, 'base64') : undefined;
  if (!part || !bytes)
    throw wrongParameter('partialKey', 'the start of a text or of base64 bytes that the index begins with');
  return sql`substr(${raw(part.expression)}, 1, ${bound(BigInt(bytes.length))}) = ${bound(bytes)}`;
}
