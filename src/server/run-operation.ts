import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Caller } from '../context/actor.ts';
import { maskRequestError } from './mask-error.ts';
import type { Pipeline, PipelineDeps } from './pipeline.ts';

/** The answer of a query or mutation, or the events of a subscription. */
export type OperationResult = ExecutionResult | AsyncIterable<ExecutionResult>;

export type RunOperation = (params: SubscribePayload, caller: Caller, signal: AbortSignal) => Promise<OperationResult>;

const unresolved = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });

/** Runs operations that did not come as an HTTP request through the pipeline. It never throws. */
export function createRunOperation(pipeline: Pipeline, logger: PipelineDeps['logger']): RunOperation {
  const run: RunOperation = async (params, { viewer, upstreamTokens }, signal) => {
    const { schema, parse, validate, contextFactory, execute, subscribe } = pipeline.getEnveloped({
      viewer,
      upstreamTokens,
      signal,
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
  return async (params, caller, signal) => {
    try {
      return await run(params, caller, signal);
    } catch (error) {
      return { errors: [maskRequestError(error, logger)] };
    }
  };
}
