import { z } from 'zod';
import { fromSchema } from '../../reading/reader.ts';
import type { RecordValue } from './types.ts';

/**
 * What the JSON DB API sends, as it spells it (faircom-netography-api.md part A), but for what is read by hand: the
 * envelope of every answer (envelope.ts) and answers with records (records-answer.ts).
 */

/** With `numberFormat: "string"` numbers of listed rows arrive as text (§A2). */
const integer = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(Number);
const bigint = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(String);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** Any JSON: parsed bytes hold nothing else. */
const fieldValue = z.custom<RecordValue>();

/** createSession (§A4). The token stands in `result`, beside it, or in both. */
export const wireOpenedSession = z.object({ authToken: optional(z.string()), serverVersion: optional(z.string()) });

export const wireTransaction = z.object({ transactionId: z.string().min(1) });

export const createdTransaction = fromSchema(wireTransaction, ({ transactionId }) => transactionId);

/** Rows of a list action (§A6): read one by one, so that a bad row spoils only itself. */
export const listedRows = fromSchema(z.object({ data: z.array(z.unknown()) }), ({ data }) => data);

export const wireDatabase = z.object({ databaseName: z.string(), path: optional(z.string()), uid: optional(bigint) });

export const wireTableSummary = z.object({
  databaseName: optional(z.string()),
  ownerName: optional(z.string()),
  tableName: z.string(),
  path: optional(z.string()),
  uid: optional(bigint),
  totalRecordCount: optional(integer),
});

/** A field of a description (§A6). */
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

/** listServices (§A4): `port` comes back as text. */
export const listedServices = fromSchema(z.object({ listeners: z.array(z.unknown()) }), ({ listeners }) => listeners);

export const wireService = z.object({
  serviceName: z.string(),
  protocol: optional(z.string()),
  port: optional(integer),
  description: optional(z.string()),
  enabled: optional(z.boolean()),
});

/** listSessions (§A4). Rows may hold live tokens: only what is named here is read. */
export const listedSessions = fromSchema(z.object({ sessions: z.array(z.unknown()) }), ({ sessions }) => sessions);

export const wireSession = z.object({
  username: optional(z.string()),
  description: optional(z.string()),
  defaultDatabaseName: optional(z.string()),
  sessionStartTimestamp: optional(z.string()),
  sessionLastAccessedTimestamp: optional(z.string()),
});
