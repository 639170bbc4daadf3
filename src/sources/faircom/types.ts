import { SourceError } from '../../transport/source-error.ts';

/** Part of a list, in the vendor's order. An item that could not be read is an error in its place. */
export interface Page<T, Next = number> {
  readonly items: readonly (T | SourceError)[];
  /** Where the next page starts; undefined when this is the last one. */
  readonly next: Next | undefined;
  /** How many there are in all; undefined when the server does not say. */
  readonly total: number | undefined;
}

/** Whether a source answers now. */
export interface SourceHealth {
  readonly reachable: boolean;
  /** Milliseconds that the answer took; undefined when there was none. */
  readonly latencyMs: number | undefined;
  /** Version of the server's software; only newer servers tell it. */
  readonly version: string | undefined;
  /** What is wrong, in a sentence. */
  readonly detail: string | undefined;
  /** Always undefined: a FairCom session has no fixed end, it ends after a time without requests. */
  readonly credentialExpiresAt: Date | undefined;
}

/**
 * A value of a field. Numbers that JavaScript cannot hold are text: BIGINT, NUMBER and MONEY are decimal strings.
 * Binary fields are hexadecimal text; dates and times are ISO text without a zone.
 */
export type RecordValue = string | number | boolean | null | readonly RecordValue[] | RecordValues;

/** Values by field name. */
export interface RecordValues {
  readonly [field: string]: RecordValue;
}

/** A database of a FairCom server. */
export interface FairComDatabase {
  readonly databaseName: string;
  /** Where the server keeps it, with the separators of the server's system. */
  readonly path: string | undefined;
  /** The server's number for it, a decimal string. */
  readonly uid: string | undefined;
}

/** Which table is meant; what is left out comes from the source's configuration. */
export interface TableRef {
  readonly databaseName?: string | undefined;
  readonly ownerName?: string | undefined;
  readonly tableName: string;
}

/** A table as a list of tables shows it. */
export interface FairComTableSummary {
  readonly databaseName: string;
  readonly ownerName: string;
  readonly tableName: string;
  readonly path: string | undefined;
  /** The server's number for it, a decimal string. */
  readonly uid: string | undefined;
  /** How many records it holds; undefined when the server did not count. */
  readonly recordCount: number | undefined;
}

export type FairComFieldType =
  | 'BIT'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INTEGER'
  | 'BIGINT'
  | 'REAL'
  | 'FLOAT'
  | 'NUMBER'
  | 'MONEY'
  | 'DATE'
  | 'TIME'
  | 'TIMESTAMP'
  | 'CHAR'
  | 'VARCHAR'
  | 'LVARCHAR'
  | 'BINARY'
  | 'VARBINARY'
  | 'LVARBINARY'
  | 'JSON'
  | 'OTHER';

/** What the server itself puts into a field. */
export type FairComAutoValue =
  | 'NONE'
  | 'INCREMENT_ON_INSERT'
  | 'TIMESTAMP_ON_INSERT'
  | 'TIMESTAMP_ON_UPDATE'
  | 'TIMESTAMP_ON_UPDATE_AND_INSERT'
  | 'CHANGE_ID'
  | 'OTHER';

export interface FairComField {
  readonly name: string;
  readonly type: FairComFieldType;
  /** The server's own word for the type. */
  readonly vendorType: string;
  /** Greatest length, in bytes or digits by type; undefined where the type has none. */
  readonly length: number | undefined;
  /** Digits after the decimal point; undefined where the type has none. */
  readonly scale: number | undefined;
  /** What a new record gets when it leaves the field out. */
  readonly defaultValue: RecordValue;
  readonly nullable: boolean;
  /** Place in the primary key, from 1; 0 when the field is not part of it. */
  readonly primaryKeyPosition: number;
  readonly autoValue: FairComAutoValue;
}

export interface FairComIndexField {
  readonly name: string;
  readonly caseInsensitive: boolean;
  readonly sortDescending: boolean;
  readonly reverseCompare: boolean;
}

export interface FairComIndex {
  readonly indexName: string;
  /** In the order in which the index sorts by them. */
  readonly fields: readonly FairComIndexField[];
  readonly unique: boolean;
  /** Only records that meet this condition are in the index; undefined when all are. */
  readonly conditionalExpression: string | undefined;
}

/** A table with its fields and indexes. */
export interface FairComTable {
  readonly databaseName: string;
  readonly ownerName: string;
  readonly tableName: string;
  readonly path: string | undefined;
  /** In the order of the key; empty for a table without a primary key. */
  readonly primaryKeyFields: readonly string[];
  /** The field that changes with every update; undefined for tables without conflict protection. */
  readonly changeIdField: string | undefined;
  readonly fields: readonly FairComField[];
  readonly indexes: readonly FairComIndex[];
}

/** A record of a table. */
export interface FairComRecord {
  /** The value of `id` where that alone is the primary key; undefined for tables with another key. */
  readonly id: string | undefined;
  /** Proves at an update that nobody changed the record meanwhile; undefined for tables without that protection. */
  readonly changeId: string | undefined;
  /** The values of the primary key. */
  readonly key: RecordValues;
  readonly values: RecordValues;
}

/** The primary key of a record: values by field name, or the value alone where the key is one field. */
export type RecordKey = string | RecordValues;

export type FilterOperator = 'EQ' | 'NE' | 'LT' | 'LE' | 'GT' | 'GE';

/** A condition on one field. */
export interface FieldCondition {
  readonly field: string;
  readonly operator: FilterOperator;
  readonly value: RecordValue;
}

/** Which records are meant. Fields without a value meet no condition. */
export type RecordFilter =
  | FieldCondition
  | { readonly and: readonly RecordFilter[] }
  | { readonly or: readonly RecordFilter[] };

/** A bound of an index's field; two on one field make a range. `NE` is no bound. */
export type KeyBound = FieldCondition;

/** Where a record stands in an index: its values of the index and of the primary key. */
export type RecordPosition = RecordValues;

/** A record and its place in the index that was read. */
export interface PlacedRecord {
  readonly record: FairComRecord;
  readonly position: RecordPosition;
}

/** Which records a page holds. */
export interface RecordsQuery {
  readonly table: FairComTable;
  /** Name of the index whose order is used; the primary key's when left out. */
  readonly index?: string | undefined;
  readonly where?: RecordFilter | undefined;
  /** Bounds on fields of the index. */
  readonly keyRange?: readonly KeyBound[] | undefined;
  /** Only records after this place. */
  readonly after?: RecordPosition | undefined;
  readonly first: number;
}

/** A change of one record. */
export interface RecordChange {
  readonly key: RecordKey;
  /** As last read; left out only for tables without a change id. */
  readonly changeId?: string | undefined;
  /** New values of the fields that change. */
  readonly values: RecordValues;
}

/** A listener of the server, e.g. `https8443`. */
export interface FairComService {
  readonly serviceName: string;
  readonly protocol: string | undefined;
  readonly port: number | undefined;
  readonly description: string | undefined;
  readonly enabled: boolean | undefined;
}

/** A session of the server, without its token. */
export interface FairComSession {
  readonly username: string | undefined;
  readonly description: string | undefined;
  readonly defaultDatabaseName: string | undefined;
  /** In the server's own time, without a zone. */
  readonly startedAt: string | undefined;
  /** In the server's own time, without a zone. */
  readonly lastAccessedAt: string | undefined;
}

/** Somebody changed records between the caller's read and its update; nothing was stored. */
export class RecordsChangedError extends SourceError {
  /** The records as they are now. */
  readonly current: readonly FairComRecord[];

  constructor(source: string, current: readonly FairComRecord[], cause: unknown) {
    const subject = current.length === 1 ? 'The record was' : `${current.length} of the records were`;
    super('CONFLICT', `${subject} changed in ${source} since it was read. Nothing was stored.`, { source, cause });
    this.name = 'RecordsChangedError';
    this.current = current;
  }
}
