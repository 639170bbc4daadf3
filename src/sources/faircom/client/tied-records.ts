import { canonicalText, compareCanonical } from '../canonical-value.ts';
import { badAnswer } from '../errors.ts';
import { valueNamed } from '../field-values.ts';
import { groupOf, type KeyField, type PagingIndex } from '../index-choice.ts';
import { isFilterable } from '../record-filter.ts';
import type { FieldCondition, RecordFilter, RecordPosition } from '../types.ts';
import { getRecordsByIndex, getRecordsInKeyRange, getRecordsStartingAtKey } from './read-records.ts';
import { keyAt, type PlacedItem, placed, valuesOf, type Walk } from './walk-index.ts';

/**
 * Records with the same values in an index that is not unique. A server keeps them in the order of their places in
 * the file, which no place of ours can name: they are put into the order of the primary key instead.
 */

/** Up to so many records that share a key are read at once and sorted here. */
const SORTED_HERE = 200;

const textAt = ({ field }: KeyField, position: RecordPosition) =>
  canonicalText(field, valueNamed(position, field.name) ?? null) ?? '';

/** The order of two places by the primary key. */
export function comparePlaces({ fields }: PagingIndex, left: RecordPosition, right: RecordPosition): number {
  for (const key of fields) {
    const order = compareCanonical(key.field, textAt(key, left), textAt(key, right));
    if (order !== 0) return order;
  }
  return 0;
}

const isInGroup = (walk: Walk, at: RecordPosition) => {
  const group = groupOf(walk.order.fields, at);
  return ({ position }: PlacedItem) => groupOf(walk.order.fields, position) === group;
};

/** The whole group in one call; undefined when it is too large for that. */
async function readSmallGroup(walk: Walk, at: RecordPosition): Promise<readonly PlacedItem[] | undefined> {
  const maxRecords = SORTED_HERE + 1;
  const { actions, table, where, order } = walk;
  const bounds = keyAt(order, at).map(([field, value]): FieldCondition => ({ field, operator: 'EQ', value }));
  const query = { table, where, maxRecords, indexName: order.index.indexName, bounds };
  const { items, more } = placed(walk, await getRecordsInKeyRange(actions, query), maxRecords);
  // How keys without a value are asked for is not documented: a server that understands them differently is caught.
  if (!items.every(isInGroup(walk, at))) throw badAnswer(actions.source, 'records of another key than was asked for');
  return more ? undefined : items;
}

/** The group as far as a filter can tell it: not by missing values, and not regardless of case. */
function groupFilter({ order, where }: Walk, at: RecordPosition): RecordFilter {
  const same = order.fields.flatMap(({ field, caseInsensitive }): FieldCondition[] => {
    const value = valueNamed(at, field.name) ?? null;
    return caseInsensitive || !isFilterable(field, value) ? [] : [{ field: field.name, operator: 'EQ', value }];
  });
  return { and: where ? [...same, where] : same };
}

/** A large group lies dense in the table: the primary key's index is walked, and the group is picked out of it. */
async function walkLargeGroup(walk: Walk, ties: PagingIndex, query: TiesQuery): Promise<PlacedItem[]> {
  const { actions, table } = walk;
  const filter = groupFilter(walk, query.at);
  const where = 'and' in filter && filter.and.length === 0 ? undefined : filter;
  const items: PlacedItem[] = [];
  let last = query.after;
  while (items.length < query.limit) {
    const read = { table, where, maxRecords: SORTED_HERE, indexName: ties.index.indexName };
    const answer = last
      ? await getRecordsStartingAtKey(actions, { ...read, key: valuesOf(keyAt(ties, last)) })
      : await getRecordsByIndex(actions, read);
    const batch = placed(walk, answer, SORTED_HERE);
    items.push(...batch.items.filter(isInGroup(walk, query.at)));
    last = batch.items.at(-1)?.position;
    if (!batch.more || last === undefined) break;
  }
  return items.slice(0, query.limit);
}

export interface TiesQuery {
  /** A place in the group. */
  readonly at: RecordPosition;
  /** Only records behind this one. */
  readonly after: RecordPosition | undefined;
  readonly limit: number;
}

/** Records of one group in the order of the primary key: one call for a small group, two or more for a large one. */
export async function readTies(walk: Walk, ties: PagingIndex, query: TiesQuery): Promise<readonly PlacedItem[]> {
  const { after, limit } = query;
  const group = await readSmallGroup(walk, query.at);
  if (!group) return walkLargeGroup(walk, ties, query);
  return group
    .filter(({ position }) => after === undefined || comparePlaces(ties, position, after) > 0)
    .sort((left, right) => comparePlaces(ties, left.position, right.position))
    .slice(0, limit);
}
