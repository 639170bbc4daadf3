import {
  type ArgumentNode,
  type DirectiveNode,
  doTypesOverlap,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  isRequiredArgument,
  isUnionType,
  Kind,
  print,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Choices } from './choices.ts';
import type { Place, Pool } from './pool.ts';
import { drawValue } from './values.ts';
import type { Variables } from './variables.ts';

export interface SelectionSource {
  readonly schema: GraphQLSchema;
  readonly choices: Choices;
  readonly pool: Pool;
  readonly variables: Variables;
  /** How many fields there may be, more or less. */
  readonly fields: number;
  /** The only fields that are asked for at the root; any when left out. */
  readonly roots?: readonly string[] | undefined;
}

export interface Selections {
  /** What is selected of a type, at most so many levels deep. */
  of(type: GraphQLCompositeType, depth: number): SelectionSetNode;
  /** One field of a type, as it stands at the root of a subscription. */
  rootField(type: GraphQLCompositeType, depth: number): FieldNode;
  readonly fragments: readonly FragmentDefinitionNode[];
}

type Field = GraphQLField<unknown, unknown>;

interface Fragment {
  readonly node: FragmentDefinitionNode;
  readonly type: GraphQLCompositeType;
  /** Levels of its deepest field. */
  readonly depth: number;
}

const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const;

const aliases = ['a', 'b', 'the_other', '_1', 'value', 'constructor', '__proto__', 'id_of', 'x_y_z'] as const;

/** Fields that lead from a type to types of its own kind: validation lets them stand within each other only so often. */
const roundabout: ReadonlySet<string> = new Set(['fields', 'interfaces', 'possibleTypes', 'inputFields']);
const MAX_ROUNDABOUTS = 2;

const isLeafField = ({ type }: Field) => !isCompositeType(getNamedType(type));

/** Makes something for a type once. */
function onceEach<T>(make: (type: GraphQLCompositeType, schema: GraphQLSchema) => T) {
  const made = new WeakMap<GraphQLCompositeType, T>();
  return (type: GraphQLCompositeType, schema: GraphQLSchema): T => {
    const known = made.get(type) ?? make(type, schema);
    made.set(type, known);
    return known;
  };
}

/** What may be asked of a type. What is simplest comes first. */
const fieldsOf = onceEach((type, schema): readonly Field[] => {
  if (isUnionType(type)) return [TypeNameMetaFieldDef];
  const own = Object.values(type.getFields());
  const meta = type === schema.getQueryType() ? [SchemaMetaFieldDef, TypeMetaFieldDef] : [];
  return [TypeNameMetaFieldDef, ...own.filter(isLeafField), ...own.filter((field) => !isLeafField(field)), ...meta];
});

/** Types that things of a type may have, or that they may be seen as. */
const conditionsFor = onceEach((type, schema) =>
  Object.values(schema.getTypeMap()).filter(
    (other): other is GraphQLCompositeType =>
      isCompositeType(other) && !isIntrospectionType(other) && doTypesOverlap(schema, type, other),
  ),
);

/** Fields in one answer must not contradict each other: each name stands for one thing in the whole document. */
function createNames(choices: Choices) {
  const taken = new Map<string, string>();
  const isFree = (name: string, meaning: string) => (taken.get(name) ?? meaning) === meaning;
  return (field: Field, args: readonly ArgumentNode[]): string => {
    const meaning = `${field.name}(${args.map(print).sort().join()}): ${field.type}`;
    const wanted = choices.chance(10) ? choices.pick(aliases) : field.name;
    let name: string = wanted;
    for (let count = 2; !isFree(name, meaning); count += 1) name = `${wanted}_${count}`;
    taken.set(name, meaning);
    return name;
  };
}

export function createSelections(source: SelectionSource): Selections {
  const { schema, choices, pool, variables } = source;
  const fragments: Fragment[] = [];
  const responseName = createNames(choices);
  let left = source.fields;

  const isForRoot = (type: GraphQLCompositeType, name: string) => {
    if (type === schema.getSubscriptionType()) return !name.startsWith('__');
    return type !== schema.getQueryType() || name === '__typename' || (source.roots?.includes(name) ?? true);
  };

  const variableAt = (place: Place) => (choices.chance(12) ? variables.at(place) : undefined);

  const argumentsOf = (field: Field, owner: string): ArgumentNode[] =>
    field.args
      .filter((argument) => isRequiredArgument(argument) || choices.chance(argument.name === 'source' ? 80 : 40))
      .map(({ name, type }) => {
        const place = { type, owner: `${owner}.${field.name}`, name };
        const value = choices.chance(35) ? variables.at(place) : drawValue({ choices, pool, variableAt }, place);
        return { kind: Kind.ARGUMENT, name: nameNode(name), value };
      });

  const directive = (name: 'skip' | 'include'): DirectiveNode => {
    const isTrue = choices.chance(name === 'skip' ? 30 : 70);
    const value = choices.chance(60) ? variables.condition() : ({ kind: Kind.BOOLEAN, value: isTrue } as const);
    const argument = { kind: Kind.ARGUMENT, name: nameNode('if'), value } as const;
    return { kind: Kind.DIRECTIVE, name: nameNode(name), arguments: [argument] };
  };

  const directives = (): DirectiveNode[] =>
    (['skip', 'include'] as const).filter(() => choices.chance(7)).map((name) => directive(name));

  const field = (type: GraphQLCompositeType, depth: number, roundabouts: number, isPlain = false): FieldNode => {
    const isAllowed = (one: Field) => (depth > 1 || isLeafField(one)) && (roundabouts > 0 || !roundabout.has(one.name));
    const all = fieldsOf(type, schema).filter((one) => isAllowed(one) && isForRoot(type, one.name));
    // Introspection is asked for now and then only.
    const chosen = choices.pick(
      choices.chance(96) ? all.filter(({ name }) => !/^__[st](?:chema|ype)$/.test(name)) : all,
    );
    left -= 1;
    const args = argumentsOf(chosen, type.name);
    const name = responseName(chosen, args);
    const inner = getNamedType(chosen.type);
    const around = isIntrospectionType(type) && roundabout.has(chosen.name) ? roundabouts - 1 : roundabouts;
    return {
      kind: Kind.FIELD,
      name: nameNode(chosen.name),
      ...(name === chosen.name ? {} : { alias: nameNode(name) }),
      arguments: args,
      directives: isPlain ? [] : directives(),
      ...(isCompositeType(inner) ? { selectionSet: set(inner, depth - 1, around) } : {}),
    };
  };

  /** Behind an interface or union its concrete types are what is of interest. */
  const conditionFor = (type: GraphQLCompositeType): GraphQLCompositeType => {
    const concrete = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
    return concrete.length > 0 && choices.chance(75)
      ? choices.pick(concrete)
      : choices.pick(conditionsFor(type, schema));
  };

  const namedType = (type: GraphQLCompositeType) => ({ kind: Kind.NAMED_TYPE, name: nameNode(type.name) }) as const;

  const inlineFragment = (type: GraphQLCompositeType, depth: number): SelectionNode => {
    const condition = choices.chance(85) ? conditionFor(type) : undefined;
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(condition ? { typeCondition: namedType(condition) } : {}),
      directives: directives(),
      selectionSet: set(condition ?? type, depth, MAX_ROUNDABOUTS),
    };
  };

  const makeFragment = (type: GraphQLCompositeType, depth: number): Fragment => {
    const condition = conditionFor(type);
    const selectionSet = set(condition, depth, MAX_ROUNDABOUTS);
    const name = nameNode(`F${fragments.length}`);
    const node: FragmentDefinitionNode = {
      kind: Kind.FRAGMENT_DEFINITION,
      name,
      typeCondition: namedType(condition),
      selectionSet,
    };
    const made = { node, type: condition, depth };
    fragments.push(made);
    return made;
  };

  const spread = (type: GraphQLCompositeType, depth: number): SelectionNode => {
    const known = fragments.filter((one) => one.depth <= depth && doTypesOverlap(schema, one.type, type));
    const { node } = known.length > 0 && choices.chance(60) ? choices.pick(known) : makeFragment(type, depth);
    return { kind: Kind.FRAGMENT_SPREAD, name: node.name, directives: directives() };
  };

  const selection = (type: GraphQLCompositeType, depth: number, roundabouts: number): SelectionNode => {
    const isPlain = isIntrospectionType(type) || left <= 0;
    const fragmentChance = isAbstractType(type) ? 45 : 10;
    if (!isPlain && choices.chance(fragmentChance)) return inlineFragment(type, depth);
    if (!isPlain && choices.chance(fragmentChance)) return spread(type, depth);
    return field(type, left > 0 ? depth : 1, roundabouts);
  };

  const set = (type: GraphQLCompositeType, depth: number, roundabouts: number): SelectionSetNode => {
    const count = 1 + choices.below(left > 0 ? 4 : 1);
    const selections = Array.from({ length: count }, () => selection(type, depth, roundabouts));
    return { kind: Kind.SELECTION_SET, selections };
  };

  return {
    of: (type, depth) => set(type, depth, MAX_ROUNDABOUTS),
    rootField: (type, depth) => field(type, depth, MAX_ROUNDABOUTS, true),
    get fragments() {
      return fragments.map(({ node }) => node);
    },
  };
}
