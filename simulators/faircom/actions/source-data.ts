import { FairComError } from '../errors.ts';
import { fieldIndex, requireField, type Table } from '../storage/table.ts';
import { isJsonObject, type JsonObject } from '../wire/exact-json.ts';
import { optionalList, optionalWord, textList, wrongParameter } from '../wire/parameters.ts';

/** One row of `sourceData`: the given values by the place of their field in the table, and its bookmark if it has one. */
export interface SourceRow {
  readonly given: ReadonlyMap<number, unknown>;
  readonly bookmark: unknown;
}

const BOOKMARK = '_bookmark_';

function fromObject(table: Table, row: JsonObject): SourceRow {
  const given = new Map<number, unknown>();
  for (const [name, value] of Object.entries(row)) {
    if (name === BOOKMARK) continue;
    given.set(fieldIndex(table, requireField(table, name).name), value);
  }
  return { given, bookmark: row[BOOKMARK] };
}

function fromArray(table: Table, names: readonly string[], row: readonly unknown[]): SourceRow {
  if (row.length !== names.length) {
    throw new FairComError('parameterWrong', 'A row of "sourceData" has another length than "fieldNames".');
  }
  const entries = names.map((name, index) => [fieldIndex(table, requireField(table, name).name), row[index]] as const);
  return { given: new Map(entries), bookmark: undefined };
}

/**
 * Reads `sourceData`. `fieldNames` belong to rows that are arrays; the vendor's own loader also sends them with
 * objects, where they have no meaning (faircom-netography-api.md, "Seen later").
 */
export function readSourceData(table: Table, parameters: JsonObject): SourceRow[] {
  const rows = optionalList(parameters, 'sourceData') ?? [];
  const dataFormat = optionalWord(parameters, 'dataFormat', ['objects', 'arrays', 'autoDetect'] as const);
  const names = textList(parameters, 'fieldNames');
  return rows.map((row) => {
    if (isJsonObject(row) && dataFormat !== 'arrays') return fromObject(table, row);
    if (!Array.isArray(row) || dataFormat === 'objects')
      throw wrongParameter('sourceData', 'an array of its dataFormat');
    if (names.length === 0) throw new FairComError('parameterMissing', 'Arrays need the parameter "fieldNames".');
    return fromArray(table, names, row);
  });
}
