import { z } from 'zod';
import { actAsService, httpSource, secret } from '../../config/blocks.ts';

/** A server allows 25 sockets per client address (services.json, faircom-netography-api.md §A1). */
const MAX_SOCKETS = 24;

/** A server closes a socket that was idle for 30 s (connInactiveTimeout, §A1); ours must close first. */
const MAX_IDLE_MS = 29_000;

/** One FairCom server as it stands in the configuration. */
export const faircomConfig = z.strictObject({
  ...httpSource,
  url: httpSource.url.describe('Scheme, host and port of the JSON DB API, e.g. https://db.example.com:8443.'),
  poolSize: z
    .int()
    .min(1)
    .max(MAX_SOCKETS, 'must be below 25: a FairCom server allows 25 sockets per address and refuses more')
    .default(16)
    .describe('Sockets to this server at most; all gateways behind one address share the 25 that it allows.'),
  idleMs: z
    .int()
    .min(1)
    .max(MAX_IDLE_MS, 'must be below 30000: a FairCom server closes a socket that was idle for 30 seconds')
    .default(20_000)
    .describe('Milliseconds that an unused socket is kept.'),
  actAs: actAsService(
    'a FairCom server knows accounts and their sessions, and neither tokens in another’s name nor such as callers could send along',
  ).describe('The gateway always acts with the account given here.'),
  username: z.string().min(1).describe('Account that the gateway opens its session with.'),
  password: secret.describe('Its password; needed beside a client certificate, which only secures the connection.'),
  databaseName: z.string().min(1).default('ctreeSQL').describe('Database used where an operation names none.'),
  ownerName: z.string().min(1).default('admin').describe('Owner of tables where an operation names none.'),
  idleConnectionTimeoutSeconds: z
    .int()
    .min(30)
    .max(86_400)
    .default(900)
    .describe('Seconds without a request after which the server ends the gateway’s session.'),
  apiPath: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9._~-]+)+$/, 'must be a path such as /api')
    .default('/api')
    .describe('Path of the JSON DB API below the address.'),
});

export type FairComConfig = z.output<typeof faircomConfig>;
