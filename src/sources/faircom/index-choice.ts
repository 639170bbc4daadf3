import { canonicalText } from './canonical-value.ts';
import { badInput } from './errors.ts';
import { fieldNamed, sameName, valueNamed } from './field-values.ts';
import type { FairComField, FairComIndex, FairComIndexField, FairComTable, RecordPosition } from './types.ts';

/** A field of an index with its type. */
export interface KeyField extends FairComIndexField {
  readonly field: FairComField;
}

/** An index that records are paged by. */
export interface PagingIndex {
  readonly index: FairComIndex;
  /** In the order of the index. */
  readonly fields: readonly KeyField[];
}

/** What a page is ordered by: an index, and the primary key among records with the same values in it. */
export interface PagingOrder extends PagingIndex {
  /** Undefined when the index alone tells all records apart. */
  readonly ties: PagingIndex | undefined;
}

/** Whether the index holds its values from the lowest to the highest, as they are. */
export const isAscending = ({ fields }: FairComIndex): boolean =>
  !fields.some((field) => field.sortDescending || field.reverseCompare);

const isPrimary = (table: FairComTable, { fields, unique, conditionalExpression }: FairComIndex) =>
  unique &&
  conditionalExpression === undefined &&
  fields.length === table.primaryKeyFields.length &&
  fields.every(({ name, caseInsensitive }, place) => {
    return !caseInsensitive && sameName(name, table.primaryKeyFields[place] ?? '');
  });

/** The primary key's index. Index names differ between server versions, so it is found by its fields (§A7). */
const primaryIndex = (table: FairComTable) =>
  table.primaryKeyFields.length === 0
    ? undefined
    : table.indexes.find((index) => isPrimary(table, index) && isAscending(index));

function withFields(source: string, table: FairComTable, index: FairComIndex): PagingIndex {
  const fields = index.fields.map((indexField): KeyField => {
    const field = fieldNamed(table.fields, indexField.name);
    if (field && field.type !== 'JSON' && field.type !== 'OTHER') return { ...indexField, field };
    const reason = `values of "${indexField.name}" cannot be compared`;
    throw badInput(source, `Index ${index.indexName} cannot be paged: ${reason}.`);
  });
  return { index, fields };
}

function requireIndex(source: string, table: FairComTable, name: string | undefined): FairComIndex {
  const index =
    name === undefined ? primaryIndex(table) : table.indexes.find(({ indexName }) => sameName(indexName, name));
  if (index) return index;
  if (name === undefined) {
    throw badInput(source, `Table ${table.tableName} has no primary key to page by. Name a unique index.`);
  }
  throw badInput(source, `Table ${table.tableName} has no index "${name}".`);
}

/**
 * The order that a page is read in. Places are exact only where records can be told apart by them: an index that is
 * not unique, or that may hold several records without a value, is completed by the primary key.
 * @throws SourceError BAD_INPUT for an index that cannot be completed
 */
export function chooseOrder(source: string, table: FairComTable, name: string | undefined): PagingOrder {
  const order = withFields(source, table, requireIndex(source, table, name));
  const { index, fields } = order;
  if (index.unique && !fields.some(({ field }) => field.nullable)) return { ...order, ties: undefined };
  const primary = primaryIndex(table);
  if (primary) return { ...order, ties: primary === index ? undefined : withFields(source, table, primary) };
  const reason = `several records may share a key in it, and table ${table.tableName} has no primary key`;
  throw badInput(source, `Index ${index.indexName} cannot be paged: ${reason}.`);
}

/** The text of a value as an index compares it; `caseInsensitive` folds the letters of ASCII. Undefined: no value. */
function comparedText({ field, caseInsensitive }: KeyField, position: RecordPosition): string | undefined {
  const text = canonicalText(field, valueNamed(position, field.name) ?? null);
  return caseInsensitive ? text?.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** One text for the values of some fields: equal for places that an index takes for the same. */
export const groupOf = (fields: readonly KeyField[], position: RecordPosition): string =>
  JSON.stringify(fields.map((field) => comparedText(field, position) ?? null));

/** Whether no other record can have this place's key: unique indexes may still hold several without a value. */
export const isAlone = ({ index, fields }: PagingIndex, position: RecordPosition): boolean =>
  index.unique && fields.every((field) => comparedText(field, position) !== undefined);
