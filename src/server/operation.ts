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
import { observeEvents } from './observe-events.ts';
import type { Observation, OperationObserver } from './operation-log.ts';

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
  /** As the log and the metrics see it. */
  readonly observation: Observation;
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
  /** Notes for log and metrics what an operation is that is answered without being carried out. */
  identify(operation: KnownOperation, given: Given): void;
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
  readonly observer: OperationObserver;
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

/** Notes what an operation is. Its door says how it was answered; the events of a subscription are followed here. */
function identify({ facts }: KnownOperation, { context, observation }: Given): void {
  observation.viewer = context.viewer;
  observation.requestId = context.requestId;
  observation.upstreamCalls = () => context.upstreamCalls();
  observation.facts = facts;
}

async function executeAdmitted(
  deps: OperationsDeps,
  operation: KnownOperation,
  given: Given,
): Promise<ExecutionResult> {
  const { context } = given;
  identify(operation, given);
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

/** Events that are served to one subscriber alone. */
function tellEvents(
  deps: OperationsDeps,
  events: AsyncIterable<unknown>,
  { args, observation }: { readonly args: ReturnType<typeof argsFor>; readonly observation: Observation },
): AsyncIterable<ExecutionResult> {
  const { observer } = deps;
  const { contextValue: context } = args;
  observer.open(observation);
  return mapEvents(events, {
    tell: async (event) => {
      const result = await deps.execute({ ...args, rootValue: event });
      context.endEvent();
      const told = mask(deps, result, context);
      observer.tell(observation);
      if (told.errors) observer.noteErrors(told.errors);
      return told;
    },
    fail: (error) => {
      const shown = maskOperationError(error, context);
      observer.end(observation, [shown]);
      return shown;
    },
    end: () => observer.end(observation),
  });
}

async function begin(deps: OperationsDeps, operation: KnownOperation, given: Given): Promise<SubscriptionResult> {
  identify(operation, given);
  const errors = refusals(deps, operation, given);
  if (errors.length > 0) return { errors };
  const { context, observation } = given;
  context.limitEvents(deps.limits.operationDeadlineMs);
  const args = argsFor(deps, operation, given);
  const shared = deps.fanOut.subscribe(args, context);
  if (shared) return { shared: observeEvents(deps.observer, observation, shared) };
  const events = await createSourceEventStream(args);
  if (!isAsyncIterable(events)) return mask(deps, notBegun(events as ExecutionResult), context);
  return tellEvents(deps, events, { args, observation });
}

export function createOperations(deps: OperationsDeps): Operations {
  return {
    documents: deps.documents,
    refusals: (operation, given) => refusals(deps, operation, given),
    identify,
    execute: (operation, given) => executeAdmitted(deps, operation, given),
    run: async (operation, given) => {
      identify(operation, given);
      const errors = refusals(deps, operation, given);
      return errors.length > 0 ? { errors } : executeAdmitted(deps, operation, given);
    },
    subscribe: (operation, given) => begin(deps, operation, given),
  };
}
