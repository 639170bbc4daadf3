import { SourceError } from '../../../transport/source-error.ts';
import { badAnswer, badInput, readItem } from '../errors.ts';
import { sameName, valueNamed } from '../field-values.ts';
import { groupOf, isAscending, type KeyField, type PagingIndex, type PagingOrder } from '../index-choice.ts';
import { type RowReader, readRecord, readValues } from '../record.ts';
import type { RowLayout } from '../row-layout.ts';
import type {
  FairComRecord,
  FairComTable,
  FieldCondition,
  KeyBound,
  PlacedRecord,
  RecordFilter,
  RecordPosition,
  RecordValue,
  RecordValues,
} from '../types.ts';
import type { Actions } from './call-action.ts';
import { getRecordsByIndex, getRecordsInKeyRange, getRecordsStartingAtKey, type ReadRecords } from './read-records.ts';

/** One reading of a page: what is read, in which order, between which bounds. */
export interface Walk {
  readonly actions: Actions;
  readonly table: FairComTable;
  readonly order: PagingOrder;
  readonly where: RecordFilter | undefined;
  readonly bounds: readonly KeyBound[];
}

/** A record in its place. A record that cannot be read still has one, so that the walk goes on behind it. */
export interface PlacedItem {
  readonly position: RecordPosition;
  readonly item: PlacedRecord | SourceError;
}

export interface Batch {
  readonly items: readonly PlacedItem[];
  /** Whether there may be more behind these. */
  readonly more: boolean;
}

type Key = readonly (readonly [name: string, value: RecordValue])[];

/** What can be told of the place of a record that cannot be read as a whole. */
function readPlace(reader: RowReader, row: unknown, names: readonly string[]): RecordValues {
  const cells = typeof row === 'object' && row !== null ? Object.entries(row) : [];
  const keyCells = cells.filter(([name]) => names.some((known) => sameName(known, name)));
  return readValues(reader, Object.fromEntries(keyCells));
}

/** What a record is sorted by: fields with the names of their values in records. */
type Place = readonly (readonly [field: string, name: string])[];

const positionIn = (place: Place, values: RecordValues): RecordPosition =>
  Object.fromEntries(place.map(([field, name]) => [field, values[name] ?? null]));

/** A record in its place, which is what a page holds, too. Few are asked for their place, so it is made when somebody does. */
class PlacedRow implements PlacedItem, PlacedRecord {
  readonly record: FairComRecord;
  readonly #place: Place;
  #position: RecordPosition | undefined;

  constructor(record: FairComRecord, place: Place) {
    this.record = record;
    this.#place = place;
  }

  get item(): PlacedRecord {
    return this;
  }

  get position(): RecordPosition {
    this.#position ??= positionIn(this.#place, this.record.values);
    return this.#position;
  }
}

/** Gives a function that reads a record and tells its place. */
function createPlacer({ actions, order }: Walk, { reader }: ReadRecords) {
  const names = [...order.fields, ...(order.ties?.fields ?? [])].map(({ field }) => field.name);
  const placeIn = (ownName: (name: string) => string | undefined): Place =>
    names.map((name) => {
      const own = ownName(name);
      if (own !== undefined) return [name, own] as const;
      throw badAnswer(actions.source, `a record without "${name}", by which it was to be sorted`);
    });
  let layout: RowLayout | undefined;
  let place: Place = [];
  return (row: unknown): PlacedItem => {
    const record = readItem(() => readRecord(reader, row));
    if (record instanceof SourceError) {
      const values = readPlace(reader, row, names);
      return { position: positionIn(placeIn(reader.layout.ownName), values), item: record };
    }
    if (record.layout !== layout) {
      layout = record.layout;
      place = placeIn(layout.ownName);
    }
    return new PlacedRow(record, place);
  };
}

/** The records of one read in their places. */
export const placed = (walk: Walk, read: ReadRecords, limit: number): Batch => ({
  items: read.rows.map(createPlacer(walk, read)),
  // A server may give fewer than it was asked for, and then says `moreRecords` (§A10).
  more: read.more || read.rows.length >= limit,
});

/** The values of an index at a place; null where the record has none. */
export const keyAt = ({ fields }: PagingIndex, position: RecordPosition): Key =>
  fields.map(({ field }) => [field.name, valueNamed(position, field.name) ?? null]);

export const valuesOf = (key: Key): RecordValues => Object.fromEntries(key);

const on = (bounds: readonly KeyBound[], name: string) => bounds.filter(({ field }) => sameName(field, name));

/** The fields that all bounds together fix, where they fix the first fields of the index and bound no other. */
function fixedFields({ order, bounds }: Walk): readonly KeyField[] | undefined {
  const fixed = order.fields.slice(0, bounds.length);
  const isFixed = fixed.every(({ name }) => on(bounds, name).some(({ operator }) => operator === 'EQ'));
  return isFixed && fixed.length === bounds.length ? fixed : undefined;
}

/** Refuses to go on behind a record without a value within bounds: a server has no range that begins there. */
function requireValues({ actions, order }: Walk, key: Key): void {
  const empty = key.find(([, value]) => value === null);
  if (!empty) return;
  const advice = 'Give it a lower bound, or use another index.';
  throw badInput(actions.source, `Records of ${order.index.indexName} have no "${empty[0]}" to go on from. ${advice}`);
}

/**
 * Refuses bounds that are none of the index's fields. Bounds other than `EQ` on its first fields need an index from
 * low to high: what `<` and `>` mean in another is not documented.
 */
export function checkBounds(walk: Walk, after: RecordPosition | undefined): void {
  const { actions, order, bounds } = walk;
  const { indexName } = order.index;
  const stranger = bounds.find(
    ({ field, operator }) => operator === 'NE' || !order.fields.some(({ name }) => sameName(name, field)),
  );
  if (stranger) {
    const advice = 'A keyRange bounds the fields of its index with EQ, LT, LE, GT and GE.';
    throw badInput(
      actions.source,
      `Index ${indexName} cannot be bounded by ${stranger.operator} on "${stranger.field}". ${advice}`,
    );
  }
  if (bounds.length === 0 || fixedFields(walk)) return;
  if (after) requireValues(walk, keyAt(order, after));
  if (isAscending(order.index)) return;
  throw badInput(
    actions.source,
    `Index ${indexName} is not in ascending order: it can only be bounded by EQ on its first fields.`,
  );
}

const isUpper = ({ operator }: KeyBound) => operator === 'LT' || operator === 'LE';

/**
 * The ranges that make up what follows a key of several fields: first what equals it in all fields but the last, then
 * in all but the last two, and so on. The caller's bounds hold for the fields that are still free.
 */
function rangesAfter(walk: Walk, key: Key): KeyBound[][] {
  const { bounds } = walk;
  requireValues(walk, key);
  const ranges = key.flatMap(([field, value], depth): KeyBound[][] => {
    // Nothing follows within a field that is fixed.
    if (on(bounds, field).some(({ operator }) => operator === 'EQ')) return [];
    const same = key
      .slice(0, depth)
      .map(([name, equal]): FieldCondition => ({ field: name, operator: 'EQ', value: equal }));
    const free = key.slice(depth + 1).flatMap(([name]) => on(bounds, name));
    return [[...same, { field, operator: 'GT', value }, ...on(bounds, field).filter(isUpper), ...free]];
  });
  return ranges.reverse();
}

async function walkRanges(walk: Walk, ranges: readonly (readonly KeyBound[])[], limit: number): Promise<Batch> {
  const { actions, table, where, order } = walk;
  const items: PlacedItem[] = [];
  for (const bounds of ranges) {
    const maxRecords = limit - items.length;
    const query = { table, where, maxRecords, indexName: order.index.indexName, bounds };
    const batch = placed(walk, await getRecordsInKeyRange(actions, query), maxRecords);
    items.push(...batch.items);
    if (batch.more && batch.items.length > 0) return { items, more: true };
  }
  return { items, more: false };
}

/** What follows a place in index order. `>` is taken for "behind in the index", also where that runs downwards. */
async function walkKeys(walk: Walk, after: RecordPosition, limit: number): Promise<Batch> {
  const { actions, table, where, order } = walk;
  const key = valuesOf(keyAt(order, after));
  const query = { table, where, maxRecords: limit, indexName: order.index.indexName, key };
  return placed(walk, await getRecordsStartingAtKey(actions, query), limit);
}

/** What follows a place among the records that share the values of the index's first fields. */
async function walkFixed(walk: Walk, fixed: readonly KeyField[], after: RecordPosition, limit: number): Promise<Batch> {
  const { items, more } = await walkKeys(walk, after, limit);
  const group = groupOf(fixed, after);
  const end = items.findIndex(({ position }) => groupOf(fixed, position) !== group);
  return end < 0 ? { items, more } : { items: items.slice(0, end), more: false };
}

/** What follows a place in the walk's order, or its start. */
export async function walkAfter(walk: Walk, after: RecordPosition | undefined, limit: number): Promise<Batch> {
  const { actions, table, where, order, bounds } = walk;
  if (bounds.length === 0) {
    if (after) return walkKeys(walk, after, limit);
    const query = { table, where, maxRecords: limit, indexName: order.index.indexName };
    return placed(walk, await getRecordsByIndex(actions, query), limit);
  }
  if (!after) return walkRanges(walk, [bounds], limit);
  const fixed = fixedFields(walk);
  return fixed ? walkFixed(walk, fixed, after, limit) : walkRanges(walk, rangesAfter(walk, keyAt(order, after)), limit);
}
