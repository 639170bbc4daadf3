import { z } from 'zod';
import { viewersConfig } from '../identity/config.ts';
import { faircomConfig } from '../sources/faircom/config.ts';
import { faspexConfig } from '../sources/faspex/config.ts';
import { nodeConfig } from '../sources/node/config.ts';
import { transferdConfig } from '../sources/transferd/config.ts';
import { milliseconds, secret } from './blocks.ts';
import { redisConfig } from './redis-config.ts';

const isOrigin = (value: string) => value === '*' || (URL.canParse(value) && new URL(value).origin === value);

const path = z.string().regex(/^\/[\w./-]*$/, 'must start with / and hold only letters, digits and . _ - /');

const server = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every network.'),
  port: z.int().min(0).max(65_535).default(4000).describe('Port to listen on; 0 for any free one.'),
  reusePort: z
    .boolean()
    .default(false)
    .describe(
      'Whether several processes of one machine listen on the port. The system spreads connections over them (Linux).',
    ),
  graphqlPath: path.default('/graphql').describe('Path of the graph, for HTTP, SSE and WebSocket alike.'),
  corsOrigins: z
    .array(z.string().refine(isOrigin, 'must be an origin such as https://app.example.com, or "*"'))
    .optional()
    .describe('Origins whose pages may call the gateway from a browser. Without it none of another origin may.'),
  tls: z
    .strictObject({
      certFile: z.string().min(1).describe('Certificate chain of the gateway, as PEM.'),
      keyFile: z.string().min(1).describe('Private key of the certificate, as PEM.'),
    })
    .optional()
    .describe('Serve HTTPS. Leave it out where a proxy in front does that.'),
  maxBodyBytes: z.int().min(1024).default(1_048_576).describe('Largest request that is read, in bytes.'),
  drainMs: milliseconds
    .default(10_000)
    .describe('Milliseconds that running operations get to finish when the gateway stops.'),
  fastDoor: z
    .boolean()
    .default(true)
    .describe('Whether ordinary requests take a short way through the gateway. The answers are the same without it.'),
  compile: z
    .boolean()
    .default(true)
    .describe('Whether operations that come again and again are compiled. The answers are the same without it.'),
  webSocketInitMs: milliseconds
    .default(3_000)
    .describe('Milliseconds within which a WebSocket client must say who it is (connection_init).'),
  webSocketPingMs: milliseconds
    .default(12_000)
    .describe('Milliseconds between pings on a WebSocket; a client that leaves one unanswered is gone.'),
});

const atLeastOne = z.int().min(1);

const limits = z.strictObject({
  depth: atLeastOne.default(15).describe('How deep the fields of an operation may nest.'),
  cost: atLeastOne.default(5000).describe('Estimated cost that an operation may have.'),
  aliases: atLeastOne
    .default(30)
    .describe('How many aliases an operation may use, and how often it may repeat fields.'),
  pageSize: atLeastOne.default(200).describe('How many items one page of a list may have.'),
  tokens: atLeastOne.default(2000).describe('How many lexical tokens an operation may have.'),
  upstreamRequests: atLeastOne.default(60).describe('Requests that one operation may make to one source.'),
  subscriptionsPerSocket: atLeastOne.default(100).describe('Operations that one WebSocket may run at a time.'),
  operationDeadlineMs: milliseconds
    .default(30_000)
    .describe('Milliseconds after which a query, a mutation, or one event of a subscription is given up.'),
});

const progress = z.strictObject({
  intervalMs: milliseconds.default(1000).describe('Milliseconds between polls of something that moves.'),
  idleIntervalMs: milliseconds.default(5000).describe('Milliseconds between polls of something that rests.'),
  logMinutes: atLeastOne.default(15).describe('Minutes for which a subscriber who returns finds what it missed.'),
  logEvents: atLeastOne.default(10_000).describe('Events that are kept for that at most.'),
});

const metrics = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Keep it off the networks that callers come from: who reaches it may read it.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .describe('Port of the metrics, which is never that of the graph; 0 for any free one.'),
  ports: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe(
      'How many ports from that one on may be taken: each of several processes of one machine takes the first that is free.',
    ),
  path: path.default('/metrics').describe('Path of the metrics.'),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const kinds = ['faspex', 'node', 'faircom', 'transferd'] as const;

/** Every entry of every list that is one, with its place. The value may have any other mistake. */
function entriesOf(value: Readonly<Record<string, unknown>>) {
  return kinds.flatMap((kind) => {
    const list: unknown = value[kind];
    if (!Array.isArray(list)) return [];
    return list.map((entry: unknown, index) => ({
      kind,
      index,
      name: isRecord(entry) && typeof entry.name === 'string' ? entry.name : undefined,
    }));
  });
}

const sources = z
  .strictObject({
    faspex: z.array(faspexConfig).default([]).describe('IBM Aspera Faspex 5 servers.'),
    node: z.array(nodeConfig).default([]).describe('IBM Aspera transfer servers, through their Node API.'),
    faircom: z.array(faircomConfig).default([]).describe('FairCom servers, through their JSON DB API.'),
    transferd: z.array(transferdConfig).default([]).describe('IBM Aspera transfer daemons, through gRPC.'),
  })
  .superRefine(
    (value, { addIssue }) => {
      const places = new Map<string, string>();
      for (const { kind, index, name } of entriesOf(value)) {
        if (name === undefined) continue;
        const other = places.get(name);
        const message = `is also the name of ${other}: a name belongs to one source, whatever its kind`;
        if (other !== undefined) addIssue({ code: 'custom', path: [kind, index, 'name'], message });
        places.set(name, other ?? `sources.${kind}[${index}]`);
      }
    },
    { when: ({ value }) => isRecord(value) },
  )
  .refine((value) => entriesOf(value).length > 0, {
    error: 'needs at least one entry under faspex, node, faircom or transferd',
    when: ({ value }) => isRecord(value) && kinds.every((kind) => Array.isArray(value[kind])),
  })
  .prefault({})
  .describe('The servers behind the graph.');

const viewers = viewersConfig
  .refine((value) => value.apiKeys.length + value.jwt.length > 0, {
    error: 'needs at least one entry under apiKeys or jwt: nobody is anonymous',
    when: ({ value }) => isRecord(value) && Array.isArray(value.apiKeys) && Array.isArray(value.jwt),
  })
  .prefault({})
  .describe('Who may call the gateway.');

/** The whole configuration. Every source adds its own slice. */
export const gatewayConfig = z.strictObject({
  server: server.prefault({}).describe('Where the gateway listens.'),
  viewers,
  ownershipKey: secret
    .refine((value) => value.reveal().length >= 20, 'must have at least 20 characters')
    .describe(
      'Key by which transfers are marked as a viewer’s. Keep it: with another one, viewers no longer see their earlier transfers.',
    ),
  limits: limits.prefault({}).describe('What one caller may ask for at once.'),
  introspection: z.boolean().default(true).describe('Whether callers may ask for the schema.'),
  graphiql: z.boolean().default(false).describe('Whether a browser gets the GraphiQL page at the graph’s path.'),
  log: z
    .strictObject({
      level: z
        .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
        .default('info')
        .describe('The least important lines that are written.'),
      operations: z
        .boolean()
        .default(true)
        .describe('Whether each operation has a line, at the level info: who, what, how long, and how it ended.'),
    })
    .prefault({})
    .describe('Logs go to standard output, one JSON object a line.'),
  metrics: metrics
    .optional()
    .describe('Where Prometheus finds numbers about the gateway, on a port of their own. Without it there are none.'),
  ascp: z
    .strictObject({
      bypassKeyFile: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Where the machines that run ascp keep Aspera’s bypass key. Command lines name it; the gateway never reads it.',
        ),
    })
    .prefault({})
    .describe('What command lines for ascp are made with.'),
  progress: progress.prefault({}).describe('How transfers and packages are watched for subscribers.'),
  redis: redisConfig
    .optional()
    .describe('Where several processes share their polls and events. Without it this process is the only one.'),
  sources,
});

export type GatewayConfig = z.output<typeof gatewayConfig>;
