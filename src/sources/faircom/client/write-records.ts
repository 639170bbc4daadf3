import { SourceError } from '../../../transport/source-error.ts';
import { badAnswer, badInput, isRefusedRequest } from '../errors.ts';
import { fieldNamed, sameName } from '../field-values.ts';
import { keyIdentity, keyParameters, keyTexts } from '../record-key.ts';
import {
  type FairComField,
  type FairComRecord,
  type FairComTable,
  type RecordChange,
  type RecordKey,
  RecordsChangedError,
  type RecordValue,
  type RecordValues,
} from '../types.ts';
import type { Actions } from './call-action.ts';
import { getRecordsByIds, itemsOf, runOnTable, scopeOf } from './read-records.ts';

type Records = readonly (FairComRecord | SourceError)[];

const exactNumbers: ReadonlySet<FairComField['type']> = new Set(['BIGINT', 'NUMBER', 'MONEY']);

/** A value as the server takes it (faircom-netography-api.md §A8). What was rounded before it came here is refused. */
function checkValue(source: string, field: FairComField, value: RecordValue): RecordValue {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  if (!isRounded || !exactNumbers.has(field.type)) return value;
  throw badInput(source, `"${field.name}" needs its value as text: the number is too large to be exact.`);
}

/** Values under the fields' own names; unknown fields are refused here, where the message can name them. */
function ownNames(actions: Actions, table: FairComTable, values: RecordValues): [string, RecordValue][] {
  const { source } = scopeOf(actions, table);
  return Object.entries(values).map(([name, value]) => {
    const field = fieldNamed(table.fields, name);
    if (!field) throw badInput(source, `Table ${table.tableName} has no field "${name}".`);
    return [field.name, checkValue(source, field, value)];
  });
}

const written = (sourceData: readonly RecordValues[]) => ({ dataFormat: 'objects', binaryFormat: 'hex', sourceData });

/**
 * insertRecords: all of them or none (§A9). Gives them as stored, with what the server filled in.
 * @throws SourceError CONFLICT when a key is there already
 */
export async function insertRecords(
  actions: Actions,
  table: FairComTable,
  records: readonly RecordValues[],
): Promise<Records> {
  const rows = records.map((values) => Object.fromEntries(ownNames(actions, table, values)));
  const stored = await runOnTable(actions, table, { action: 'insertRecords', params: written(rows), repeat: 'never' });
  if (stored.rows.length !== records.length) {
    throw badAnswer(actions.source, `${stored.rows.length} records for ${records.length} that it stored`);
  }
  return itemsOf(stored);
}

/** The row of one change: its whole key, the change id as last read, and what changes (§A9). */
function changeRow(actions: Actions, table: FairComTable, change: RecordChange): RecordValues {
  const { source } = actions;
  const { changeIdField } = table;
  const texts = keyTexts(source, table, change.key);
  const key = table.primaryKeyFields.map((name, place): [string, RecordValue] => [name, texts[place] ?? '']);
  const values = ownNames(actions, table, change.values);
  const fixed = [...table.primaryKeyFields, ...(changeIdField === undefined ? [] : [changeIdField])];
  const forbidden = values.find(([name]) => fixed.some((other) => sameName(other, name)));
  if (forbidden) throw badInput(source, `"${forbidden[0]}" cannot be changed.`);
  if ((changeIdField === undefined) !== (change.changeId === undefined)) {
    const state = changeIdField === undefined ? 'has no change id' : 'needs the change id of the record';
    throw badInput(source, `Table ${table.tableName} ${state}.`);
  }
  const protection = changeIdField === undefined ? [] : [[changeIdField, change.changeId ?? ''] as const];
  return Object.fromEntries([...key, ...protection, ...values]);
}

/** The records of some keys by the identity of their key. */
async function readCurrent(actions: Actions, table: FairComTable, keys: readonly (readonly string[])[]) {
  const current = new Map<string, FairComRecord>();
  for (const record of itemsOf(await getRecordsByIds(actions, table, keys))) {
    if (!(record instanceof SourceError)) current.set(keyIdentity(keyTexts(actions.source, table, record.key)), record);
  }
  return current;
}

/**
 * Why an update was refused: the codes for an outdated change id and for a missing record are not published, so the
 * records are read again and tell (§A9).
 */
async function explainRefusal(
  actions: Actions,
  table: FairComTable,
  changes: readonly RecordChange[],
  refusal: SourceError,
): Promise<SourceError> {
  const { source } = actions;
  const keys = changes.map(({ key }) => keyTexts(source, table, key));
  const current = await readCurrent(actions, table, keys);
  const now = keys.map((key) => current.get(keyIdentity(key)));
  if (now.includes(undefined)) {
    const message = `A record of table ${table.tableName} is no longer there. Nothing was stored.`;
    return new SourceError('NOT_FOUND', message, { source, cause: refusal });
  }
  const changed = now.filter((record, place) => record && record.changeId !== changes[place]?.changeId);
  const records = changed.filter((record) => record !== undefined);
  return records.length > 0 ? new RecordsChangedError(source, records, refusal) : refusal;
}

/** Whether an answer holds every record whole; what it repeats of an update is not documented (§A9). */
function isComplete({ rows }: { rows: readonly unknown[] }, table: FairComTable, count: number): boolean {
  const isWhole = (row: unknown) =>
    typeof row === 'object' &&
    row !== null &&
    table.fields.every(({ name }) => Object.keys(row).some((other) => sameName(other, name)));
  return rows.length === count && rows.every(isWhole);
}

/**
 * updateRecords: all of them or none, and only while nobody changed them since the caller's read (§A9).
 * @throws RecordsChangedError with the records as they are now; SourceError NOT_FOUND when one is gone
 */
export async function updateRecords(
  actions: Actions,
  table: FairComTable,
  changes: readonly RecordChange[],
): Promise<Records> {
  const rows = changes.map((change) => changeRow(actions, table, change));
  const unprotected = table.changeIdField === undefined ? { ignoreChangeIdProtection: true } : {};
  const params = { ...written(rows), ...unprotected };
  try {
    const stored = await runOnTable(actions, table, { action: 'updateRecords', params, repeat: 'never' });
    if (isComplete(stored, table, changes.length)) return itemsOf(stored);
  } catch (error) {
    throw isRefusedRequest(error) ? await explainRefusal(actions, table, changes, error) : error;
  }
  return itemsOf(
    await getRecordsByIds(
      actions,
      table,
      changes.map(({ key }) => keyTexts(actions.source, table, key)),
    ),
  );
}

/** What a delete did. */
export interface DeletedRecords {
  /** How many records were deleted; keys that no record had are not an error (§A9). */
  readonly count: number;
  /** The records as they were. */
  readonly records: Records;
}

/** deleteRecords by key. The server has no protection by change id here (§A9). */
export async function deleteRecords(
  actions: Actions,
  table: FairComTable,
  keys: readonly RecordKey[],
): Promise<DeletedRecords> {
  const params = keyParameters(
    table,
    keys.map((key) => keyTexts(actions.source, table, key)),
  );
  const deleted = await runOnTable(actions, table, { action: 'deleteRecords', params, repeat: 'never' });
  const { rows, total = -1 } = deleted;
  return { count: total < 0 ? rows.length : total, records: itemsOf(deleted) };
}
