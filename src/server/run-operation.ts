import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { isAsyncIterable } from 'graphql-yoga';
import type { Viewer } from '../identity/viewer.ts';
import type { DoorContext } from './door-context.ts';
import { isShared } from './fan-out/fan-out-plugin.ts';
import { maskRequestError } from './mask-error.ts';
import type { OperationObserver } from './operation-log.ts';
import type { Pipeline, PipelineDeps } from './pipeline.ts';

/** The answer of a query or mutation, or the events of a subscription. */
export type OperationResult = ExecutionResult | AsyncIterable<ExecutionResult>;

export type RunOperation = (params: SubscribePayload, viewer: Viewer, signal: AbortSignal) => Promise<OperationResult>;

const unresolved = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });

/** Runs operations that came over a WebSocket through the pipeline. It never throws. */
export function createRunOperation(
  pipeline: Pipeline,
  observer: OperationObserver,
  logger: PipelineDeps['logger'],
): RunOperation {
  const run = async (params: SubscribePayload, door: DoorContext): Promise<OperationResult> => {
    const { schema, parse, validate, contextFactory, execute, subscribe } = pipeline.getEnveloped({
      ...door,
      params,
    } as never);
    const document = parse(params.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    const operation = getOperationAST(document, params.operationName);
    if (!operation) return { errors: [unresolved()] };
    const args = {
      schema,
      document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: await contextFactory(),
    };
    return operation.operation === 'subscription' ? subscribe(args) : execute(args);
  };
  const mask = (error: unknown): OperationResult => ({ errors: [maskRequestError(error, logger)] });
  return async (params, viewer, signal) => {
    const observation = observer.begin('websocket', viewer);
    const result = await run(params, { viewer, signal, observation }).catch(mask);
    if (!isAsyncIterable(result) && !isShared(result)) observer.answer(observation, result);
    return result;
  };
}
