import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Scope } from '../identity/scopes.ts';

/** What an operation asks for, whoever sends it: found in one pass over a validated document. */
export interface Demand {
  /** What its fields and their types need, in the order of the alphabet. */
  readonly scopes: readonly Scope[];
  readonly depth: number;
  readonly aliases: number;
  /** What it costs with these variables, and the pages and lists of it that are larger than `pageSize`. */
  weigh(variables: Variables): { readonly cost: number; readonly errors: readonly GraphQLError[] };
}

type Variables = Readonly<Record<string, unknown>>;

/** What the schema declares about a field or type, in its extensions. */
interface Declared {
  readonly scopes?: readonly Scope[];
  readonly cost?: number;
}

/** What a cost is worked out with: what the caller gave, and the document's defaults for the rest. */
interface Weighing {
  readonly variables: Variables;
  readonly errors: GraphQLError[];
  /** Fragments are weighed once, however often they are spread. */
  readonly fragments: Map<string, number>;
}

/** A number where no variable has a say. */
type Cost = number | ((weighing: Weighing) => number);

/** What one selection set asks for. */
interface Part {
  readonly cost: Cost;
  readonly depth: number;
  readonly aliases: number;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly measured: Map<string, Part>;
  readonly scopes: Set<Scope>;
  readonly pageSize: number;
}

type Field = GraphQLField<unknown, unknown>;

const nothing: Part = { cost: 0, depth: 0, aliases: 0 };

const worth = (cost: Cost, weighing: Weighing) => (typeof cost === 'number' ? cost : cost(weighing));

/** Works with the costs once they are known, now where they are. */
function withCosts(costs: readonly Cost[], combine: (numbers: readonly number[]) => number): Cost {
  const known = costs.filter((cost) => typeof cost === 'number');
  if (known.length === costs.length) return combine(known);
  return (weighing) => combine(costs.map((cost) => worth(cost, weighing)));
}

const sum = (numbers: readonly number[]) => numbers.reduce((left, right) => left + right, 0);

const join = (parts: readonly Part[], aliases: number): Part => ({
  cost: withCosts(
    parts.map(({ cost }) => cost),
    sum,
  ),
  depth: Math.max(0, ...parts.map(({ depth }) => depth)),
  aliases: aliases + sum(parts.map((part) => part.aliases)),
});

const declared = (thing: { extensions: unknown } | undefined): Declared => (thing?.extensions ?? {}) as Declared;

/** Fields that every query may have, although no type names them (GraphQL §4.1). */
const metaFields: ReadonlyMap<string, Field> = new Map([
  ['__schema', SchemaMetaFieldDef],
  ['__type', TypeMetaFieldDef],
]);

function fieldOf(parent: GraphQLNamedType | undefined, name: string): Field | undefined {
  if (isObjectType(parent) || isInterfaceType(parent)) return metaFields.get(name) ?? parent.getFields()[name];
  return undefined;
}

function refuseCount(node: FieldNode, name: string, count: number, pageSize: number): GraphQLError {
  const where = `\`${name}\` of ${node.name.value}`;
  const message =
    name === 'first'
      ? `${where} must be between 0 and ${pageSize}, not ${count}.`
      : `${where} may have at most ${pageSize} entries, not ${count}.`;
  return new GraphQLError(message, { extensions: { code: 'BAD_INPUT' } });
}

const holdsVariable = (node: ValueNode): boolean =>
  node.kind === Kind.VARIABLE ||
  (node.kind === Kind.LIST && node.values.some(holdsVariable)) ||
  (node.kind === Kind.OBJECT && node.fields.some(({ value }) => holdsVariable(value)));

/** How many things a field gives at most: a page (`first`), as many as it was given `ids`, else one. */
function factorOf({ pageSize }: Walk, field: Field, node: FieldNode): Cost {
  const name = field.args.some((argument) => argument.name === 'first') ? 'first' : 'ids';
  const written = node.arguments?.find((argument) => argument.name.value === name)?.value;
  // What is written or bound, else the default of the schema.
  const otherwise = field.args.find((argument) => argument.name === name)?.defaultValue;
  const countWith = (variables: Variables): number | undefined => {
    const value = (written && valueFromASTUntyped(written, variables)) ?? otherwise;
    const count: unknown = Array.isArray(value) ? value.length : value;
    return typeof count === 'number' ? count : undefined;
  };
  const isAllowed = (count: number) => count >= 0 && count <= pageSize;
  const factor = (count: number) => Math.max(1, Math.min(count, pageSize));
  if (!written || !holdsVariable(written)) {
    const count = countWith({});
    if (count === undefined) return 1;
    if (isAllowed(count)) return factor(count);
  }
  return ({ variables, errors }) => {
    const count = countWith(variables);
    if (count === undefined) return 1;
    if (!isAllowed(count)) errors.push(refuseCount(node, name, count, pageSize));
    return factor(count);
  };
}

const add = (set: Set<Scope>, { scopes = [] }: Declared): void => {
  for (const scope of scopes) set.add(scope);
};

/** Levels that say nothing of their own: the way into the schema, and the wrappers around a type. */
const unleveled: ReadonlySet<string> = new Set(['__schema', '__type', '__typename', 'ofType']);

function ownCost({ cost }: Declared, type: GraphQLNamedType | undefined): number {
  if (cost !== undefined) return cost;
  return type && isCompositeType(type) && !isIntrospectionType(type) ? 1 : 0;
}

function measureField(walk: Walk, parent: GraphQLNamedType | undefined, node: FieldNode): Part {
  const name = node.name.value;
  const field = fieldOf(parent, name);
  const type = field ? getNamedType(field.type) : undefined;
  add(walk.scopes, declared(field));
  // The concrete type behind an abstract one is known only at run time; it is checked there.
  if (!isAbstractType(type)) add(walk.scopes, declared(type));
  const inner = node.selectionSet ? measureSet(walk, type, node.selectionSet) : nothing;
  const own = ownCost(declared(field), type);
  const factor = field ? factorOf(walk, field, node) : 1;
  return {
    cost: withCosts([inner.cost, factor], ([each = 0, times = 1]) => own + times * each),
    depth: inner.depth + (unleveled.has(name) ? 0 : 1),
    aliases: inner.aliases + (node.alias ? 1 : 0),
  };
}

/** Spread twice and more at every level, fragments would take a time that doubles with each: each is weighed once. */
function onceEach(name: string, cost: Cost): Cost {
  if (typeof cost === 'number') return cost;
  return (weighing) => {
    const known = weighing.fragments.get(name) ?? cost(weighing);
    weighing.fragments.set(name, known);
    return known;
  };
}

function measureFragment(walk: Walk, name: string): Part {
  const known = walk.measured.get(name);
  if (known) return known;
  // Validation has refused cycles; this stands in case it is called on an unvalidated document.
  walk.measured.set(name, nothing);
  const fragment = walk.fragments.get(name);
  if (!fragment) return nothing;
  const part = measureSet(walk, walk.schema.getType(fragment.typeCondition.name.value), fragment.selectionSet);
  const measured = { ...part, cost: onceEach(name, part.cost) };
  walk.measured.set(name, measured);
  return measured;
}

function measureSelection(walk: Walk, parent: GraphQLNamedType | undefined, node: SelectionNode): Part {
  if (node.kind === Kind.FIELD) return measureField(walk, parent, node);
  if (node.kind === Kind.FRAGMENT_SPREAD) return measureFragment(walk, node.name.value);
  const type = node.typeCondition ? walk.schema.getType(node.typeCondition.name.value) : parent;
  return measureSet(walk, type, node.selectionSet);
}

/** Fields that stand more than once in the same braces. Between fragments that is common, and costs nothing. */
function repetitions({ selections }: SelectionSetNode): number {
  const fields = selections.filter((node) => node.kind === Kind.FIELD);
  return fields.length - new Set(fields.map(({ name, alias }) => (alias ?? name).value)).size;
}

const measureSet = (walk: Walk, parent: GraphQLNamedType | undefined, set: SelectionSetNode): Part =>
  join(
    set.selections.map((node) => measureSelection(walk, parent, node)),
    repetitions(set),
  );

/** What variables are where the caller leaves them out. */
const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Variables =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
    ),
  );

/** An operation of a document that is valid under the schema. */
export interface AskedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** @param pageSize largest `first` of a connection, and most `ids` of a field */
export function demandOf({ schema, document, operation }: AskedOperation, pageSize: number): Demand {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const walk: Walk = {
    schema,
    pageSize,
    fragments: new Map(fragments.map((node) => [node.name.value, node])),
    measured: new Map(),
    scopes: new Set(),
  };
  const { cost, depth, aliases } = measureSet(
    walk,
    schema.getRootType(operation.operation) ?? undefined,
    operation.selectionSet,
  );
  const defaults = defaultsOf(operation);
  return {
    scopes: [...walk.scopes].sort(),
    depth,
    aliases,
    weigh: (given) => {
      if (typeof cost === 'number') return { cost, errors: [] };
      const weighing = { variables: { ...defaults, ...given }, errors: [], fragments: new Map() };
      return { cost: cost(weighing), errors: weighing.errors };
    },
  };
}
