import { badInput } from '../errors.ts';
import { sameName } from '../field-values.ts';
import { chooseOrder, type PagingIndex, type PagingOrder } from '../index-choice.ts';
import type { KeyBound, Page, PlacedRecord, RecordPosition, RecordsQuery } from '../types.ts';
import type { Actions } from './call-action.ts';
import { comparePlaces, groupOf, readTies } from './tied-records.ts';
import { type Batch, type PlacedItem, type Walk, walkAfter } from './walk-index.ts';

function checkBounds(source: string, order: PagingOrder, bounds: readonly KeyBound[]): void {
  for (const { field, operator } of bounds) {
    if (operator === 'NE' || !order.fields.some(({ name }) => sameName(name, field))) {
      const advice = 'A keyRange bounds its fields with EQ, LT, LE, GT and GE.';
      throw badInput(
        source,
        `Index ${order.index.indexName} cannot be bounded by ${operator} on "${field}". ${advice}`,
      );
    }
  }
}

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
function splitGroups(walk: Walk, ties: PagingIndex, { items, more }: Batch) {
  const groups = new Map<string, PlacedItem[]>();
  for (const item of items) {
    const group = groupOf(walk.order, item.position);
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  const sorted = [...groups.values()].map((group) =>
    group.sort((left, right) => comparePlaces(ties, left.position, right.position)),
  );
  const open = more ? sorted.pop() : undefined;
  return { complete: sorted.flat(), open: open ?? [] };
}

async function readTied(walk: Walk, ties: PagingIndex, after: RecordPosition | undefined, wanted: number) {
  const items = after ? [...(await readTies(walk, ties, { at: after, after, limit: wanted }))] : [];
  let last = after;
  while (items.length < wanted) {
    const batch = await walkAfter(walk, last, wanted - items.length);
    const { complete, open } = splitGroups(walk, ties, batch);
    items.push(...complete);
    last = open.at(-1)?.position;
    if (last === undefined) break;
    // The page is full but for the one record that proves there are more: any will do.
    const isProof = items.length === wanted - 1;
    const rest = { at: last, after: undefined, limit: wanted - items.length };
    items.push(...(isProof ? open.slice(0, 1) : await readTies(walk, ties, rest)));
  }
  return items;
}

/**
 * A page of records by keyset: it starts behind a place in an index, not at a count, so that what stays is neither
 * missed nor doubled while other records come and go. No server cursor is kept (faircom-netography-api.md §A10).
 *
 * One call on a unique index; where bounds are given, one for each field of the index. On an index that is not
 * unique two, and up to five where more than 200 records share a key at the page's ends.
 */
export async function readRecordsPage(
  actions: Actions,
  query: RecordsQuery,
): Promise<Page<PlacedRecord, RecordPosition>> {
  const { table, where, after, first, keyRange: bounds = [] } = query;
  const order = chooseOrder(actions.source, table, query.index);
  checkBounds(actions.source, order, bounds);
  const walk = { actions, table, order, where, bounds };
  const wanted = first + 1;
  const items = order.ties ? await readTied(walk, order.ties, after, wanted) : await readUnique(walk, after, wanted);
  const page = items.slice(0, first);
  return {
    items: page.map(({ item }) => item),
    next: items.length > first ? page.at(-1)?.position : undefined,
    total: undefined,
  };
}
