import { badInput } from './errors.ts';
import { fieldNamed, sameName } from './field-values.ts';
import type { FairComField, FairComIndex, FairComTable } from './types.ts';

/** An index that records are paged by. */
export interface PagingIndex {
  readonly index: FairComIndex;
  /** Its fields, in the order of the index. */
  readonly fields: readonly FairComField[];
}

/** What a page is ordered by: an index, and the primary key among records with the same values in it. */
export interface PagingOrder extends PagingIndex {
  /** Undefined when the index alone tells all records apart. */
  readonly ties: PagingIndex | undefined;
}

const isPlain = ({ fields }: FairComIndex) => !fields.some((field) => field.sortDescending || field.reverseCompare);

const isPrimary = (table: FairComTable, { fields, unique, conditionalExpression }: FairComIndex) =>
  unique &&
  conditionalExpression === undefined &&
  fields.length === table.primaryKeyFields.length &&
  fields.every(({ name }, place) => sameName(name, table.primaryKeyFields[place] ?? ''));

/** The primary key's index. Index names differ between server versions, so it is found by its fields (§A7). */
const primaryIndex = (table: FairComTable) =>
  table.primaryKeyFields.length === 0
    ? undefined
    : table.indexes.find((index) => isPrimary(table, index) && isPlain(index));

function withFields(source: string, table: FairComTable, index: FairComIndex): PagingIndex {
  const fields = index.fields.map(({ name }) => {
    const field = fieldNamed(table.fields, name);
    if (field) return field;
    throw badInput(source, `Index ${index.indexName} cannot be used: table ${table.tableName} has no field "${name}".`);
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
 * The order that a page is read in. Places are exact only in an index whose order can be told from the records:
 * ascending, compared as it is, and either unique or completed by the primary key.
 * @throws SourceError BAD_INPUT for an index that has no such order
 */
export function chooseOrder(source: string, table: FairComTable, name: string | undefined): PagingOrder {
  const index = requireIndex(source, table, name);
  if (!isPlain(index)) {
    throw badInput(source, `Index ${index.indexName} cannot be paged: it is not in ascending order.`);
  }
  const order = withFields(source, table, index);
  if (index.unique) return { ...order, ties: undefined };
  const primary = primaryIndex(table);
  if (!primary || index.fields.some(({ caseInsensitive }) => caseInsensitive)) {
    const reason = primary ? 'it ignores case' : `table ${table.tableName} has no primary key`;
    throw badInput(source, `Index ${index.indexName} cannot be paged: it is not unique and ${reason}.`);
  }
  return { ...order, ties: withFields(source, table, primary) };
}
