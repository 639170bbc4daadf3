import { createHash } from 'node:crypto';
import {
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
} from 'graphql';
import { SourceError } from '../../../src/transport/source-error.ts';
import { withoutResolvers } from '../stub-values.ts';

/** A graph whose resolvers do everything that resolvers can do. */
export interface WildGraph {
  readonly schema: GraphQLSchema;
  /** What executions are given as their context: the same seed makes the same things happen at the same places. */
  context(seed: number): object;
}

interface WildContext {
  readonly seed: number;
}

type Path = readonly (string | number)[];

const hashOf = (text: string) => createHash('sha256').update(text).digest().readUInt32BE();

const numberAt = ({ seed }: WildContext, path: Path, below: number) => hashOf(`${seed} ${path.join(' ')}`) % below;

const failure = () => new SourceError('SOURCE_BAD_ANSWER', 'made to fail', { source: 'nowhere' });

const scalarValues: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1, 0, -0, 2 ** 31, 1.5, '7', 'text', true, Number.NaN],
  Float: [0.5, 1, Number.POSITIVE_INFINITY, '1.5', 'text', false],
  Boolean: [true, false, 1, 0, 'yes'],
  ID: ['id', 7, 7n, {}, ''],
  String: ['text', '', 'naïve "quoted"\n', 12, true, 1.5, {}, Symbol.iterator],
};

/** Leaves are what they have to be as a rule. */
function leafAt(context: WildContext, type: GraphQLNamedType, path: Path): unknown {
  if (isEnumType(type)) {
    const values = [...type.getValues().map(({ value }) => value), 'no such value'];
    return values[numberAt(context, [...path, 'enum'], values.length)];
  }
  const values = scalarValues[type.name] ?? ['text', 1, { any: ['thing'] }];
  const isUsual = numberAt(context, [...path, 'usual'], 10) < 7;
  return values[isUsual ? 0 : numberAt(context, [...path, 'leaf'], values.length)];
}

function orError(value: () => unknown): unknown {
  try {
    return value();
  } catch (error) {
    return error;
  }
}

/** Fields without a resolver, whose values are members of their objects: some are functions, and some promises. */
function membersOf(context: WildContext, type: GraphQLNamedType, path: Path): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const { name, type: fieldType, resolve } of isObjectType(type) ? Object.values(type.getFields()) : []) {
    if (resolve) continue;
    const place = [...path, `.${name}`];
    const value = () => valueAt(context, fieldType, place);
    // Reading a member throws nowhere in our domain; calling one may.
    const isMethod = numberAt(context, [...place, 'method'], 12) === 0;
    Object.defineProperty(members, name, { enumerable: true, get: isMethod ? () => value : () => orError(value) });
  }
  return members;
}

function objectAt(context: WildContext, type: GraphQLNamedType, path: Path, schema: GraphQLSchema): unknown {
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const concrete = types[numberAt(context, [...path, 'type'], types.length)] ?? type;
  const isOfNoType = isAbstractType(type) && numberAt(context, [...path, 'none'], 25) === 0;
  return Object.assign(membersOf(context, concrete, path), { __typename: isOfNoType ? 'PageInfo' : concrete.name });
}

const schemas = new WeakMap<WildContext, GraphQLSchema>();

function listAt(context: WildContext, itemType: GraphQLOutputType, path: Path): unknown {
  if (numberAt(context, [...path, 'list'], 30) === 0) return 'no list';
  const length = numberAt(context, [...path, 'length'], 4);
  const items = Array.from({ length }, (_, index) => valueAt(context, itemType, [...path, index]));
  return numberAt(context, [...path, 'set'], 8) === 0 ? new Set(items) : items;
}

function plainAt(context: WildContext, type: GraphQLOutputType, path: Path): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return listAt(context, nullable.ofType, path);
  if (isLeafType(nullable)) return leafAt(context, nullable, path);
  const schema = schemas.get(context);
  if (!schema) throw new Error('a context of no graph');
  return objectAt(context, nullable, path, schema);
}

/** What stands at a place: null where it may not be now and then, an error, or a value. @throws now and then */
function outcomeAt(context: WildContext, type: GraphQLOutputType, path: Path): unknown {
  const chance = numberAt(context, path, 100);
  if (chance < (isNonNullType(type) ? 2 : 8)) return chance % 2 === 0 ? null : undefined;
  if (chance >= 96) return failure();
  if (chance >= 93) throw failure();
  return plainAt(context, type, path);
}

async function soon(context: WildContext, type: GraphQLOutputType, path: Path): Promise<unknown> {
  for (let turn = numberAt(context, [...path, 'turns'], 4); turn > 0; turn -= 1) await Promise.resolve();
  return outcomeAt(context, type, path);
}

/**
 * Whether a place has its value now or later. Inside of lists it is the same for all: of a list in which one item fails
 * now and another one later, graphql-js lets the later failure go by unhandled, which ends a process.
 */
function isLate(context: WildContext, path: Path): boolean {
  if (path.some((key) => typeof key === 'number')) return context.seed % 2 === 0;
  return numberAt(context, [...path, 'late'], 10) < 3;
}

function valueAt(context: WildContext, type: GraphQLOutputType, path: Path): unknown {
  if (!isLate(context, path)) return outcomeAt(context, type, path);
  const promise = soon(context, type, path);
  // Who gives up a part of the answer does not look at the rest of it.
  promise.catch(() => undefined);
  return promise;
}

const resolver: GraphQLFieldResolver<unknown, unknown> = (_parent, _args, given, info: GraphQLResolveInfo) =>
  valueAt(given as WildContext, info.returnType, responsePathAsArray(info.path));

const resolveType = (value: { readonly __typename: string }, context: WildContext) => {
  const chance = hashOf(`${context.seed} ${value.__typename}`) % 20;
  if (chance > 3) return value.__typename;
  if (context.seed % 2 === 1) {
    if (chance === 0) throw failure();
    return value.__typename;
  }
  return chance === 0 ? Promise.reject(failure()) : Promise.resolve(value.__typename);
};

function makeWild(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const isPlain = isLeafType(getNullableType(field.type)) && hashOf(`${type.name}.${field.name}`) % 2 === 0;
    if (!isPlain) field.resolve = resolver;
  }
}

/**
 * The same graph with resolvers of which nobody knows what they will do. Leaves have none at every other field, so that
 * members of objects are read as well.
 */
export function createWildGraph(original: GraphQLSchema): WildGraph {
  const schema = withoutResolvers(original);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = resolveType;
    if (isObjectType(type) && !type.name.startsWith('__')) makeWild(type);
  }
  return {
    schema,
    context: (seed) => {
      const context: WildContext = { seed };
      schemas.set(context, schema);
      return context;
    },
  };
}
