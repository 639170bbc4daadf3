import type { SourceError } from '../../transport/source-error.ts';
import type { Call, Send } from '../../transport/upstream.ts';
import { listServices, listSessions, pingSession } from './client/administration.ts';
import { type ActionOptions, type ActionSettings, type Actions, createActions } from './client/call-action.ts';
import {
  describeTables,
  type ListQuery,
  listDatabases,
  listIndexes,
  listNamedTables,
  listTables,
  type TablesQuery,
} from './client/catalogue.ts';
import { countRecords, getRecordsByIds, getRecordsByTable, itemsOf } from './client/read-records.ts';
import { readRecordsPage } from './client/records-page.ts';
import { runInTransaction } from './client/transaction.ts';
import { type DeletedRecords, deleteRecords, insertRecords, updateRecords } from './client/write-records.ts';
import { keyTexts } from './record-key.ts';
import type {
  FairComDatabase,
  FairComIndex,
  FairComRecord,
  FairComService,
  FairComSession,
  FairComTable,
  FairComTableSummary,
  Page,
  PlacedRecord,
  RecordChange,
  RecordFilter,
  RecordKey,
  RecordPosition,
  RecordsQuery,
  RecordValues,
  TableRef,
} from './types.ts';

type Place = Pick<TableRef, 'databaseName' | 'ownerName'>;
type Listed<T> = Promise<readonly (T | SourceError)[]>;

/** What can be done inside a transaction. Functions on records take the table's description (`loaders.table`). */
export interface FairComTransactionClient {
  listDatabases(query: ListQuery): Promise<Page<FairComDatabase>>;
  listTables(query: TablesQuery): Promise<Page<FairComTableSummary>>;
  /** Those of the named tables that exist. */
  listNamedTables(place: Place, tableNames: readonly string[]): Listed<FairComTableSummary>;
  describeTables(place: Place, tableNames: readonly string[]): Listed<FairComTable>;
  listIndexes(table: TableRef): Listed<FairComIndex>;
  /** Records by primary key in one call; keys that no record has are left out. */
  getRecordsByIds(table: FairComTable, keys: readonly RecordKey[]): Listed<FairComRecord>;
  /** The first records in table order: for tables that have no index to page by. */
  getRecordsByTable(table: FairComTable, first: number, where?: RecordFilter): Listed<FairComRecord>;
  /** A page in the order of an index. */
  recordsPage(query: RecordsQuery): Promise<Page<PlacedRecord, RecordPosition>>;
  /** How many records meet the filter; undefined when the server does not tell. It reads the whole table for that. */
  countRecords(table: FairComTable, where?: RecordFilter): Promise<number | undefined>;
  /** Stores all of them or none. */
  insertRecords(table: FairComTable, records: readonly RecordValues[]): Listed<FairComRecord>;
  /** Changes all of them or none. Throws RecordsChangedError when somebody else changed one meanwhile. */
  updateRecords(table: FairComTable, changes: readonly RecordChange[]): Listed<FairComRecord>;
  deleteRecords(table: FairComTable, keys: readonly RecordKey[]): Promise<DeletedRecords>;
}

/** The JSON DB API for one caller. */
export interface FairComClient extends FairComTransactionClient {
  /** Throws when the server does not answer or refuses the session. */
  pingSession(): Promise<void>;
  listServices(): Listed<FairComService>;
  listSessions(): Listed<FairComSession>;
  /** Runs `work` with a client whose calls are stored together or not at all. Transactions are not nested. */
  inTransaction<T>(work: (client: FairComTransactionClient) => Promise<T>): Promise<T>;
}

function bind(actions: Actions): FairComTransactionClient {
  const textsOf = (table: FairComTable, keys: readonly RecordKey[]) =>
    keys.map((key) => keyTexts(actions.source, table, key));
  return {
    listDatabases: (query) => listDatabases(actions, query),
    listTables: (query) => listTables(actions, query),
    listNamedTables: (place, tableNames) => listNamedTables(actions, place, tableNames),
    describeTables: (place, tableNames) => describeTables(actions, place, tableNames),
    listIndexes: (table) => listIndexes(actions, table),
    getRecordsByIds: async (table, keys) => itemsOf(await getRecordsByIds(actions, table, textsOf(table, keys))),
    getRecordsByTable: async (table, first, where) =>
      itemsOf(await getRecordsByTable(actions, { table, where, maxRecords: first })),
    recordsPage: (query) => readRecordsPage(actions, query),
    countRecords: (table, where) => countRecords(actions, { table, where }),
    insertRecords: (table, records) => insertRecords(actions, table, records),
    updateRecords: (table, changes) => updateRecords(actions, table, changes),
    deleteRecords: (table, keys) => deleteRecords(actions, table, keys),
  };
}

/** The client for one call: whose it is, until when, and what it may spend. */
export function createFairComClient(send: Send, call: Call, settings: ActionSettings): FairComClient {
  const options: ActionOptions = { send, call, settings };
  const actions = createActions(options);
  return {
    ...bind(actions),
    pingSession: () => pingSession(actions),
    listServices: () => listServices(actions),
    listSessions: () => listSessions(actions),
    inTransaction: (work) => runInTransaction(options, (inside) => work(bind(inside))),
  };
}
