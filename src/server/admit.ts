import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
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
  valueFromASTUntyped,
} from 'graphql';

export interface Limits {
  readonly depth: number;
  readonly cost: number;
  /** Aliases, and fields that one selection repeats: both multiply an answer by very little text. */
  readonly aliases: number;
  /** Largest `first` of a connection, and most `ids` of a field. */
  readonly pageSize: number;
}

export interface Request {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the schema declares about a field or type, in its extensions. */
interface Declared {
  readonly scopes?: readonly string[];
  readonly cost?: number;
}

/** What one selection set weighs. Fragments are measured once, however often they are spread. */
interface Weight {
  readonly cost: number;
  readonly depth: number;
  readonly aliases: number;
}

interface Walk {
  readonly schema: GraphQLSchema;
  /** What the caller gave, and the document's defaults for the rest. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly measured: Map<string, Weight>;
  readonly scopes: Set<string>;
  readonly limits: Limits;
  readonly errors: GraphQLError[];
}

const nothing: Weight = { cost: 0, depth: 0, aliases: 0 };

const refuse = (code: string, message: string) => new GraphQLError(message, { extensions: { code } });

const declared = (thing: { extensions: unknown } | undefined): Declared => (thing?.extensions ?? {}) as Declared;

const join = (left: Weight, right: Weight): Weight => ({
  cost: left.cost + right.cost,
  depth: Math.max(left.depth, right.depth),
  aliases: left.aliases + right.aliases,
});

type Field = GraphQLField<unknown, unknown>;

/** Fields that every query may have, although no type names them (GraphQL §4.1). */
const metaFields: ReadonlyMap<string, Field> = new Map([
  ['__schema', SchemaMetaFieldDef],
  ['__type', TypeMetaFieldDef],
]);

function fieldOf(parent: GraphQLNamedType | undefined, name: string): Field | undefined {
  if (isObjectType(parent) || isInterfaceType(parent)) return metaFields.get(name) ?? parent.getFields()[name];
  return undefined;
}

/** What a field will get as its argument: what is written or bound, else the schema's default. */
function argumentOf(walk: Walk, field: Field, node: FieldNode, name: string): unknown {
  const written = node.arguments?.find((argument) => argument.name.value === name)?.value;
  const given = written && valueFromASTUntyped(written, walk.variables);
  return given ?? field.args.find((argument) => argument.name === name)?.defaultValue;
}

function refuseCount(walk: Walk, node: FieldNode, name: string, count: number): void {
  const { pageSize } = walk.limits;
  const where = `\`${name}\` of ${node.name.value}`;
  const message =
    name === 'first'
      ? `${where} must be between 0 and ${pageSize}, not ${count}.`
      : `${where} may have at most ${pageSize} entries, not ${count}.`;
  walk.errors.push(refuse('BAD_INPUT', message));
}

/** How many things a field gives at most: a page (`first`), as many as it was given `ids`, else one. */
function factorOf(walk: Walk, field: Field, node: FieldNode): number {
  const name = field.args.some((argument) => argument.name === 'first') ? 'first' : 'ids';
  const value = argumentOf(walk, field, node, name);
  const count = Array.isArray(value) ? value.length : value;
  if (typeof count !== 'number') return 1;
  const { pageSize } = walk.limits;
  if (count < 0 || count > pageSize) refuseCount(walk, node, name, count);
  return Math.max(1, Math.min(count, pageSize));
}

function demand(walk: Walk, { scopes = [] }: Declared): void {
  for (const scope of scopes) walk.scopes.add(scope);
}

/** Levels that say nothing of their own: the way into the schema, and the wrappers around a type. */
const unleveled: ReadonlySet<string> = new Set(['__schema', '__type', '__typename', 'ofType']);

function costOf(own: Declared, type: GraphQLNamedType | undefined): number {
  if (own.cost !== undefined) return own.cost;
  return type && isCompositeType(type) && !isIntrospectionType(type) ? 1 : 0;
}

function measureField(walk: Walk, parent: GraphQLNamedType | undefined, node: FieldNode): Weight {
  const name = node.name.value;
  const field = fieldOf(parent, name);
  const type = field ? getNamedType(field.type) : undefined;
  const own = declared(field);
  demand(walk, own);
  // The concrete type behind an abstract one is known only at run time; it is checked there.
  if (type && !isAbstractType(type)) demand(walk, declared(type));
  const inner = node.selectionSet ? measureSet(walk, type, node.selectionSet) : nothing;
  const factor = field ? factorOf(walk, field, node) : 1;
  return {
    cost: costOf(own, type) + factor * inner.cost,
    depth: inner.depth + (unleveled.has(name) ? 0 : 1),
    aliases: inner.aliases + (node.alias ? 1 : 0),
  };
}

function measureFragment(walk: Walk, name: string): Weight {
  const known = walk.measured.get(name);
  if (known) return known;
  // Validation has refused cycles; this stands in case it is called on an unvalidated document.
  walk.measured.set(name, nothing);
  const fragment = walk.fragments.get(name);
  if (!fragment) return nothing;
  const weight = measureSet(walk, walk.schema.getType(fragment.typeCondition.name.value), fragment.selectionSet);
  walk.measured.set(name, weight);
  return weight;
}

function measureSelection(walk: Walk, parent: GraphQLNamedType | undefined, node: SelectionNode): Weight {
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

const measureSet = (walk: Walk, parent: GraphQLNamedType | undefined, set: SelectionSetNode): Weight =>
  set.selections
    .map((node) => measureSelection(walk, parent, node))
    .reduce(join, { ...nothing, aliases: repetitions(set) });

function overLimit(weight: Weight, limits: Limits): GraphQLError[] {
  const errors: GraphQLError[] = [];
  if (weight.depth > limits.depth) {
    errors.push(
      refuse('QUERY_TOO_DEEP', `This operation is ${weight.depth} levels deep; at most ${limits.depth} are allowed.`),
    );
  }
  if (weight.aliases > limits.aliases) {
    errors.push(
      refuse(
        'TOO_MANY_ALIASES',
        `This operation has ${weight.aliases} aliases or repeated fields; at most ${limits.aliases} are allowed.`,
      ),
    );
  }
  if (weight.cost > limits.cost) {
    const advice = 'Ask for smaller pages or fewer nested lists.';
    errors.push(
      refuse(
        'QUERY_TOO_EXPENSIVE',
        `This operation may cost ${weight.cost}; at most ${limits.cost} is allowed. ${advice}`,
      ),
    );
  }
  return errors;
}

/** The variables as the operation will see them; where the caller gave none, the document may say a default. */
function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, given: Request['variables']) {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

/**
 * One pass over a validated document: what it may cost, how deep it is, and which scopes it needs. Gives the errors
 * for which it must not run; none means that it may.
 */
export function admit(request: Request, limits: Limits, scopes: ReadonlySet<string>): readonly GraphQLError[] {
  const { schema, document, variables } = request;
  const operation = getOperationAST(document, request.operationName);
  if (!operation) return [];
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const walk: Walk = {
    schema,
    variables: variablesOf(operation, variables),
    fragments,
    limits,
    measured: new Map(),
    scopes: new Set(),
    errors: [],
  };
  const weight = measureSet(walk, schema.getRootType(operation.operation) ?? undefined, operation.selectionSet);
  const missing = [...walk.scopes].filter((scope) => !scopes.has(scope)).sort();
  const forbidden = missing.map((scope) =>
    refuse('FORBIDDEN', `This operation needs the scope ${scope}, which you do not have.`),
  );
  return [...walk.errors, ...overLimit(weight, limits), ...forbidden];
}
