import fc from 'fast-check';
import { type ExecutionResult, execute, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema as original } from '../../../src/schema/index.ts';
import { compile } from '../../../src/server/compile/compile.ts';
import { type GeneratedOperation, generatedOperations } from '../../helpers/operations/generated-operations.ts';
import { type Answer, comparable } from '../equality/answers.ts';
import { createWildGraph } from './wild-values.ts';

const { schema, context } = createWildGraph(original);

const asAnswer = (result: ExecutionResult): Answer => JSON.parse(JSON.stringify(result));

async function bothWays({ query, variables, operationName }: GeneratedOperation, seed: number) {
  const document = parse(query);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error(`no operation in ${query}`);
  const contextValue = context(seed);
  const run = compile(schema, document, operation);
  return {
    interpreted: asAnswer(await execute({ schema, document, operationName, variableValues: variables, contextValue })),
    // Some of what is found out at the first time is kept for the second.
    compiled: [await run({ context: contextValue, variables }), await run({ context: contextValue, variables })],
  };
}

/** How often something has happened, so that a comparison of nothing is noticed. */
const counts = { data: 0, errors: 0, nulls: 0, leftToGraphql: 0 };

function count({ data, errors = [] }: Answer): void {
  if (data === null) counts.nulls += 1;
  else counts.data += 1;
  counts.errors += errors.length;
}

describe('compiled code', () => {
  it.each(['query', 'mutation'] as const)(
    'answers as graphql-js does, whatever resolvers do: %s',
    async (kind) => {
      const operations = generatedOperations({ schema, pool: {}, kinds: [kind], wrongVariables: 1 });
      await fc.assert(
        fc.asyncProperty(operations, fc.nat(), async (operation, seed) => {
          const { interpreted, compiled } = await bothWays(operation, seed);
          count(interpreted);
          for (const result of compiled) {
            // Nothing was executed: the server asks graphql-js.
            if (result === undefined) counts.leftToGraphql += 1;
            else expect(comparable(asAnswer(result))).toEqual(comparable(interpreted));
          }
        }),
        { numRuns: 2_000 },
      );
    },
    120_000,
  );

  it('has been compared where there was something to compare', () => {
    expect(counts.data).toBeGreaterThan(1_000);
    expect(counts.errors).toBeGreaterThan(1_000);
    expect(counts.nulls).toBeGreaterThan(100);
    expect(counts.leftToGraphql).toBeLessThan(400);
  });
});
