import { type ExecutionResult, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import type { Caller } from '../context/actor.ts';
import { type ContextDeps, createContext } from '../context/create-context.ts';
import { maskRequestError } from './mask-error.ts';
import type { Operations } from './operation.ts';

/** The answer of a query or mutation, or the events of a subscription. */
export type OperationResult = ExecutionResult | AsyncIterable<ExecutionResult>;

export type RunOperation = (params: SubscribePayload, caller: Caller, signal: AbortSignal) => Promise<OperationResult>;

const unresolved = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });

export interface RunOperationDeps {
  readonly operations: Operations;
  readonly context: ContextDeps;
  readonly logger: Logger;
}

/** Runs operations that did not come as an HTTP request. It never throws. */
export function createRunOperation({ operations, context: deps, logger }: RunOperationDeps): RunOperation {
  const run: RunOperation = async ({ query, operationName, variables }, caller, signal) => {
    const known = operations.documents.read(query);
    if (known.errors.length > 0) return { errors: known.errors };
    const operation = known.operation(operationName);
    if (!operation) return { errors: [unresolved()] };
    const given = { context: createContext(deps, { ...caller, signal }), variables };
    return operation.operation.operation === 'subscription'
      ? operations.subscribe(operation, given)
      : operations.run(operation, given);
  };
  return async (params, caller, signal) => {
    try {
      return await run(params, caller, signal);
    } catch (error) {
      return { errors: [maskRequestError(error, logger)] };
    }
  };
}
