import { createHash } from 'node:crypto';
import type { BoundFairCom, OperationContext } from '../../context/context.ts';
import type {
  FairComFieldType,
  FairComRecord,
  FairComTable,
  RecordKey,
  RecordValue,
  RecordValues,
  TableRef,
} from '../../sources/faircom/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { joinId, splitId } from '../global-id.ts';
import { isRecordValues, type RecordKeyInput, readKey } from './record-input.ts';
import { descriptionOf, type FairComTableNode, type TableInput, tableRefOf, toTableNode } from './table.ts';

/** A record together with its table. */
export interface FairComRecordNode extends FairComRecord {
  readonly __typename: 'FairComRecord';
  readonly table: FairComTableNode;
}

/** What a record is asked for is taken from it then: most of it is only made then, and for few records of a page. */
class RecordNode implements FairComRecordNode {
  readonly __typename = 'FairComRecord';
  readonly table: FairComTableNode;
  readonly values: RecordValues;
  readonly #record: FairComRecord;

  constructor(table: FairComTableNode, record: FairComRecord) {
    this.table = table;
    this.values = record.values;
    this.#record = record;
  }

  get id(): string | undefined {
    return this.#record.id;
  }

  get changeId(): string | undefined {
    return this.#record.changeId;
  }

  get key(): RecordValues {
    return this.#record.key;
  }
}

export const toRecordNode = (table: FairComTableNode, record: FairComRecord): FairComRecordNode =>
  new RecordNode(table, record);

/**
 * The part of a global id behind the type name. Records of a table without a primary key cannot be found again; they
 * are told apart by their values, so that a client's cache does not take all of them for one.
 */
export function recordNodeId({ key, table, values }: FairComRecordNode): string {
  const { sourceName, databaseName, ownerName, tableName } = table;
  const digest = () => createHash('sha256').update(JSON.stringify(values)).digest('base64url');
  const last = Object.keys(key).length > 0 ? JSON.stringify(key) : digest();
  return joinId(sourceName, databaseName, ownerName, tableName, last);
}

/** The records of one table that an operation asks for by key are read together, after the table's description. */
async function loadRecord({ loaders, source }: BoundFairCom, table: TableRef, key: RecordKey) {
  const record = await loaders.record.load({ table, key });
  if (!record) return null;
  const description: FairComTable = await loaders.table.load(table);
  return toRecordNode(toTableNode(source.name, description), record);
}

/** One record of a table by its primary key; null when no record has it. */
export const recordOf = (
  bound: BoundFairCom,
  table: TableInput,
  key: RecordKeyInput,
): Promise<FairComRecordNode | null> => loadRecord(bound, tableRefOf(table), readKey(key, bound.source.name));

function readKeyText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The record behind a global id's local part, or null. */
export async function recordByNodeId(id: string, context: OperationContext): Promise<FairComRecordNode | null> {
  const [sourceName = '', databaseName, ownerName, tableName, keyText = ''] = splitId(id, 5) ?? [];
  const key = readKeyText(keyText);
  if (tableName === undefined || !context.sources.faircom.find(sourceName) || !isRecordValues(key)) return null;
  try {
    return await loadRecord(context.faircom(sourceName), { databaseName, ownerName, tableName }, key);
  } catch (error) {
    // The table has been dropped.
    if (error instanceof SourceError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** Names of fields have no case (faircom-netography-api.md §A8). */
const sameName = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

const refuse = ({ table }: FairComRecordNode, message: string) =>
  new SourceError('BAD_INPUT', message, { source: table.sourceName });

/** The value of one field. @throws SourceError BAD_INPUT when the record has no such field */
export function valueOfField(record: FairComRecordNode, field: string): RecordValue {
  const name = Object.keys(record.values).find((candidate) => sameName(candidate, field));
  const value = name === undefined ? undefined : record.values[name];
  if (value !== undefined) return value;
  throw refuse(record, `Table ${record.table.tableName} has no field "${field}".`);
}

/** The value of one field as text. @throws SourceError BAD_INPUT when the field is of none of these types */
async function textOfType(
  record: FairComRecordNode,
  field: string,
  { types, context }: { readonly types: readonly FairComFieldType[]; readonly context: OperationContext },
): Promise<string | null> {
  const value = valueOfField(record, field);
  const { fields } = await descriptionOf(record.table, context);
  const type = fields.find(({ name }) => sameName(name, field))?.type;
  if (type !== undefined && types.includes(type)) return value === null ? null : String(value);
  throw refuse(record, `Field "${field}" of table ${record.table.tableName} is ${type}, not ${types.join(' or ')}.`);
}

/** The value of a field that holds whole numbers. */
export const integerOfField = (record: FairComRecordNode, field: string, context: OperationContext) =>
  textOfType(record, field, { types: ['BIGINT', 'INTEGER', 'SMALLINT', 'TINYINT'], context });

/** The value of a field that holds dates and times without a zone. */
export const timestampOfField = (record: FairComRecordNode, field: string, context: OperationContext) =>
  textOfType(record, field, { types: ['TIMESTAMP'], context });
