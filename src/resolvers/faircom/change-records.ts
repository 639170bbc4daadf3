import type { BoundFairCom, OperationContext } from '../../context/context.ts';
import {
  type FairComRecord,
  type FairComTable,
  type RecordChange,
  RecordsChangedError,
} from '../../sources/faircom/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { answering } from '../errors.ts';
import { type FairComRecordNode, toRecordNode } from './record.ts';
import { RecordConflictError } from './record-conflict.ts';
import { keyFromJson, type RecordKeyInput, readKey, readValues } from './record-input.ts';
import { type FairComTableNode, type TableInput, tableRefOf, toTableNode } from './table.ts';

type Optional<T> = T | null | undefined;

interface ChangeInput extends TableInput {
  readonly source?: Optional<string>;
}

export interface InsertRecordsInput extends ChangeInput {
  readonly records: readonly unknown[];
}

export interface RecordUpdateInput extends RecordKeyInput {
  readonly changeId?: Optional<string>;
  readonly values?: unknown;
}

export interface UpdateRecordsInput extends ChangeInput {
  readonly items: readonly RecordUpdateInput[];
}

export interface DeleteRecordsInput extends ChangeInput {
  readonly recordIds?: Optional<readonly string[]>;
  readonly keys?: Optional<readonly unknown[]>;
}

/** Records after a change. One that was stored but could not be read is an error in its place. */
export interface ChangedRecords {
  readonly records: readonly (FairComRecordNode | SourceError)[];
}

export interface DeletedRecords extends ChangedRecords {
  readonly deletedCount: number;
}

interface Target extends BoundFairCom {
  readonly table: FairComTable;
  readonly node: FairComTableNode;
}

/** @param given what is to be changed: nothing at all is refused before the server is asked anything */
async function targetOf(input: ChangeInput, given: readonly unknown[], context: OperationContext): Promise<Target> {
  const bound = context.faircom(input.source);
  const source = bound.source.name;
  if (given.length === 0) throw new SourceError('BAD_INPUT', 'Name at least one record.', { source });
  const table = await bound.loaders.table.load(tableRefOf(input));
  return { ...bound, table, node: toTableNode(source, table) };
}

const toNodes = ({ node }: Target, records: readonly (FairComRecord | SourceError)[]) =>
  records.map((record) => (record instanceof SourceError ? record : toRecordNode(node, record)));

/** What the operation has read before is out of date after a change, and after one whose outcome is not known. */
async function changing<T>({ loaders }: Target, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } finally {
    loaders.record.clearAll();
  }
}

/** Stores new records, all of them or none. Two upstream calls: the table's description, and the insert. */
export const insertRecords = answering(
  async (input: InsertRecordsInput, context: OperationContext): Promise<ChangedRecords> => {
    const target = await targetOf(input, input.records, context);
    const { client, source, table } = target;
    const records = input.records.map((values) => readValues(values, source.name));
    return { records: toNodes(target, await changing(target, () => client.insertRecords(table, records))) };
  },
);

const toChange = (item: RecordUpdateInput, source: string): RecordChange => ({
  key: readKey(item, source),
  changeId: item.changeId ?? undefined,
  values: readValues(item.values, source),
});

function toConflict(error: unknown, { node }: Target): unknown {
  if (!(error instanceof RecordsChangedError)) return error;
  return new RecordConflictError(
    error,
    error.current.map((record) => toRecordNode(node, record)),
  );
}

/** Changes records, all of them or none, and only while nobody else has changed them. Two upstream calls. */
export const updateRecords = answering(
  async (input: UpdateRecordsInput, context: OperationContext): Promise<ChangedRecords> => {
    const target = await targetOf(input, input.items, context);
    const { client, source, table } = target;
    const changes = input.items.map((item) => toChange(item, source.name));
    try {
      return { records: toNodes(target, await changing(target, () => client.updateRecords(table, changes))) };
    } catch (error) {
      throw toConflict(error, target);
    }
  },
);

/** Deletes records by key, whatever has become of them. Two upstream calls. */
export const deleteRecords = answering(
  async (input: DeleteRecordsInput, context: OperationContext): Promise<DeletedRecords> => {
    const recordIds = input.recordIds ?? [];
    const keys = input.keys ?? [];
    const target = await targetOf(input, [...recordIds, ...keys], context);
    const { client, source, table } = target;
    const all = [...recordIds, ...keys.map((key) => keyFromJson(key, source.name))];
    const { count, records } = await changing(target, () => client.deleteRecords(table, all));
    return { deletedCount: count, records: toNodes(target, records) };
  },
);
