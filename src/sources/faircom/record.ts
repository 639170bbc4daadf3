import { badAnswer } from './errors.ts';
import { toField } from './field.ts';
import type { RecordsAnswer } from './records-answer.ts';
import { layOut, put, type RowLayout, readAlike, readByColumns, type WireRow } from './row-layout.ts';
import type { FairComField, FairComRecord, FairComTable, RecordValue, RecordValues } from './types.ts';

/** Reads the rows of one answer: by its own fields where it lists them, else by those of the description. */
export interface RowReader {
  readonly source: string;
  /** The layout of rows with these names. */
  layoutOf(names: readonly string[]): RowLayout;
  /** That of the row before: the next one is most likely like it. */
  layout: RowLayout;
}

/** Names have no case (§A8), but the rows of one answer spell them alike: each spelling is looked at once. */
function createFieldFinder(fields: readonly FairComField[]) {
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const bySpelling = new Map<string, FairComField | undefined>();
  return (name: string): FairComField | undefined => {
    const known = bySpelling.get(name);
    if (known || bySpelling.has(name)) return known;
    const field = byName.get(name.toLowerCase());
    bySpelling.set(name, field);
    return field;
  };
}

export function createRowReader(source: string, table: FairComTable, { fields = [] }: RecordsAnswer): RowReader {
  const fieldOf = createFieldFinder(fields.length > 0 ? fields.map(toField) : table.fields);
  return {
    source,
    layoutOf: (names) => layOut(table, fieldOf, names),
    layout: layOut(table, fieldOf, []),
  };
}

const isRow = (row: unknown): row is WireRow => typeof row === 'object' && row !== null && !Array.isArray(row);

/** The values of a row by the fields' own names; what no field has (`_bookmark_`) is left out. */
export function readValues(reader: RowReader, row: unknown): RecordValues {
  const { source } = reader;
  if (!isRow(row)) throw badAnswer(source, 'a record that is not an object');
  const values = readAlike(source, reader.layout, row);
  if (values) return values;
  reader.layout = reader.layoutOf(Object.keys(row));
  return readByColumns(source, reader.layout, row);
}

const textOrUndefined = (value: unknown) => (value === null || value === undefined ? undefined : String(value));

/** A record of a row. Few are asked for more than their values, so the rest is made when somebody does. */
export class RowRecord implements FairComRecord {
  readonly values: RecordValues;
  readonly layout: RowLayout;

  constructor(values: RecordValues, layout: RowLayout) {
    this.values = values;
    this.layout = layout;
  }

  get id(): string | undefined {
    const { idName } = this.layout;
    return idName === undefined ? undefined : textOrUndefined(this.values[idName]);
  }

  get changeId(): string | undefined {
    const { changeIdName } = this.layout;
    return changeIdName === undefined ? undefined : textOrUndefined(this.values[changeIdName]);
  }

  get key(): RecordValues {
    const key: Record<string, RecordValue> = {};
    for (const [field, name] of this.layout.key) put(key, field, this.values[name] ?? null);
    return key;
  }
}

/** @throws SourceError for a row that cannot be read, or that lacks its key */
export function readRecord(reader: RowReader, row: unknown): RowRecord {
  const values = readValues(reader, row);
  const { source, layout } = reader;
  if (layout.missingKey !== undefined) throw badAnswer(source, `a record without its key "${layout.missingKey}"`);
  return new RowRecord(values, layout);
}

/** A record with everything that can be asked of it. */
export function toRecord(reader: RowReader, row: unknown): FairComRecord {
  const { id, changeId, key, values } = readRecord(reader, row);
  return { id, changeId, key, values };
}
