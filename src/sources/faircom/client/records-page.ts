import { chooseOrder, groupOf, isAlone, type PagingIndex } from '../index-choice.ts';
import type { Page, PlacedRecord, RecordPosition, RecordsQuery } from '../types.ts';
import type { Actions } from './call-action.ts';
import { comparePlaces, readTies } from './tied-records.ts';
import { type Batch, checkBounds, type PlacedItem, type Walk, walkAfter } from './walk-index.ts';

async function readUnique(walk: Walk, after: RecordPosition | undefined, wanted: number): Promise<PlacedItem[]> {
  const items: PlacedItem[] = [];
  let last = after;
  while (items.length < wanted) {
    const batch = await walkAfter(walk, last, wanted - items.length);
    items.push(...batch.items);
    last = batch.items.at(-1)?.position;
    if (!batch.more || last === undefined) break;
  }
  return items;
}

/** Splits off the last group of a batch that may have been cut inside it, and sorts the others. */
function splitGroups({ order }: Walk, ties: PagingIndex, { items, more }: Batch) {
  const groups = [...Map.groupBy(items, ({ position }) => groupOf(order.fields, position)).values()].map((group) =>
    group.sort((left, right) => comparePlaces(ties, left.position, right.position)),
  );
  const last = items.at(-1)?.position;
  const isCut = more && last !== undefined && !isAlone(order, last);
  const open = isCut ? (groups.pop() ?? []) : [];
  return { complete: groups.flat(), open };
}

/** The rest of the group that a page begins in. */
async function readRest(walk: Walk, ties: PagingIndex, after: RecordPosition, limit: number) {
  return isAlone(walk.order, after) ? [] : readTies(walk, ties, { at: after, after, limit });
}

async function readTied(walk: Walk, ties: PagingIndex, after: RecordPosition | undefined, wanted: number) {
  const items = after ? [...(await readRest(walk, ties, after, wanted))] : [];
  let last = after;
  while (items.length < wanted) {
    const batch = await walkAfter(walk, last, wanted - items.length);
    const { complete, open } = splitGroups(walk, ties, batch);
    items.push(...complete);
    last = batch.items.at(-1)?.position;
    if (!batch.more || last === undefined) break;
    // Full but for the one record that proves there are more: any of the group will do.
    const isProof = items.length >= wanted - 1;
    const group = { at: last, after: undefined, limit: wanted - items.length };
    if (open.length > 0) items.push(...(isProof ? open : await readTies(walk, ties, group)));
  }
  return items;
}

/**
 * A page of records by keyset: it starts behind a place in an index, not at a count, so that what stays is neither
 * missed nor doubled while other records come and go. No server cursor is kept (faircom-netography-api.md §A10).
 *
 * It costs one call on a unique index; one for each field of the index where bounds other than `EQ` are given. On an
 * index that is not unique it costs one more for the group that it begins in and one for the group that it ends in,
 * and further ones for a group of more than 200 records.
 */
export async function readRecordsPage(
  actions: Actions,
  query: RecordsQuery,
): Promise<Page<PlacedRecord, RecordPosition>> {
  const { table, where, after, first, keyRange: bounds = [] } = query;
  const order = chooseOrder(actions.source, table, query.index);
  const walk = { actions, table, order, where, bounds };
  checkBounds(walk, after);
  const wanted = first + 1;
  const items = order.ties ? await readTied(walk, order.ties, after, wanted) : await readUnique(walk, after, wanted);
  const page = items.slice(0, first);
  return {
    items: page.map(({ item }) => item),
    next: items.length > first ? page.at(-1)?.position : undefined,
    total: undefined,
  };
}
