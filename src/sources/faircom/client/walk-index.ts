import type { SourceError } from '../../../transport/source-error.ts';
import { badAnswer, badInput, readItem } from '../errors.ts';
import { valueNamed } from '../field-values.ts';
import type { PagingIndex, PagingOrder } from '../index-choice.ts';
import { readValues, toRecord } from '../record.ts';
import type {
  FairComField,
  FairComTable,
  FieldCondition,
  KeyBound,
  PlacedRecord,
  RecordFilter,
  RecordPosition,
  RecordValue,
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

const keyFields = ({ fields, ties }: PagingOrder): readonly FairComField[] => [...fields, ...(ties?.fields ?? [])];

function place(walk: Walk, read: ReadRecords, row: unknown): PlacedItem {
  const names = keyFields(walk.order).map(({ name }) => name);
  const cells = typeof row === 'object' && row !== null ? Object.entries(row) : [];
  const keyCells = cells.filter(([name]) => names.some((known) => known.toLowerCase() === name.toLowerCase()));
  const values = readValues(read.reader, Object.fromEntries(keyCells));
  const position: RecordPosition = Object.fromEntries(
    names.map((name) => {
      const value = valueNamed(values, name);
      if (value !== undefined) return [name, value];
      throw badAnswer(walk.actions.source, `a record without "${name}", by which it was to be sorted`);
    }),
  );
  return { position, item: readItem(() => ({ record: toRecord(read.reader, row), position })) };
}

export const placed = (walk: Walk, read: ReadRecords, limit: number): Batch => ({
  items: read.rows.map((row) => place(walk, read, row)),
  // `moreRecords` alone is not believed: servers say it of an end too, and might cap a page without it (§A10).
  more: read.more || read.rows.length >= limit,
});

/** The value that a place has in a field of an index. Rows without a value have no place that can be named to the server. */
export function valueAt(
  walk: Walk,
  { index }: PagingIndex,
  field: FairComField,
  position: RecordPosition,
): RecordValue {
  const value = valueNamed(position, field.name);
  if (value !== undefined && value !== null) return value;
  throw badInput(
    walk.actions.source,
    `Index ${index.indexName} cannot be paged across records without a value of "${field.name}". Give a keyRange with a lower bound, or use another index.`,
  );
}

/** The values of an index at a place, in the order of the index. */
export const keyAt = (walk: Walk, index: PagingIndex, position: RecordPosition): [string, RecordValue][] =>
  index.fields.map((field) => [field.name, valueAt(walk, index, field, position)]);

const isUpper = ({ operator }: KeyBound) => operator === 'LT' || operator === 'LE';
const on = (bounds: readonly KeyBound[], name: string) =>
  bounds.filter(({ field }) => field.toLowerCase() === name.toLowerCase());

/**
 * The bounds of what follows a place in an index of several fields: first what equals it in all fields but the last,
 * then in all but the last two, and so on. The caller's bounds hold for the fields that are still free.
 */
function boundsAfter(key: readonly [string, RecordValue][], bounds: readonly KeyBound[]): KeyBound[][] {
  return key
    .map(([field, value], place) => {
      if (on(bounds, field).some(({ operator }) => operator === 'EQ')) return undefined;
      const equal = key
        .slice(0, place)
        .map(([name, same]): FieldCondition => ({ field: name, operator: 'EQ', value: same }));
      const greater: FieldCondition = { field, operator: 'GT', value };
      const free = key.slice(place + 1).flatMap(([name]) => on(bounds, name));
      return [...equal, greater, ...on(bounds, field).filter(isUpper), ...free];
    })
    .filter((range) => range !== undefined)
    .reverse();
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

/** What follows a place in the walk's index, or its start: one call, and one for each field where bounds are given. */
export async function walkAfter(walk: Walk, after: RecordPosition | undefined, limit: number): Promise<Batch> {
  const { actions, table, where, order, bounds } = walk;
  const { indexName } = order.index;
  const key = after && keyAt(walk, order, after);
  if (bounds.length > 0) return walkRanges(walk, key ? boundsAfter(key, bounds) : [bounds], limit);
  const query = { table, where, maxRecords: limit, indexName };
  const read = key
    ? await getRecordsStartingAtKey(actions, { ...query, key: Object.fromEntries(key) })
    : await getRecordsByIndex(actions, query);
  return placed(walk, read, limit);
}
