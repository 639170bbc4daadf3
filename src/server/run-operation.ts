import type { ExecutionResult } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import type { Caller } from '../context/actor.ts';
import { type Arrival, type ContextDeps, createContext } from '../context/create-context.ts';
import { isAsyncIterable } from './is-async-iterable.ts';
import { maskRequestError } from './mask-error.ts';
import { isShared, type Operations } from './operation.ts';
import type { Observation, OperationObserver } from './operation-log.ts';
import { unresolvedOperation } from './unresolved-operation.ts';

/** The answer of a query or mutation, or the events of a subscription. */
export type OperationResult = ExecutionResult | AsyncIterable<ExecutionResult>;

export type RunOperation = (params: SubscribePayload, caller: Caller, signal: AbortSignal) => Promise<OperationResult>;

export interface RunOperationDeps {
  readonly operations: Operations;
  readonly observer: OperationObserver;
  readonly context: ContextDeps;
  readonly logger: Logger;
}

/** Runs operations that came over a WebSocket. It never throws. */
export function createRunOperation({ operations, observer, context: deps, logger }: RunOperationDeps): RunOperation {
  const run = async (
    { query, operationName, variables }: SubscribePayload,
    arrival: Caller & Pick<Arrival, 'signal'>,
    observation: Observation,
  ): Promise<OperationResult> => {
    const known = operations.documents.read(query);
    if (known.errors.length > 0) return { errors: known.errors };
    const operation = known.operation(operationName);
    if (!operation) return { errors: [unresolvedOperation()] };
    const given = { context: createContext(deps, arrival), variables, observation };
    return operation.operation.operation === 'subscription'
      ? operations.subscribe(operation, given)
      : operations.run(operation, given);
  };
  const mask = (error: unknown): OperationResult => ({ errors: [maskRequestError(error, logger)] });
  return async (params, caller, signal) => {
    const observation = observer.begin('websocket', caller.viewer);
    const result = await run(params, { ...caller, signal }, observation).catch(mask);
    if (!isAsyncIterable(result) && !isShared(result)) observer.answer(observation, result);
    return result;
  };
}
