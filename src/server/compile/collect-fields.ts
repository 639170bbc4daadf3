import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** An operation's text, and the values of the variables that its `@skip` and `@include` ask for. */
export interface Selecting {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly conditions: Readonly<Record<string, unknown>>;
}

export const fragmentsOf = ({ definitions }: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> =>
  Object.fromEntries(
    definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );

const isCondition = ({ name }: DirectiveNode) => name.value === 'skip' || name.value === 'include';

/** The variables of which it depends what an answer holds. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      for (const { value } of isCondition(directive) ? (directive.arguments ?? []) : []) {
        if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
    },
  });
  return [...names];
}

/** `@skip` comes before `@include` (GraphQL §3.13.1). */
function isIncluded({ conditions }: Selecting, node: SelectionNode): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, conditions)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, conditions)?.if !== false;
}

function applies(
  { schema }: Selecting,
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLObjectType,
) {
  if (!typeCondition) return true;
  const condition = schema.getType(typeCondition.name.value);
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}

type Fields = Map<string, FieldNode[]>;

function addField(fields: Fields, node: FieldNode): void {
  const key = (node.alias ?? node.name).value;
  const nodes = fields.get(key);
  if (nodes) nodes.push(node);
  else fields.set(key, [node]);
}

interface Collection {
  readonly selecting: Selecting;
  readonly type: GraphQLObjectType;
  readonly fields: Fields;
  readonly visited: Set<string>;
}

function collectFragment(collection: Collection, name: string): void {
  const { selecting, type, visited } = collection;
  visited.add(name);
  const fragment = selecting.fragments[name];
  if (fragment && applies(selecting, fragment, type)) collectSet(collection, fragment.selectionSet);
}

function collectSet(collection: Collection, { selections }: SelectionSetNode): void {
  const { selecting, type, fields, visited } = collection;
  for (const node of selections) {
    // A fragment that was spread already is left out before its conditions are looked at.
    if (node.kind === Kind.FRAGMENT_SPREAD && visited.has(node.name.value)) continue;
    if (!isIncluded(selecting, node)) continue;
    if (node.kind === Kind.FIELD) addField(fields, node);
    else if (node.kind === Kind.FRAGMENT_SPREAD) collectFragment(collection, node.name.value);
    else if (applies(selecting, node, type)) collectSet(collection, node.selectionSet);
  }
}

/** The fields that these selections ask of an object of this type, by their names in the answer (GraphQL §6.3.2). */
export function collectFields(
  selecting: Selecting,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const collection: Collection = { selecting, type, fields: new Map(), visited: new Set() };
  for (const set of sets) if (set) collectSet(collection, set);
  return collection.fields;
}
