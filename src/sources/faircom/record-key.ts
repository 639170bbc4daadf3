import { canonicalText } from './canonical-value.ts';
import { badInput } from './errors.ts';
import { fieldNamed, sameName, valueNamed } from './field-values.ts';
import type { FairComField, FairComTable, RecordKey } from './types.ts';

/** The canonical texts of a primary key, in the order of the key's fields. */
export function keyTexts(source: string, table: FairComTable, key: RecordKey): readonly string[] {
  const names = table.primaryKeyFields;
  if (names.length === 0) throw badInput(source, `Table ${table.tableName} has no primary key.`);
  if (typeof key === 'string' && names.length > 1) {
    throw badInput(source, `The key of table ${table.tableName} is several fields: ${names.join(', ')}.`);
  }
  return names.map((name) => {
    const field = fieldNamed(table.fields, name);
    const value = typeof key === 'string' ? key : valueNamed(key, name);
    const text = field && value !== undefined ? canonicalText(field, value) : undefined;
    if (text !== undefined) return text;
    throw badInput(source, `The key of table ${table.tableName} needs a valid value of "${name}".`);
  });
}

const integers: ReadonlySet<FairComField['type']> = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']);

/** Whether records go by the one number that the server itself gives them. */
function hasIdKey(table: FairComTable): boolean {
  const [only, ...others] = table.primaryKeyFields;
  if (only === undefined || others.length > 0 || !sameName(only, 'id')) return false;
  const type = fieldNamed(table.fields, only)?.type;
  return type !== undefined && integers.has(type);
}

/** The records that an action is about: `ids` for tables with the usual key, else `primaryKeys` (§A9, §A10). */
export function keyParameters(table: FairComTable, keys: readonly (readonly string[])[]) {
  if (hasIdKey(table)) return { ids: keys.flat() };
  const named = (texts: readonly string[]) =>
    texts.map((value, place) => ({ fieldName: table.primaryKeyFields[place], value }));
  return { primaryKeys: keys.map(named) };
}

/** One text for a key: equal for equal keys, different for different ones. */
export const keyIdentity = (texts: readonly string[]): string => JSON.stringify(texts);
