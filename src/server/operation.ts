import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { OperationContext } from '../context/context.ts';
import { admit, type Limits } from './admit.ts';
import type { Documents, KnownOperation } from './documents.ts';
import type { Executor } from './executor.ts';
import type { FanOut } from './fan-out/fan-out.ts';
import type { SharedEvents } from './fan-out/outlet.ts';
import { isAsyncIterable } from './is-async-iterable.ts';
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
  readonly documents: Documents;
  readonly execute: Executor;
  readonly fanOut: FanOut;
  readonly limits: OperationLimits;
  readonly introspection: boolean;
}

/** Validation can be told not to suggest names; the coercion of variables cannot (graphql 16). */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .+\?$/s, '');
  if (!error.message.startsWith('Variable "$') || message === error.message) return error;
  const { nodes, extensions } = error;
  return new GraphQLError(message, { ...(nodes ? { nodes } : {}), extensions });
}

/** Masks errors while it is still known which operation they belong to. */
function mask({ introspection }: OperationsDeps, result: ExecutionResult, context: OperationContext): ExecutionResult {
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

const refusals = ({ limits }: OperationsDeps, { demand }: KnownOperation, { context, variables }: Given) =>
  admit(demand, limits, { variables: variables ?? {}, scopes: context.viewer.scopes });

const argsFor = (
  { schema }: OperationsDeps,
  { document, operationName }: KnownOperation,
  { context, variables }: Given,
) => ({ schema, document, operationName, variableValues: variables, contextValue: context }) satisfies ExecutionArgs;

async function executeAdmitted(
  deps: OperationsDeps,
  operation: KnownOperation,
  given: Given,
): Promise<ExecutionResult> {
  const { context } = given;
  const isMutation = operation.operation.operation === 'mutation';
  // A read that failed in one part may have others under way; whatever changes something is left to finish.
  const finish = context.limitTime(deps.limits.operationDeadlineMs, isMutation ? 'finish' : 'abort');
  if (isMutation) deps.fanOut.noteWrite();
  try {
    return mask(deps, notBegun(await deps.execute(argsFor(deps, operation, given))), context);
  } finally {
    finish();
    if (isMutation) deps.fanOut.noteWrite();
  }
}

async function begin(deps: OperationsDeps, operation: KnownOperation, given: Given): Promise<SubscriptionResult> {
  const errors = refusals(deps, operation, given);
  if (errors.length > 0) return { errors };
  const { context } = given;
  context.limitEvents(deps.limits.operationDeadlineMs);
  const args = argsFor(deps, operation, given);
  const shared = deps.fanOut.subscribe(args, context);
  if (shared) return { shared };
  const events = await createSourceEventStream(args);
  if (!isAsyncIterable(events)) return mask(deps, notBegun(events as ExecutionResult), context);
  return mapEvents(events, {
    tell: async (event) => {
      const result = await deps.execute({ ...args, rootValue: event });
      context.endEvent();
      return mask(deps, result, context);
    },
    fail: (error) => maskOperationError(error, context),
  });
}

export function createOperations(deps: OperationsDeps): Operations {
  return {
    documents: deps.documents,
    refusals: (operation, given) => refusals(deps, operation, given),
    execute: (operation, given) => executeAdmitted(deps, operation, given),
    run: async (operation, given) => {
      const errors = refusals(deps, operation, given);
      return errors.length > 0 ? { errors } : executeAdmitted(deps, operation, given);
    },
    subscribe: (operation, given) => begin(deps, operation, given),
  };
}
