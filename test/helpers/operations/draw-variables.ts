import {
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';
import type { Choices } from './choices.ts';
import { type Pool, withoutNull } from './pool.ts';
import { drawValue } from './values.ts';

export interface VariableSource {
  readonly schema: GraphQLSchema;
  readonly choices: Choices;
  readonly pool: Pool;
}

/** What somebody might give as the variables of an operation: what it demands, and some of the rest. */
export function drawVariables(
  { schema, choices, pool }: VariableSource,
  { variableDefinitions = [] }: OperationDefinitionNode,
): Readonly<Record<string, unknown>> {
  const given = variableDefinitions.flatMap((definition) => {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) throw new Error(`a variable of no type: ${name}`);
    if (!isNonNullType(type) && choices.chance(40)) return [];
    const value = drawValue({ choices, pool }, withoutNull({ type, owner: '$', name }));
    return [[name, valueFromASTUntyped(value)] as const];
  });
  return Object.fromEntries(given);
}
