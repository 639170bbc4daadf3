import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** What an operation may be, as the operator has set it. */
export interface NaiveLimits {
  readonly depth: number;
  readonly cost: number;
  readonly aliases: number;
  readonly pageSize: number;
}

export interface NaiveRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Declared {
  readonly scopes?: readonly string[];
  readonly cost?: number;
}

/** Everything that counts, of every field that stands anywhere once fragments have been written out. */
interface Found {
  cost: number;
  depth: number;
  aliases: number;
  readonly scopes: Set<string>;
  readonly refusals: Set<string>;
}

type Field = GraphQLField<unknown, unknown>;

const declaredBy = ({ extensions }: { readonly extensions: unknown }) => extensions as Declared;

/** Writes every fragment out where it is spread, so that there is one place for each field that is asked for. */
function writeOut(operation: OperationDefinitionNode, document: DocumentNode): OperationDefinitionNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return visit(operation, {
    FragmentSpread: (spread) => {
      const fragment = fragments.get(spread.name.value);
      if (!fragment) throw new Error(`there is no fragment ${spread.name.value}`);
      const { typeCondition, selectionSet } = fragment;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet };
    },
  });
}

function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, given: NaiveRequest['variables']) {
  const values: Record<string, unknown> = { ...given };
  for (const { variable, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    if (!Object.hasOwn(given, name) && defaultValue) values[name] = valueFromASTUntyped(defaultValue);
  }
  return values;
}

/** What a field gets as an argument, null being as good as nothing. */
function valueAt(field: Field, node: FieldNode, name: string, variables: Record<string, unknown>): unknown {
  const written = node.arguments?.find((argument) => argument.name.value === name);
  const value = written && valueFromASTUntyped(written.value, variables);
  return value ?? field.args.find((argument) => argument.name === name)?.defaultValue;
}

const isLevel = (name: string) => !['__schema', '__type', '__typename', 'ofType'].includes(name);

function ownCost(field: Field): number {
  const { cost } = declaredBy(field);
  const type = getNamedType(field.type);
  if (cost !== undefined) return cost;
  return isCompositeType(type) && !isIntrospectionType(type) ? 1 : 0;
}

function scopesOf(field: Field): readonly string[] {
  const type = getNamedType(field.type);
  const ofType = isAbstractType(type) ? [] : (declaredBy(type).scopes ?? []);
  return [...(declaredBy(field).scopes ?? []), ...ofType];
}

/** Names that one pair of braces holds more than once: each time after the first counts. */
function repeated({ selections }: SelectionSetNode): number {
  const names = new Set<string>();
  let count = 0;
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const name = selection.alias?.value ?? selection.name.value;
    if (names.has(name)) count += 1;
    names.add(name);
  }
  return count;
}

function countOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' ? value : undefined;
}

function walk(request: NaiveRequest, operation: OperationDefinitionNode, { pageSize }: NaiveLimits): Found {
  const found: Found = { cost: 0, depth: 0, aliases: 0, scopes: new Set(), refusals: new Set() };
  const variables = variablesOf(operation, request.variables);
  const types = new TypeInfo(request.schema);
  /** How many things there may be of what is asked for at this place, and how deep it lies. */
  const places = [{ times: 1, depth: 0 }];

  const pageOf = (field: Field, node: FieldNode): number => {
    const isPaged = field.args.some(({ name }) => name === 'first');
    const count = countOf(valueAt(field, node, isPaged ? 'first' : 'ids', variables));
    if (count === undefined) return 1;
    const what = isPaged
      ? `\`first\` of ${node.name.value} must be between 0 and ${pageSize}, not ${count}.`
      : `\`ids\` of ${node.name.value} may have at most ${pageSize} entries, not ${count}.`;
    if (count < 0 || count > pageSize) found.refusals.add(`BAD_INPUT ${what}`);
    return Math.max(1, Math.min(count, pageSize));
  };

  const enter = (node: FieldNode) => {
    const field = types.getFieldDef();
    const place = places.at(-1);
    if (!field || !place) throw new Error(`nobody knows the field ${node.name.value}`);
    for (const scope of scopesOf(field)) found.scopes.add(scope);
    found.cost += place.times * ownCost(field);
    const depth = place.depth + (isLevel(node.name.value) ? 1 : 0);
    found.depth = Math.max(found.depth, depth);
    if (node.alias) found.aliases += 1;
    places.push({ times: place.times * pageOf(field, node), depth });
  };

  visit(
    writeOut(operation, request.document),
    visitWithTypeInfo(types, {
      Field: { enter, leave: () => void places.pop() },
      SelectionSet: (set) => {
        found.aliases += repeated(set);
      },
    }),
  );
  return found;
}

/**
 * Why an operation must not run, found out field by field without any cleverness: code and message of each reason.
 * Nothing when it may run.
 */
export function naiveAdmission(
  request: NaiveRequest,
  limits: NaiveLimits,
  scopes: ReadonlySet<string>,
): ReadonlySet<string> {
  const operation = getOperationAST(request.document, request.operationName);
  if (!operation) return new Set();
  const { cost, depth, aliases, scopes: needed, refusals } = walk(request, operation, limits);
  const reasons = new Set(refusals);
  if (depth > limits.depth) {
    reasons.add(`QUERY_TOO_DEEP This operation is ${depth} levels deep; at most ${limits.depth} are allowed.`);
  }
  if (aliases > limits.aliases) {
    const most = `at most ${limits.aliases} are allowed`;
    reasons.add(`TOO_MANY_ALIASES This operation has ${aliases} aliases or repeated fields; ${most}.`);
  }
  if (cost > limits.cost) {
    const advice = 'Ask for smaller pages or fewer nested lists.';
    reasons.add(`QUERY_TOO_EXPENSIVE This operation may cost ${cost}; at most ${limits.cost} is allowed. ${advice}`);
  }
  for (const scope of needed) {
    if (!scopes.has(scope)) reasons.add(`FORBIDDEN This operation needs the scope ${scope}, which you do not have.`);
  }
  return reasons;
}
