import { createHash } from 'node:crypto';
import {
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isUnionType,
  printSchema,
  responsePathAsArray,
} from 'graphql';

type Path = readonly (string | number)[];

/** What a resolver gives in a graph of made-up values. */
export interface StubValues {
  readonly schema: GraphQLSchema;
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown>;
  /** Where it gave a thing whose type was not known before, and which type that was. */
  readonly chosen: readonly { readonly path: Path; readonly typeName: string }[];
}

const leafValues: Readonly<Record<string, unknown>> = { Int: 1, Float: 0.5, Boolean: true };

function copyFields(from: GraphQLNamedType, to: GraphQLNamedType): void {
  if (isUnionType(from) || isUnionType(to) || !isCompositeType(from) || !isCompositeType(to)) return;
  const fields = to.getFields();
  for (const { name, extensions } of Object.values(from.getFields())) Object.assign(fields[name] ?? {}, { extensions });
}

function copyDeclarations(from: GraphQLNamedType, to: GraphQLNamedType): void {
  to.extensions = from.extensions;
  copyFields(from, to);
  if (isAbstractType(from) && isAbstractType(to)) to.resolveType = from.resolveType;
}

/** The same graph without resolvers: its names, what it declares, and how it tells the types of things. */
export function withoutResolvers(schema: GraphQLSchema): GraphQLSchema {
  const copy = buildSchema(printSchema(schema));
  for (const type of Object.values(schema.getTypeMap())) {
    const same = copy.getType(type.name);
    if (same && isCompositeType(type) && !type.name.startsWith('__')) copyDeclarations(type, same);
  }
  return copy;
}

/**
 * Made-up values for everything in a graph. The same seed makes the same values at the same places.
 * @param schema a graph without resolvers
 */
export function createStubValues(schema: GraphQLSchema, seed: number): StubValues {
  const chosen: { path: Path; typeName: string }[] = [];

  const numberAt = (path: Path, below: number) =>
    createHash('sha256')
      .update(`${seed} ${path.join(' ')}`)
      .digest()
      .readUInt32BE() % below;

  const objectAt = (type: GraphQLNamedType, path: Path) => {
    if (!isAbstractType(type)) return { __typename: type.name };
    const types = schema.getPossibleTypes(type);
    const typeName = types[numberAt([...path, 'type'], types.length)]?.name ?? '';
    chosen.push({ path, typeName });
    return { __typename: typeName };
  };

  const valueAt = (type: GraphQLOutputType, path: Path): unknown => {
    if (!isNonNullType(type) && numberAt(path, 10) === 0) return null;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const { ofType } = nullable;
      return Array.from({ length: numberAt([...path, 'length'], 4) }, (_, index) => valueAt(ofType, [...path, index]));
    }
    if (isCompositeType(nullable)) return objectAt(nullable, path);
    return isEnumType(nullable) ? nullable.getValues()[0]?.name : (leafValues[nullable.name] ?? 'text');
  };

  const fieldResolver = (_parent: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo) =>
    valueAt(info.returnType, responsePathAsArray(info.path));
  return { schema, fieldResolver, chosen };
}
