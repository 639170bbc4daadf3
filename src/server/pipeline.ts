import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { type CORSOptions, createYoga, processRegularResult, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type ContextDeps, createContext } from '../context/create-context.ts';
import type { TokenReader } from '../context/upstream-tokens.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { JsonType } from './accepted-type.ts';
import type { DoorContext } from './door-context.ts';
import type { Stalls } from './fan-out/stalls.ts';
import { maskRequestError } from './mask-error.ts';
import type { OperationLimits, Operations } from './operation.ts';
import type { OperationObserver } from './operation-log.ts';
import { useOperations } from './operations-plugin.ts';
import type { Origins } from './origins.ts';
import { useAuthentication, usePagePolicy, useRequestRules } from './request-plugin.ts';

export interface PipelineSettings {
  readonly graphqlPath: string;
  readonly maxBodyBytes: number;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  readonly limits: OperationLimits;
}

export interface PipelineDeps {
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  readonly authenticator: Authenticator;
  /** Takes what callers send along for the sources; undefined where no source wants it. */
  readonly tokenReader?: TokenReader | undefined;
  readonly context: ContextDeps;
  readonly origins: Origins;
  readonly logger: Logger;
  /** Cuts off clients that do not read what they have subscribed to. */
  readonly stalls: Stalls;
  readonly observer: OperationObserver;
}

/** The door for everything that comes over HTTP: GET and POST, JSON and event streams, and GraphiQL. */
export type Pipeline = YogaServerInstance<DoorContext, object>;

const PREFLIGHT_SECONDS = 600;

function corsFor(origins: Origins) {
  if (!origins.any) return false;
  return (request: Request): CORSOptions => {
    const origin = request.headers.get('origin');
    if (origin === null || !origins.allows(origin)) return false;
    // `*` makes yoga repeat the origin that was just checked, and say that the answer depends on it.
    return { origin: '*', methods: ['GET', 'POST'], credentials: false, maxAge: PREFLIGHT_SECONDS };
  };
}

/** What yoga says about itself. Errors have been reported with their cause by then. */
function yogaLogger(logger: Logger) {
  return {
    debug: () => undefined,
    info: (message: unknown) => logger.info(String(message)),
    warn: (message: unknown) => logger.warn(String(message)),
    error: () => undefined,
  };
}

export function createPipeline(settings: PipelineSettings, deps: PipelineDeps): Pipeline {
  const { schema, operations, observer, authenticator, tokenReader, context, origins, logger, stalls } = deps;
  return createYoga<DoorContext>({
    schema,
    graphqlEndpoint: settings.graphqlPath,
    landingPage: false,
    graphiql: settings.graphiql,
    // Stock GraphiQL loads itself from another host; this one brings everything along, and is read when first asked for.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    batching: false,
    multipart: false,
    maxRequestBodySize: settings.maxBodyBytes,
    // Documents are kept by the operations themselves.
    parserAndValidationCache: false,
    cors: corsFor(origins),
    logging: yogaLogger(logger),
    maskedErrors: { maskError: (error) => maskRequestError(error, logger) },
    context: (initial) => {
      const { viewer, upstreamTokens, signal } = initial as DoorContext;
      if (!viewer) throw new Error('an operation reached the pipeline without a viewer');
      // As one member: yoga copies members, and some are made when they are asked for.
      return {
        operation: createContext(context, { viewer, upstreamTokens, signal: signal ?? initial.request.signal }),
      };
    },
    plugins: [
      useAuthentication(authenticator, tokenReader),
      useRequestRules(),
      useOperations(operations, observer, stalls),
      ...(settings.graphiql ? [usePagePolicy()] : []),
    ],
  });
}

/** A result as an answer, with the status that its errors ask for. */
export const toResponse = (pipeline: Pipeline, result: ExecutionResult, type: JsonType): Response =>
  processRegularResult(result, pipeline.fetchAPI, type);
