import { canonicalText, compareCanonical } from '../canonical-value.ts';
import { valueNamed } from '../field-values.ts';
import type { PagingIndex } from '../index-choice.ts';
import type { FieldCondition, RecordPosition } from '../types.ts';
import { getRecordsByIndex, getRecordsInKeyRange, getRecordsStartingAtKey } from './read-records.ts';
import { keyAt, type PlacedItem, placed, type Walk } from './walk-index.ts';

/**
 * Records with the same values in an index that is not unique. A server keeps them in the order of their places in
 * the file, which no place of ours can name: they are put into the order of the primary key instead.
 */

/** Up to so many records that share a key are read at once and sorted here. */
const SORTED_HERE = 200;

/** The order of two places by the primary key. */
export function comparePlaces({ fields }: PagingIndex, left: RecordPosition, right: RecordPosition): number {
  for (const field of fields) {
    const [one, other] = [left, right].map((position) =>
      canonicalText(field, valueNamed(position, field.name) ?? null),
    );
    const order = compareCanonical(field, one ?? '', other ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** One text for a place in the index alone: equal for records that share their key. */
export const groupOf = ({ fields }: PagingIndex, position: RecordPosition): string =>
  JSON.stringify(fields.map((field) => canonicalText(field, valueNamed(position, field.name) ?? null) ?? null));

const sameKey = (walk: Walk, at: RecordPosition): FieldCondition[] =>
  keyAt(walk, walk.order, at).map(([field, value]) => ({ field, operator: 'EQ', value }));

/** The whole group in one call; undefined when it is too large for that. */
async function readSmallGroup(walk: Walk, at: RecordPosition): Promise<readonly PlacedItem[] | undefined> {
  const maxRecords = SORTED_HERE + 1;
  const { table, where, order } = walk;
  const query = { table, where, maxRecords, indexName: order.index.indexName, bounds: sameKey(walk, at) };
  const { items, more } = placed(walk, await getRecordsInKeyRange(walk.actions, query), maxRecords);
  return more ? undefined : items;
}

/** A large group lies dense in the table: the primary key's index is walked, and a filter picks the group. */
async function walkLargeGroup(walk: Walk, ties: PagingIndex, query: TiesQuery): Promise<PlacedItem[]> {
  const { actions, table, where, order } = walk;
  const { indexName } = ties.index;
  const group = { and: [...sameKey(walk, query.at), ...(where ? [where] : [])] };
  const items: PlacedItem[] = [];
  let last = query.after;
  while (items.length < query.limit) {
    const maxRecords = query.limit - items.length;
    const read = { table, where: group, maxRecords, indexName };
    const key = last && Object.fromEntries(keyAt(walk, ties, last));
    const answer = key
      ? await getRecordsStartingAtKey(actions, { ...read, key })
      : await getRecordsByIndex(actions, read);
    const batch = placed({ ...walk, order }, answer, maxRecords);
    items.push(...batch.items);
    last = batch.items.at(-1)?.position;
    if (!batch.more || last === undefined) break;
  }
  return items;
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
