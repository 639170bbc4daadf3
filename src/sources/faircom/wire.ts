import { z } from 'zod';
import type { RecordValue } from './types.ts';

/** What the JSON DB API sends, as it spells it (faircom-netography-api.md part A). */

/** The envelope of every answer (§A3). `debugInfo` echoes passwords and tokens: it is dropped here. */
const envelope = z.object({
  errorCode: z.int(),
  errorMessage: z.string().optional(),
  result: z.unknown().optional(),
  authToken: z.string().optional(),
});

export type Envelope = z.output<typeof envelope>;

/** The envelope of an answer; undefined when the body is none. */
export const envelopeOf = (body: unknown): Envelope | undefined => envelope.safeParse(body).data;

/** The parts of a request that decide about its session and transaction. */
export const sentAction = z.object({
  action: z.string(),
  authToken: z.string().optional(),
  params: z.object({ transactionId: z.string().optional() }).optional(),
});

/** With `numberFormat: "string"` numbers of listed rows arrive as text (§A2). */
const integer = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(Number);
const bigint = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(String);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** Any JSON: parsed bytes hold nothing else. */
const fieldValue = z.custom<RecordValue>();

/** createSession (§A4). The token stands in `result`, beside it, or in both. */
export const wireOpenedSession = z.object({ authToken: optional(z.string()), serverVersion: optional(z.string()) });

export const wireTransaction = z.object({ transactionId: z.string().min(1) });

/** Rows of a list action (§A6): read one by one, so that a bad row spoils only itself. */
export const wireList = z.object({ data: z.array(z.unknown()) });

export const wireDatabase = z.object({ databaseName: z.string(), path: optional(z.string()), uid: optional(bigint) });

export const wireTableSummary = z.object({
  databaseName: optional(z.string()),
  ownerName: optional(z.string()),
  tableName: z.string(),
  path: optional(z.string()),
  uid: optional(bigint),
  totalRecordCount: optional(integer),
});

/** A field of a description or of a result (§A6); newer SQL results list only name and type. */
export const wireField = z.object({
  name: z.string(),
  type: z.string(),
  length: optional(integer),
  scale: optional(integer),
  defaultValue: optional(fieldValue),
  nullable: optional(z.boolean()),
  primaryKey: optional(integer),
  autoValue: optional(z.string()),
});

export type WireField = z.output<typeof wireField>;

const flag = z.boolean().nullish().transform(Boolean);

export const wireIndex = z.object({
  indexName: z.string(),
  unique: flag,
  conditionalExpression: optional(z.string()),
  fields: z.array(z.object({ name: z.string(), caseInsensitive: flag, sortDescending: flag, reverseCompare: flag })),
});

/** A row of describeTables (§A7). */
export const wireTable = z.object({
  databaseName: z.string(),
  ownerName: z.string(),
  tableName: z.string(),
  path: optional(z.string()),
  changeIdField: optional(z.string()),
  primaryKeyFields: optional(z.array(z.string())),
  fields: z.array(wireField),
  indexes: optional(z.array(wireIndex)),
});

/** The result of a read, insert, update or delete (§A9, §A10). */
export const wireRecords = z.object({
  data: z.array(z.unknown()),
  fields: optional(z.array(wireField)),
  moreRecords: optional(z.boolean()),
  totalRecordCount: optional(integer),
});

export type WireRecords = z.output<typeof wireRecords>;

/** A record as an object: whatever JSON holds, checked by the type of each field. */
export const isWireRow = (row: unknown): row is Readonly<Record<string, RecordValue>> =>
  typeof row === 'object' && row !== null && !Array.isArray(row);

/** listServices (§A4): `port` comes back as text. */
export const wireServices = z.object({ listeners: z.array(z.unknown()) });

export const wireService = z.object({
  serviceName: z.string(),
  protocol: optional(z.string()),
  port: optional(integer),
  description: optional(z.string()),
  enabled: optional(z.boolean()),
});

/** listSessions (§A4). Rows may hold live tokens: only what is named here is read. */
export const wireSessions = z.object({ sessions: z.array(z.unknown()) });

export const wireSession = z.object({
  username: optional(z.string()),
  description: optional(z.string()),
  defaultDatabaseName: optional(z.string()),
  sessionStartTimestamp: optional(z.string()),
  sessionLastAccessedTimestamp: optional(z.string()),
});
