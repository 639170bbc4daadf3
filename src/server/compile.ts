import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';

/** What a compiled operation is run with. */
export interface CompiledRun {
  readonly rootValue?: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

/** Runs a query or mutation that was compiled. Undefined: a variable is wrong and nothing was executed. */
export type Compiled = (run: CompiledRun) => Promise<ExecutionResult> | ExecutionResult | undefined;

/** Where each line of a text begins. */
function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|[\n\r]/g)].map((match) => match.index + match[0].length)];
}

/** For this failure graphql-js has an error behind the error, as it has for one that a resolver throws. */
const isMissingValue = (message: string) => message.startsWith('Cannot return null for non-nullable field ');

function causeOf({ message, originalError }: GraphQLError): Error | undefined {
  if (originalError) return originalError;
  return isMissingValue(message) ? new Error(message) : undefined;
}

/** Errors as graphql-js makes them: compiled code knows lines and columns only, and gives no extensions. */
function createErrorReader({ loc }: DocumentNode) {
  let starts: readonly number[] | undefined;
  return (error: GraphQLError): GraphQLError => {
    const { message, locations = [], path } = error;
    starts ??= lineStarts(loc?.source.body ?? '');
    const positions = locations.map(({ line, column }) => (starts?.[line - 1] ?? 0) + column - 1);
    const originalError = causeOf(error);
    return new GraphQLError(message, {
      ...(loc ? { source: loc.source, positions } : {}),
      ...(path ? { path } : {}),
      ...(originalError ? { originalError } : {}),
    });
  };
}

/**
 * Makes a function of an operation that does what graphql-js does with it, several times as fast.
 * Undefined when it cannot be compiled.
 */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Compiled | undefined {
  const compiled = compileQuery(schema, document, operationName, { disablingCapturingStackErrors: true });
  if (!isCompiledQuery(compiled)) return undefined;
  const readError = createErrorReader(document);
  const finish = (result: ExecutionResult): ExecutionResult | undefined => {
    if (!result.errors) return result;
    if (result.data === undefined) return undefined;
    return { ...result, errors: result.errors.map(readError) };
  };
  return ({ rootValue, context, variables }) => {
    const result = compiled.query(rootValue, context, variables);
    return result instanceof Promise ? (result.then(finish) as Promise<ExecutionResult>) : finish(result);
  };
}
