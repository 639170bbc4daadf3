import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  getArgumentValues,
  isNonNullType,
  Kind,
  type ValueNode,
} from 'graphql';
import type { Run } from './run.ts';
import type { Compilation } from './types.ts';

type Field = GraphQLField<unknown, unknown>;
export type Arguments = Readonly<Record<string, unknown>>;

/** Gives the arguments of a field in a run. @throws GraphQLError for what may not be left out, or be null */
type MakeArguments = (run: Run) => Arguments;

function holdsVariable(node: ValueNode): boolean {
  if (node.kind === Kind.LIST) return node.values.some(holdsVariable);
  if (node.kind === Kind.OBJECT) return node.fields.some(({ value }) => holdsVariable(value));
  return node.kind === Kind.VARIABLE;
}

const none: Arguments = Object.freeze({});

/** An argument whose value is that of a variable. */
interface Passed {
  readonly argument: GraphQLArgument;
  readonly variable: string;
}

/** Arguments that are variables; undefined where some hold variables within their values, or leave one out. */
function passedOn({ args }: Field, { arguments: nodes = [] }: FieldNode): readonly Passed[] | undefined {
  const passed = args.map((argument): Passed | undefined => {
    const value = nodes.find(({ name }) => name.value === argument.name)?.value;
    return value?.kind === Kind.VARIABLE ? { argument, variable: value.name.value } : undefined;
  });
  return passed.every((one) => one !== undefined) ? passed : undefined;
}

/** The values of variables have been checked for the types of arguments by validation; undefined where one is missing. */
function passOn(passed: readonly Passed[], variables: Run['variables']): Arguments | undefined {
  const values: Record<string, unknown> = {};
  for (const { argument, variable } of passed) {
    const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    if (value === undefined || (value === null && isNonNullType(argument.type))) return undefined;
    values[argument.name] = value;
  }
  return values;
}

/** Arguments that hold no variable are made once, the others once for each run. */
export function createArguments(compilation: Compilation, field: Field, node: FieldNode): MakeArguments {
  if (field.args.length === 0) return () => none;
  if (!node.arguments?.some(({ value }) => holdsVariable(value))) {
    let made: Arguments | undefined;
    return () => {
      made ??= getArgumentValues(field, node, {});
      return made;
    };
  }
  const passed = passedOn(field, node);
  const make: MakeArguments = ({ variables }) =>
    (passed && passOn(passed, variables)) ?? getArgumentValues(field, node, variables);
  const number = compilation.argumentCount;
  compilation.argumentCount += 1;
  return (run) => {
    const made = run.arguments[number] ?? make(run);
    run.arguments[number] = made;
    return made;
  };
}
