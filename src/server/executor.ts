import { type ExecutionArgs, type ExecutionResult, execute as executeByGraphQL, type GraphQLSchema } from 'graphql';
import { type CompiledOperations, createCompiledOperations } from './compiled-operations.ts';
import type { Documents, KnownOperation } from './documents.ts';

/** Executes an operation, and a subscription for each of its events (`rootValue`), compiled where it comes again. */
export type Executor = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** An executor, and what it has compiled. */
export interface CompilingExecutor {
  readonly execute: Executor;
  readonly compiled: CompiledOperations;
}

/** @param isCompiling whether operations that come again and again are compiled */
export function createExecutor(schema: GraphQLSchema, documents: Documents, isCompiling: boolean): CompilingExecutor {
  const compiled = createCompiledOperations(schema);
  const known = ({ document, operationName }: ExecutionArgs): KnownOperation | undefined =>
    isCompiling ? documents.of(document)?.operation(operationName) : undefined;
  const execute: Executor = (args) => {
    const operation = known(args);
    const run = operation && compiled.sight(operation);
    const { rootValue, contextValue: context, variableValues: variables } = args;
    // Whatever compiled code does not run, wrong variables among it, is for graphql-js.
    return run?.({ rootValue, context, variables }) ?? executeByGraphQL(args);
  };
  return { execute, compiled };
}
