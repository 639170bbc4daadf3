import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import { createCompiledOperations } from './compiled-operations.ts';
import type { Documents, KnownOperation } from './documents.ts';

/** Executes an operation, and a subscription for each of its events (`rootValue`), compiled where it comes again. */
export type Executor = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** @param isCompiling whether operations that come again and again are compiled */
export function createExecutor(schema: GraphQLSchema, documents: Documents, isCompiling: boolean): Executor {
  const compiled = createCompiledOperations(schema);
  const known = ({ document, operationName }: ExecutionArgs): KnownOperation | undefined =>
    isCompiling ? documents.of(document)?.operation(operationName) : undefined;
  return (args) => {
    const operation = known(args);
    const run = operation && compiled.sight(operation);
    const { rootValue, contextValue: context, variableValues: variables } = args;
    // Whatever compiled code does not run, wrong variables among it, is for graphql-js.
    return run?.({ rootValue, context, variables }) ?? execute(args);
  };
}
