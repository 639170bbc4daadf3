import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { createSecret } from '../../src/config/secret.ts';
import type { OperationContext } from '../../src/context/context.ts';
import { createKeptSpecs } from '../../src/context/kept-specs.ts';
import { createOwnership } from '../../src/context/ownership.ts';
import { createRegistry } from '../../src/context/registry.ts';
import { createSpecMakers } from '../../src/context/spec-makers.ts';
import { createAuthenticator } from '../../src/identity/authenticate.ts';
import { viewersConfig } from '../../src/identity/config.ts';
import { createProgress } from '../../src/progress/progress.ts';
import {
  createGatewayServer,
  type GatewayServer,
  type ServerDeps,
  type ServerSettings,
} from '../../src/server/create-server.ts';
import { createLogger } from '../../src/server/logger.ts';
import { createDeadlines } from '../../src/transport/deadlines.ts';
import { doorSettings } from '../helpers/door.ts';

/** The server of the gateway with a graph of a test's own, where a resolver may do what no good one does. */
export interface TestServer {
  readonly url: string;
  readonly webSocketUrl: string;
  /** `http://host:port`. */
  readonly origin: string;
  /** A key that may do everything. */
  readonly key: string;
  /** Every line that the server has logged. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** POSTs a body as JSON with the key. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** The answer to an operation. */
  ask(query: string, variables?: object): Promise<Answer>;
  counts: GatewayServer['counts'];
  stop(): Promise<void>;
}

export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

type Resolver = GraphQLFieldResolver<unknown, OperationContext>;

/** `Type.field` → its resolver; of a subscription field, what gives its events. */
export type Resolvers = Readonly<Record<string, Resolver>>;

export interface TestServerOptions {
  /** `Type.field` → what the schema declares about the field. */
  readonly declared?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly schema?: string;
  readonly resolvers?: Resolvers;
  readonly settings?: Partial<Omit<ServerSettings, 'limits'>>;
  readonly limits?: Partial<ServerSettings['limits']>;
  readonly now?: () => number;
  readonly meter?: ServerDeps['meter'];
  readonly authenticator?: ServerDeps['authenticator'];
  readonly jwt?: readonly { readonly issuer: string; readonly jwksUrl: string; readonly audience: string }[];
}

/** How long to wait for what happens at once on a machine that is not busy. */
export const PATIENCE = { timeout: 10_000 };

const KEY = 'server-test-key-0123456789';

const limits = {
  depth: 15,
  cost: 5000,
  aliases: 30,
  pageSize: 200,
  tokens: 2000,
  operationDeadlineMs: 10_000,
  subscriptionsPerSocket: 100,
};

const settings = {
  host: '127.0.0.1',
  port: 0,
  reusePort: false,
  graphqlPath: '/graphql',
  maxBodyBytes: 100_000,
  corsOrigins: [],
  tls: undefined,
  drainMs: 5_000,
  ...doorSettings,
  webSocketInitMs: 3_000,
  webSocketPingMs: 12_000,
  introspection: true,
  graphiql: false,
  logOperations: false,
};

function fieldAt(schema: GraphQLSchema, place: string) {
  const [typeName = '', fieldName = ''] = place.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`the schema has no field ${place}`);
  return field;
}

function createSchema({
  schema: text = 'type Query { ok: Boolean }',
  resolvers = {},
  declared = {},
}: TestServerOptions) {
  const schema = buildSchema(text);
  for (const [place, extensions] of Object.entries(declared)) fieldAt(schema, place).extensions = extensions;
  for (const [place, resolver] of Object.entries(resolvers)) {
    const field = fieldAt(schema, place);
    if (!place.startsWith('Subscription.')) field.resolve = resolver as GraphQLFieldResolver<unknown, unknown>;
    else {
      field.subscribe = resolver as GraphQLFieldResolver<unknown, unknown>;
      field.resolve = (event) => event;
    }
  }
  return schema;
}

function viewersOf(jwt: TestServerOptions['jwt']) {
  return viewersConfig.parse({
    apiKeys: [{ name: 'tester', key: createSecret(KEY), scopes: ['*'] }],
    jwt: jwt?.map(({ issuer, jwksUrl, audience }) => ({ issuer, jwksUrl, audience })),
  });
}

const noSources = {
  faspex: createRegistry('faspex', []),
  node: createRegistry('node', []),
  faircom: createRegistry('faircom', []),
  transferd: createRegistry('transferd', []),
};

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const log: Readonly<Record<string, unknown>>[] = [];
  const logger = createLogger('debug', { write: (line) => void log.push(JSON.parse(line)) });
  const schema = createSchema(options);
  const progress = { intervalMs: 50, idleIntervalMs: 50, maxAgeMs: 60_000, maxEntries: 100 };
  const server = createGatewayServer(
    { ...settings, ...options.settings, limits: { ...limits, ...options.limits } },
    {
      schema,
      logger,
      now: options.now,
      meter: options.meter,
      authenticator: options.authenticator ?? createAuthenticator(viewersOf(options.jwt)),
      context: {
        sources: noSources,
        logger,
        ownership: createOwnership('ownership-key-0123456789'),
        progress: createProgress({ settings: progress, logger }),
        keptSpecs: createKeptSpecs(),
        specMakers: createSpecMakers(),
        upstreamRequests: 60,
        deadlines: createDeadlines(),
      },
    },
  );
  const { url, webSocketUrl } = await server.listen();
  const post = (body: unknown, headers?: Readonly<Record<string, string>>) =>
    fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    url,
    webSocketUrl,
    origin: new URL(url).origin,
    key: KEY,
    log,
    post,
    ask: async (query, variables) => (await (await post({ query, variables })).json()) as Answer,
    counts: server.counts,
    stop: server.stop,
  };
}
