import {
  type FieldNode,
  GraphQLBoolean,
  type GraphQLField,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  getNullableType,
  isLeafType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { createArguments } from './arguments.ts';
import { createInfoMaker } from './resolve-info.ts';
import type { Place, Run } from './run.ts';
import { createSpot } from './spots.ts';
import type { Compilation, CompiledField, Inline } from './types.ts';

type Field = GraphQLField<unknown, unknown>;

/** A field by its name; undefined for one that does not exist, which a valid document does not ask for. */
export function fieldOf({ schema }: Compilation, type: GraphQLObjectType, name: string): Field | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

const inlines: ReadonlyMap<unknown, Inline> = new Map<unknown, Inline>([
  [GraphQLString, 'string'],
  [GraphQLID, 'string'],
  [GraphQLInt, 'integer'],
  [GraphQLFloat, 'number'],
  [GraphQLBoolean, 'boolean'],
]);

function inlineOf(field: Field, parentType: GraphQLObjectType): Inline | undefined {
  if (field === TypeNameMetaFieldDef) return { constant: parentType.name };
  const type: GraphQLOutputType = getNullableType(field.type);
  return field.resolve || !isLeafType(type) ? undefined : (inlines.get(type) ?? 'any');
}

const isObjectLike = (value: unknown): value is Record<string, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Compiles one field of an object. */
export function compileField(
  compilation: Compilation,
  parentType: GraphQLObjectType,
  [key, nodes]: readonly [string, readonly FieldNode[]],
): CompiledField | undefined {
  const [node] = nodes;
  const field = node && fieldOf(compilation, parentType, node.name.value);
  if (!node || !field) return undefined;
  const { schema, fragments, operation } = compilation;
  const info = createInfoMaker({ schema, fragments, operation, parentType, field, nodes });
  const argumentsFor = createArguments(compilation, field, node);
  const { resolve, name } = field;
  const ask = (run: Run, source: unknown, place: Place): unknown => {
    if (resolve) return resolve(source, argumentsFor(run) as Record<string, unknown>, run.context, info(run, place));
    const member = isObjectLike(source) ? source[name] : undefined;
    if (typeof member !== 'function') return member;
    return (source as Record<string, (...values: unknown[]) => unknown>)[name]?.(
      argumentsFor(run),
      run.context,
      info(run, place),
    );
  };
  const spot = createSpot(compilation, field.type, { nodes, info, name: `${parentType.name}.${name}` });
  return { ...spot, key, name, parentType, nodes, ask, inline: inlineOf(field, parentType) };
}
