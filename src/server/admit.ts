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
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export interface Limits {
  readonly depth: number;
  readonly cost: number;
  readonly aliases: number;
  /** Largest `first` of a connection. */
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
  /** Set on connections: what a selection costs is multiplied by the page size. */
  readonly paged?: boolean;
}

/** What one selection set weighs. Fragments are measured once, however often they are spread. */
interface Weight {
  readonly cost: number;
  readonly depth: number;
  readonly aliases: number;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly measured: Map<string, Weight>;
  readonly scopes: Set<string>;
  readonly limits: Limits;
  readonly errors: GraphQLError[];
}

const DEFAULT_PAGE = 20;
const nothing: Weight = { cost: 0, depth: 0, aliases: 0 };

const refuse = (code: string, message: string) => new GraphQLError(message, { extensions: { code } });

const declared = (thing: { extensions: unknown } | undefined): Declared => (thing?.extensions ?? {}) as Declared;

const join = (left: Weight, right: Weight): Weight => ({
  cost: left.cost + right.cost,
  depth: Math.max(left.depth, right.depth),
  aliases: left.aliases + right.aliases,
});

function fieldOf(parent: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  if (!parent || !(isObjectType(parent) || isInterfaceType(parent))) return undefined;
  return parent.getFields()[name];
}

/** The page size that a field asks for; a variable without a value means the default. */
function pageSize(walk: Walk, node: FieldNode): number {
  const value = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (value?.kind === Kind.INT) return Number(value.value);
  const bound = value?.kind === Kind.VARIABLE ? walk.variables[value.name.value] : undefined;
  return typeof bound === 'number' ? bound : DEFAULT_PAGE;
}

function pageFactor(walk: Walk, node: FieldNode): number {
  const size = pageSize(walk, node);
  const { pageSize: most } = walk.limits;
  if (size < 0 || size > most) {
    walk.errors.push(
      refuse('BAD_INPUT', `\`first\` of ${node.name.value} must be between 0 and ${most}, not ${size}.`),
    );
  }
  return Math.max(1, Math.min(size, most));
}

function demand(walk: Walk, { scopes = [] }: Declared): void {
  for (const scope of scopes) walk.scopes.add(scope);
}

function measureField(walk: Walk, parent: GraphQLNamedType | undefined, node: FieldNode): Weight {
  const aliases = node.alias ? 1 : 0;
  if (node.name.value.startsWith('__')) {
    const inner = node.selectionSet ? measureIntrospection(walk, node.selectionSet) : 0;
    return { cost: 0, depth: inner, aliases };
  }
  const field = fieldOf(parent, node.name.value);
  const type = field ? getNamedType(field.type) : undefined;
  const own = declared(field);
  demand(walk, own);
  // The concrete type behind an abstract one is known only at run time; it is checked there.
  if (type && !isAbstractType(type)) demand(walk, declared(type));
  const inner = node.selectionSet ? measureSet(walk, type, node.selectionSet) : nothing;
  const factor = own.paged ? pageFactor(walk, node) : 1;
  const base = own.cost ?? (type && isCompositeType(type) ? 1 : 0);
  return { cost: base + factor * inner.cost, depth: inner.depth + 1, aliases: aliases + inner.aliases };
}

/** Introspection is free, but its nesting counts: `fields { type { fields …` can be written without end. */
function measureIntrospection(walk: Walk, set: SelectionSetNode): number {
  let depth = 0;
  for (const node of set.selections) {
    if (node.kind !== Kind.FIELD || !node.selectionSet) continue;
    const inner = measureIntrospection(walk, node.selectionSet);
    depth = Math.max(depth, inner + (node.name.value === 'ofType' ? 0 : 1));
  }
  return depth;
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

const measureSet = (walk: Walk, parent: GraphQLNamedType | undefined, set: SelectionSetNode): Weight =>
  set.selections.map((node) => measureSelection(walk, parent, node)).reduce(join, nothing);

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
        `This operation has ${weight.aliases} aliases; at most ${limits.aliases} are allowed.`,
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
    variables,
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
