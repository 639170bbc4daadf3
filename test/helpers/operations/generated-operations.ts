import type fc from 'fast-check';
import {
  type DefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  print,
  type SelectionSetNode,
} from 'graphql';
import { type Choices, choiceBytes, readChoices } from './choices.ts';
import type { Pool } from './pool.ts';
import { createSelections, type Selections } from './selections.ts';
import { createVariables } from './variables.ts';

/** An operation as a client sends it. */
export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

export interface OperationSettings {
  readonly schema: GraphQLSchema;
  readonly pool: Pool;
  /** Which kinds of operations; queries alone when left out. */
  readonly kinds?: readonly ('query' | 'mutation' | 'subscription')[];
  /** The only fields that are asked for at the root of a query; any when left out. */
  readonly roots?: readonly string[];
  /** Levels of fields, 7 when left out. */
  readonly depth?: number;
  /** Fields in all, more or less; 40 when left out. */
  readonly fields?: number;
  /** How many of a hundred operations get a variable of a wrong type; 4 when left out. */
  readonly wrongVariables?: number;
}

/** Decisions that an operation takes at most; it is as simple as can be from there on. */
const MAX_CHOICES = 700;

function rootOf(schema: GraphQLSchema, kind: string): GraphQLObjectType {
  const type = schema.getRootType(kind as OperationTypeNode);
  if (!type) throw new Error(`the schema has no ${kind}`);
  return type;
}

/** A subscription has one field at its root (GraphQL §5.2.3.1). */
function rootSet(selections: Selections, root: GraphQLObjectType, kind: string, depth: number): SelectionSetNode {
  if (kind !== 'subscription') return selections.of(root, depth);
  return { kind: Kind.SELECTION_SET, selections: [selections.rootField(root, depth)] };
}

/** Another operation in the same document, of which nothing shall be noticed. */
const bystander: DefinitionNode = {
  kind: Kind.OPERATION_DEFINITION,
  operation: OperationTypeNode.QUERY,
  name: { kind: Kind.NAME, value: 'Bystander' },
  selectionSet: {
    kind: Kind.SELECTION_SET,
    selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
  },
};

function generate(settings: OperationSettings, choices: Choices): GeneratedOperation {
  const { schema, pool, kinds = ['query'], depth = 7, fields = 40, wrongVariables = 4 } = settings;
  const kind = choices.pick(kinds);
  const variables = createVariables(choices, pool);
  const selections = createSelections({ schema, choices, pool, variables, fields, roots: settings.roots });
  const selectionSet = rootSet(selections, rootOf(schema, kind), kind, depth);
  const isOneOfTwo = choices.chance(4);
  const name = isOneOfTwo || choices.chance(30) ? ({ kind: Kind.NAME, value: 'Generated' } as const) : undefined;
  const operation: DefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: kind as OperationTypeNode,
    ...(name ? { name } : {}),
    variableDefinitions: variables.definitions,
    selectionSet,
  };
  if (choices.chance(wrongVariables)) variables.spoil();
  const definitions = [operation, ...(isOneOfTwo ? [bystander] : []), ...selections.fragments];
  return {
    query: print({ kind: Kind.DOCUMENT, definitions }),
    variables: { ...variables.given },
    operationName: name && (isOneOfTwo || choices.chance(50)) ? name.value : undefined,
  };
}

/** Operations that are valid for a schema. Few decisions make a simple one, so that failures shrink to what matters. */
export const generatedOperations = (settings: OperationSettings): fc.Arbitrary<GeneratedOperation> =>
  choiceBytes(MAX_CHOICES).map((bytes) => generate(settings, readChoices(bytes)));
