import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import type { Selecting } from './collect-fields.ts';
import type { Holder, Place, Run, Spot } from './run.ts';

/** What is compiled: an operation, with the values of the variables that decide what its answer holds. */
export interface Compilation extends Selecting {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  /** Compiles objects of a type at one place; given along because objects hold fields, and fields hold objects. */
  readonly objectMaker: (type: GraphQLObjectType, sets: readonly (SelectionSetNode | undefined)[]) => MakeObject;
  /** How many fields have arguments that depend on variables. */
  argumentCount: number;
}

/** Makes an object of the answer from a value of the domain. @throws the error that leaves nothing of it */
export type MakeObject = (run: Run, source: unknown, place: Place) => Holder;

/** A field of an object in the answer. */
export interface CompiledField extends Spot {
  /** Its name in the answer. */
  readonly key: string;
  /** Its name in the schema, and so that of the member that has its value where there is no resolver. */
  readonly name: string;
  readonly parentType: GraphQLObjectType;
  readonly nodes: readonly FieldNode[];
  /** Asks its resolver, or the value where it has none. */
  readonly ask: (run: Run, source: unknown, place: Place) => unknown;
  /** What stands in the code for it where it has no resolver and its value needs little work. */
  readonly inline: Inline | undefined;
}

/** How a value is known that may go into the answer as it is; `any` values are all to be looked at. */
export type Inline = 'string' | 'integer' | 'number' | 'boolean' | 'any' | { readonly constant: string };
