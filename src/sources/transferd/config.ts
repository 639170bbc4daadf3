import { z } from 'zod';
import {
  actAsService,
  httpSource,
  milliseconds,
  secret,
  sourceName,
  tlsSettings,
  visibility,
} from '../../config/blocks.ts';

const address = z
  .string()
  .regex(/^(\[[\da-fA-F:]+\]|[\w.-]+):\d{1,5}$/, 'must be a host and a port, e.g. 127.0.0.1:55002')
  .describe('Host and port of the daemon, e.g. 127.0.0.1:55002.');

/** One transfer daemon as it stands in the configuration. */
export const transferdConfig = z.strictObject({
  name: sourceName,
  url: address,
  actAs: actAsService('a daemon knows no users, and no tokens of theirs').describe(
    'The daemon knows no users: everybody is served alike.',
  ),
  visibility: visibility.describe(
    'own: viewers see the transfers that this gateway started or authorized for them. all: everything, with the scope transfer.all.',
  ),
  tls: tlsSettings
    .optional()
    .describe('TLS towards the daemon, also when it is empty. Without it the connection is not encrypted.'),
  apiKey: secret
    .optional()
    .describe('Key that the daemon asks for (`authentication.apikey` of its own configuration).'),
  apiKeyHeader: z
    .string()
    .regex(/^[a-z\d_.-]+$/, 'must hold only lower-case letters, digits and _ . -')
    .default('apikey')
    .describe('Name of the gRPC metadata in which the key is sent.'),
  deadlineMs: httpSource.deadlineMs,
  silenceMs: milliseconds
    .default(15_000)
    .describe('Milliseconds without a word about a watched transfer, after which the daemon is asked for it.'),
  retries: httpSource.retries,
  circuitFailures: httpSource.circuitFailures,
  circuitOpenMs: httpSource.circuitOpenMs,
  maxBodyBytes: z
    .int()
    .min(1024)
    .default(4 * 1024 * 1024)
    .describe('Largest message that is read, in bytes.'),
});

export type TransferdConfig = z.output<typeof transferdConfig>;
