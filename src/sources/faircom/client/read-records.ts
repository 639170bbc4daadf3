import type { SourceError } from '../../../transport/source-error.ts';
import { isKeyNotFound, readItem } from '../errors.ts';
import { createRowReader, type RowReader, toRecord } from '../record.ts';
import { type FilterScope, renderFilter, requireField, requireText } from '../record-filter.ts';
import { keyParameters } from '../record-key.ts';
import { recordsAnswer } from '../records-answer.ts';
import type {
  FairComField,
  FairComRecord,
  FairComTable,
  FilterOperator,
  KeyBound,
  RecordFilter,
  RecordValue,
  RecordValues,
} from '../types.ts';
import { type Action, type Actions, placeOf } from './call-action.ts';

/** What the direct reads of a table have in common (faircom-netography-api.md §A10). Never with a server cursor. */
export interface ReadQuery {
  readonly table: FairComTable;
  readonly where?: RecordFilter | undefined;
  readonly maxRecords: number;
}

/** Records as one read gives them. `more` may be true although there are none (§A10). */
export interface ReadRecords {
  readonly rows: readonly unknown[];
  readonly reader: RowReader;
  readonly more: boolean;
  /** How many there are in all, where the read counts. */
  readonly total: number | undefined;
}

export const scopeOf = ({ source }: Actions, table: FairComTable): FilterScope => ({ source, table });

export const itemsOf = ({ rows, reader }: ReadRecords): (FairComRecord | SourceError)[] =>
  rows.map((row) => readItem(() => toRecord(reader, row)));

/** Runs an action that answers with records of a table. */
export async function runOnTable(
  actions: Actions,
  table: FairComTable,
  { action, params, repeat }: Omit<Action, 'api'>,
): Promise<ReadRecords> {
  const target = { ...placeOf(actions, table), tableName: table.tableName };
  const request = { api: 'db', action, params: { ...target, ...params }, repeat } as const;
  const answer = await actions.run(request, recordsAnswer);
  return {
    rows: answer.data,
    reader: createRowReader(actions.source, table, answer),
    more: answer.moreRecords ?? false,
    total: answer.totalRecordCount,
  };
}

const readParameters = (actions: Actions, { table, where, maxRecords }: ReadQuery) => ({
  maxRecords,
  ...(where === undefined ? {} : { tableFilter: renderFilter(scopeOf(actions, table), where) }),
});

/** getRecordsByIds: all keys in one call. Keys that no record has are absent from the answer. */
export function getRecordsByIds(
  actions: Actions,
  table: FairComTable,
  keys: readonly (readonly string[])[],
): Promise<ReadRecords> {
  return runOnTable(actions, table, { action: 'getRecordsByIds', params: keyParameters(table, keys), repeat: 'safe' });
}

/** getRecordsByTable: in table order, which is stable only while nobody writes. */
export function getRecordsByTable(
  actions: Actions,
  query: ReadQuery & { readonly count?: boolean },
): Promise<ReadRecords> {
  const params = { ...readParameters(actions, query), ...(query.count ? { forceRecordCount: true } : {}) };
  return runOnTable(actions, query.table, { action: 'getRecordsByTable', params, repeat: 'safe' });
}

/** getRecordsByIndex: from the start of an index. */
export function getRecordsByIndex(
  actions: Actions,
  query: ReadQuery & { readonly indexName: string },
): Promise<ReadRecords> {
  const params = { ...readParameters(actions, query), indexName: query.indexName };
  return runOnTable(actions, query.table, { action: 'getRecordsByIndex', params, repeat: 'safe' });
}

/** Keys take text for numbers too (§A10); a bit stays true or false, and null is a record without a value. */
function keyValue(scope: FilterScope, field: FairComField, value: RecordValue): string | boolean | null {
  if (value === null) return null;
  const text = requireText(scope, field, value);
  return field.type === 'BIT' ? text === '1' : text;
}

const signs: Readonly<Partial<Record<FilterOperator, string>>> = { EQ: '=', LT: '<', LE: '<=', GT: '>', GE: '>=' };

/** getRecordsInKeyRange: what lies within the bounds, in the order of the index. */
export function getRecordsInKeyRange(
  actions: Actions,
  query: ReadQuery & { readonly indexName: string; readonly bounds: readonly KeyBound[] },
): Promise<ReadRecords> {
  const scope = scopeOf(actions, query.table);
  const indexFieldFilters = query.bounds.map(({ field: name, operator, value }) => {
    const field = requireField(scope, name);
    const key = operator === 'EQ' ? keyValue(scope, field, value) : requireText(scope, field, value);
    return { fieldName: field.name, operator: signs[operator], value: key };
  });
  const params = {
    ...readParameters(actions, query),
    indexFilter: { indexName: query.indexName, indexFieldFilters },
  };
  return runOnTable(actions, query.table, { action: 'getRecordsInKeyRange', params, repeat: 'safe' });
}

const none = (actions: Actions, table: FairComTable): ReadRecords => {
  const reader = createRowReader(actions.source, table, {
    data: [],
    fields: [],
    moreRecords: false,
    totalRecordCount: 0,
  });
  return { rows: [], reader, more: false, total: undefined };
};

/** getRecordsStartingAtKey with `>`: what follows a whole key. That nothing follows is code 4046, here an empty answer. */
export async function getRecordsStartingAtKey(
  actions: Actions,
  query: ReadQuery & { readonly indexName: string; readonly key: RecordValues },
): Promise<ReadRecords> {
  const scope = scopeOf(actions, query.table);
  const indexFields = Object.entries(query.key).map(([name, value]) => {
    const field = requireField(scope, name);
    return { fieldName: field.name, value: keyValue(scope, field, value) };
  });
  const params = {
    ...readParameters(actions, query),
    indexFilter: { indexName: query.indexName, operator: '>', indexFields },
  };
  try {
    return await runOnTable(actions, query.table, { action: 'getRecordsStartingAtKey', params, repeat: 'safe' });
  } catch (error) {
    if (isKeyNotFound(error)) return none(actions, query.table);
    throw error;
  }
}

/** How many records meet the filter; undefined when the server does not count. It reads the whole table for that. */
export async function countRecords(
  actions: Actions,
  query: { readonly table: FairComTable; readonly where?: RecordFilter | undefined },
): Promise<number | undefined> {
  const { total = -1 } = await getRecordsByTable(actions, { ...query, maxRecords: 1, count: true });
  return total < 0 ? undefined : total;
}
