import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  subscribe,
} from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { OperationContext } from '../context/context.ts';
import { admit, type Limits } from './admit.ts';
import { type CompiledOperations, createCompiledOperations } from './compiled-operations.ts';
import { createDocuments, type Documents, type KnownOperation } from './documents.ts';
import type { FanOut } from './fan-out/fan-out.ts';
import type { SharedEvents } from './fan-out/outlet.ts';
import { mapEvents } from './map-events.ts';
import { maskOperationError } from './mask-error.ts';

export interface OperationLimits extends Limits {
  /** Most tokens that a document may have. */
  readonly tokens: number;
  /** Milliseconds after which a query, a mutation, or one event of a subscription is given up. */
  readonly operationDeadlineMs: number;
}

/** What an operation is run with. */
export interface Given {
  readonly context: OperationContext;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

/** What a shared subscription answers: events that have not begun. */
export interface SharedResult extends ExecutionResult {
  readonly shared: SharedEvents;
}

export const isShared = (result: object): result is SharedResult => 'shared' in result;

/** The one way that operations take, whichever door they come through. */
export interface Operations {
  readonly documents: Documents;
  /** Why an operation must not run: limits and scopes. */
  refusals(operation: KnownOperation, given: Given): readonly GraphQLError[];
  /** Answers a query or mutation that is not refused, with what may be told of its errors. */
  execute(operation: KnownOperation, given: Given): Promise<ExecutionResult>;
  /** Answers a query or mutation, or says why it is refused. */
  run(operation: KnownOperation, given: Given): Promise<ExecutionResult>;
  /** Begins a subscription: its events, or why there are none. */
  subscribe(operation: KnownOperation, given: Given): Promise<SubscriptionResult>;
}

export type SubscriptionResult = ExecutionResult | SharedResult | AsyncIterable<ExecutionResult>;

export interface OperationsDeps {
  readonly schema: GraphQLSchema;
  readonly fanOut: FanOut;
  readonly limits: OperationLimits;
  readonly introspection: boolean;
  /** Whether operations that come again and again are compiled. */
  readonly compile: boolean;
}

interface Parts extends OperationsDeps {
  readonly documents: Documents;
  readonly compiled: CompiledOperations | undefined;
}

/** Validation can be told not to suggest names; the coercion of variables cannot (graphql 16). */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .+\?$/s, '');
  if (!error.message.startsWith('Variable "$') || message === error.message) return error;
  const { nodes, extensions } = error;
  return new GraphQLError(message, { ...(nodes ? { nodes } : {}), extensions });
}

/** Masks errors while it is still known which operation they belong to. */
function mask({ introspection }: Parts, result: ExecutionResult, context: OperationContext): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map((error) => maskOperationError(error, context));
  return { ...result, errors: introspection ? errors : errors.map(withoutSuggestion) };
}

/** Execution did not begin: the request is at fault, and its status says so (GraphQL over HTTP §6.4.2). */
const asBadRequest = (error: GraphQLError) =>
  new GraphQLError(error.message, {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    ...(error.originalError ? { originalError: error.originalError } : {}),
    extensions: { ...error.extensions, http: { status: 400 } },
  });

function notBegun(result: ExecutionResult): ExecutionResult {
  if (result.data !== undefined || !result.errors) return result;
  return { errors: result.errors.map(asBadRequest) };
}

const refusals = ({ limits }: Parts, { demand }: KnownOperation, { context, variables }: Given) =>
  admit(demand, limits, { variables: variables ?? {}, scopes: context.viewer.scopes });

const argsFor = ({ schema }: Parts, { document, operationName }: KnownOperation, { context, variables }: Given) =>
  ({ schema, document, operationName, variableValues: variables, contextValue: context }) satisfies ExecutionArgs;

/** Whatever compiled code does not run, wrong variables among it, is for graphql-js. */
function carryOut(parts: Parts, operation: KnownOperation, given: Given): ExecutionResult | Promise<ExecutionResult> {
  return parts.compiled?.sight(operation)?.(given) ?? execute(argsFor(parts, operation, given));
}

async function executeAdmitted(parts: Parts, operation: KnownOperation, given: Given): Promise<ExecutionResult> {
  const { context } = given;
  const isMutation = operation.operation.operation === 'mutation';
  // A read that failed in one part may have others under way; whatever changes something is left to finish.
  const finish = context.limitTime(parts.limits.operationDeadlineMs, isMutation ? 'finish' : 'abort');
  if (isMutation) parts.fanOut.noteWrite();
  try {
    return mask(parts, notBegun(await carryOut(parts, operation, given)), context);
  } finally {
    finish();
    if (isMutation) parts.fanOut.noteWrite();
  }
}

async function begin(parts: Parts, operation: KnownOperation, given: Given): Promise<SubscriptionResult> {
  const errors = refusals(parts, operation, given);
  if (errors.length > 0) return { errors };
  const { context } = given;
  context.limitEvents(parts.limits.operationDeadlineMs);
  const args = argsFor(parts, operation, given);
  const shared = parts.fanOut.subscribe(args, context);
  if (shared) return { shared };
  const events = await subscribe(args);
  if (!isAsyncIterable(events)) return mask(parts, notBegun(events), context);
  return mapEvents(events, {
    tell: (result) => {
      context.endEvent();
      return mask(parts, result, context);
    },
    fail: (error) => maskOperationError(error, context),
  });
}

export function createOperations(deps: OperationsDeps): Operations {
  const { schema, introspection, limits } = deps;
  const parts: Parts = {
    ...deps,
    documents: createDocuments(schema, introspection, limits),
    compiled: deps.compile ? createCompiledOperations(schema) : undefined,
  };
  return {
    documents: parts.documents,
    refusals: (operation, given) => refusals(parts, operation, given),
    execute: (operation, given) => executeAdmitted(parts, operation, given),
    run: async (operation, given) => {
      const errors = refusals(parts, operation, given);
      return errors.length > 0 ? { errors } : executeAdmitted(parts, operation, given);
    },
    subscribe: (operation, given) => begin(parts, operation, given),
  };
}
