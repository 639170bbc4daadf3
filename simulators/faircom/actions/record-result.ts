import type { StoredRecord, Table } from '../storage/table.ts';
import type { Field, SqlValue } from '../values/field.ts';
import { renderValue } from '../values/render-value.ts';
import type { AnswerFormat } from '../wire/answer-format.ts';
import type { JsonObject } from '../wire/exact-json.ts';

interface ResultRow {
  readonly values: readonly SqlValue[];
  readonly bookmark?: string;
}

interface Counts {
  readonly moreRecords?: boolean;
  readonly requestedRecordCount: number;
  readonly totalRecordCount: number;
}

function isVisible(name: string, { includeFields, excludeFields }: AnswerFormat): boolean {
  const lower = name.toLowerCase();
  return (includeFields.length === 0 || includeFields.includes(lower)) && !excludeFields.includes(lower);
}

/** `result` of everything that returns rows (faircom-netography-api.md §A10), in the format that was asked for. */
export function rowsResult(
  format: AnswerFormat,
  fields: readonly Field[],
  rows: readonly ResultRow[],
  counts: Counts,
): JsonObject {
  const shown = fields.flatMap((field, place) => (isVisible(field.name, format) ? [{ field, place }] : []));
  const render = ({ values, bookmark }: ResultRow) => {
    const cells = shown.map(({ field, place }) => renderValue(field, values[place] ?? null, format));
    if (format.dataFormat === 'arrays') return cells;
    const row = Object.fromEntries(shown.map(({ field }, index) => [field.name, cells[index]]));
    return bookmark === undefined ? row : { ...row, _bookmark_: bookmark };
  };
  return {
    dataFormat: format.dataFormat,
    binaryFormat: format.binaryFormat,
    numberFormat: format.numberFormat,
    fields: shown.map(({ field }) => field),
    data: rows.map(render),
    ...counts,
    returnedRecordCount: rows.length,
  };
}

/** The opaque place of a record that `includeBookmarks` adds to rows (§A2). */
export const bookmarkOf = (table: Table, rowid: bigint) => Buffer.from(`${table.uid}:${rowid}`).toString('base64url');

/** The place that a bookmark of this table names; undefined for any other text. */
export function rowidOfBookmark(table: Table, bookmark: unknown): bigint | undefined {
  if (typeof bookmark !== 'string') return undefined;
  const [uid, rowid = ''] = Buffer.from(bookmark, 'base64url').toString('latin1').split(':');
  return uid === String(table.uid) && /^\d{1,18}$/.test(rowid) ? BigInt(rowid) : undefined;
}

export function recordsResult(
  format: AnswerFormat,
  table: Table,
  records: readonly StoredRecord[],
  counts: Counts,
): JsonObject {
  const rows = records.map(({ values, rowid }) =>
    format.includeBookmarks ? { values, bookmark: bookmarkOf(table, rowid) } : { values },
  );
  return {
    ...rowsResult(format, table.fields, rows, counts),
    primaryKeyFields: table.primaryKeyFields,
    changeIdField: table.changeIdField,
  };
}
