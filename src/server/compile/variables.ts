import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLSchema,
  GraphQLString,
  getNullableType,
  getVariableValues,
  isInputType,
  isNullableType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { Run } from './run.ts';

type Given = Readonly<Record<string, unknown>>;

/** Gives the variables of an operation the types that it declares; undefined when one of them is wrong. */
export type Coerce = (given: Given) => Run['variables'] | undefined;

/** Mistakes in variables that one answer names, as graphql-js has it. */
const MAX_ERRORS = 50;

const isText = (value: unknown) => typeof value === 'string';

/** Values that these types take as they are. Of everything else graphql-js makes what it is. */
const plain: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<unknown, (value: unknown) => boolean>([
  [GraphQLString, isText],
  [GraphQLID, isText],
  [GraphQLInt, (value) => typeof value === 'number' && (value | 0) === value],
  [GraphQLFloat, Number.isFinite],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
]);

interface PlainVariable {
  readonly name: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  readonly isPlain: (value: unknown) => boolean;
}

function toPlain(schema: GraphQLSchema, definition: VariableDefinitionNode): PlainVariable | undefined {
  const type = typeFromAST(schema, definition.type);
  const isPlain = isInputType(type) ? plain.get(getNullableType(type)) : undefined;
  if (!isPlain) return undefined;
  const name = definition.variable.name.value;
  return { name, isPlain, isNullable: isNullableType(type), hasDefault: definition.defaultValue !== undefined };
}

/** Whether the variable needs nothing done to it; it is written to `coerced` where it is there. */
function take(
  { name, isNullable, hasDefault, isPlain }: PlainVariable,
  given: Given,
  coerced: Record<string, unknown>,
) {
  if (!Object.hasOwn(given, name)) return isNullable && !hasDefault;
  const value = given[name];
  if (!(isPlain(value) || (value === null && isNullable))) return false;
  coerced[name] = value;
  return true;
}

/** Most variables are texts, numbers and flags that are what they have to be. */
export function createCoercion(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]): Coerce {
  const whole: Coerce = (given) => getVariableValues(schema, definitions, given, { maxErrors: MAX_ERRORS }).coerced;
  const variables = definitions.map((definition) => toPlain(schema, definition));
  if (!variables.every((variable) => variable !== undefined)) return whole;
  return (given) => {
    const coerced: Record<string, unknown> = {};
    return variables.every((variable) => take(variable, given, coerced)) ? coerced : whole(given);
  };
}
