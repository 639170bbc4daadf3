import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type ObjectValueNode,
  type ValueNode,
} from 'graphql';
import type { Choices } from './choices.ts';
import { type Place, type Pool, pooled, withoutNull } from './pool.ts';

/** Something of each scalar, for places that the pool knows nothing of. */
const scalarValues: Readonly<Record<string, readonly unknown[]>> = {
  String: ['', 'a', 'report', '/', 'naïve "quoted" \\ text', 'line\nbreak', '*'],
  ID: ['nonsense', 'RmFzcGV4UGFja2FnZTphL2I=', '7', 12],
  Int: [1, 2, 0, 5, 10, 3],
  Float: [0.5, 1, -2.25, 1e21],
  Boolean: [true, false],
  DateTime: ['2026-01-31T09:00:00Z', '2024-02-29T23:59:59.999+05:30', '2030-12-01T00:00Z'],
  SafeInt: [0, 1, 9_007_199_254_740_991, 1_000_000],
  BigInt: ['9007199254740993', '0', -5, 12],
  LocalDateTime: ['2026-01-31T09:00:00.250', '2026-01-31 09:00:00'],
  JSON: [1, 'text', true, [], {}, { a: { b: [1, 'two', null] } }, [{ deep: [[]] }], 1.5],
};

/** Lists within lists and objects within objects end here. */
const MAX_NESTING = 3;

const text = (value: string): ValueNode => ({ kind: Kind.STRING, value });

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;

const objectNode = (members: readonly (readonly [string, ValueNode])[]): ObjectValueNode => ({
  kind: Kind.OBJECT,
  fields: members.map(([member, value]) => ({ kind: Kind.OBJECT_FIELD, name: name(member), value })),
});

function numberNode(value: number): ValueNode {
  const written = String(value);
  return { kind: Number.isInteger(value) && !written.includes('e') ? Kind.INT : Kind.FLOAT, value: written };
}

function memberType(type: GraphQLInputType | undefined, member: string): GraphQLInputType | undefined {
  const named = type && getNullableType(type);
  return isInputObjectType(named) ? named.getFields()[member]?.type : undefined;
}

/** How a value of JSON is written as a literal of a type. */
export function literalOf(value: unknown, type?: GraphQLInputType): ValueNode {
  const nullable = type && getNullableType(type);
  if (Array.isArray(value)) {
    const itemType = isListType(nullable) ? nullable.ofType : undefined;
    return { kind: Kind.LIST, values: value.map((item) => literalOf(item, itemType)) };
  }
  if (isListType(nullable)) return literalOf(value, nullable.ofType);
  if (value === null || value === undefined) return { kind: Kind.NULL };
  if (typeof value === 'string') return isEnumType(nullable) ? { kind: Kind.ENUM, value } : text(value);
  if (typeof value === 'number') return numberNode(value);
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  return objectNode(
    Object.entries(value).map(([member, inner]) => [member, literalOf(inner, memberType(type, member))] as const),
  );
}

export interface ValueSource {
  readonly choices: Choices;
  readonly pool: Pool;
  /** A variable to stand at a place inside of the value; undefined where there shall be none. */
  readonly variableAt?: ((place: Place) => ValueNode | undefined) | undefined;
}

function drawMembers(source: ValueSource, type: GraphQLInputObjectType, nesting: number): ValueNode {
  const { choices } = source;
  const fields = Object.values(type.getFields());
  if (type.isOneOf) {
    const only = choices.pick(fields);
    const place = withoutNull({ type: only.type, owner: type.name, name: only.name, isOneOf: true });
    return objectNode([[only.name, drawInside(source, place, nesting)]]);
  }
  const chosen = fields.filter((field) => isRequiredInputField(field) || (nesting < MAX_NESTING && choices.chance(30)));
  return objectNode(
    chosen.map((field) => {
      const place: Place = { type: field.type, owner: type.name, name: field.name };
      return [field.name, drawInside(source, place, nesting)] as const;
    }),
  );
}

/** A value inside of another: a variable may stand for it. */
const drawInside = (source: ValueSource, place: Place, nesting: number): ValueNode =>
  source.variableAt?.(place) ?? drawAt(source, place, nesting);

function drawList(source: ValueSource, place: Place, itemType: GraphQLInputType, nesting: number): ValueNode {
  const { choices } = source;
  const item: Place = { ...place, type: itemType, isOneOf: false };
  // One value in place of a list of one is as good (GraphQL §3.11).
  if (choices.chance(10)) return drawAt(source, withoutNull(item), nesting);
  const count = nesting < MAX_NESTING ? choices.below(4) : 0;
  return { kind: Kind.LIST, values: Array.from({ length: count }, () => drawInside(source, item, nesting + 1)) };
}

function drawJson({ choices, variableAt }: ValueSource, place: Place): ValueNode {
  const value = literalOf(choices.pick(scalarValues.JSON ?? []));
  const variable = variableAt?.(place);
  return variable
    ? objectNode([
        ['given', variable],
        ['rest', value],
      ])
    : value;
}

function drawAt(source: ValueSource, place: Place, nesting: number): ValueNode {
  const { choices, pool } = source;
  const { type } = place;
  if (!isNonNullType(type) && choices.chance(5)) return { kind: Kind.NULL };
  const nullable = getNullableType(type);
  const known = pooled(pool, place)?.filter((value) => value !== null || !isNonNullType(type));
  const isOfItems = isListType(nullable) && !known?.some(Array.isArray);
  if (known && !isOfItems && !choices.chance(4)) return literalOf(choices.pick(known), type);
  if (isListType(nullable)) return drawList(source, place, nullable.ofType, nesting);
  if (isInputObjectType(nullable)) return drawMembers(source, nullable, nesting + 1);
  if (isEnumType(nullable)) return { kind: Kind.ENUM, value: choices.pick(nullable.getValues()).name };
  if (nullable.name === 'JSON') return drawJson(source, place);
  return literalOf(choices.pick(scalarValues[nullable.name] ?? []), type);
}

/** A literal that is valid at a place. */
export const drawValue = (source: ValueSource, place: Place): ValueNode => drawAt(source, place, 0);
