import { type GraphQLInputType, GraphQLNonNull, getNullableType } from 'graphql';

/**
 * Values that make sense, by the place where they are given: `Query.faspex.source`, else `RecordFilterInput.and`, else the
 * bare name `packageId`. For lists it may hold whole lists, or items. Any place that is not here gets something of its type.
 */
export type Pool = Readonly<Record<string, readonly unknown[]>>;

/** A place where a value is given: an argument of a field, or a member of an input object. */
export interface Place {
  readonly type: GraphQLInputType;
  /** `Type.field` of an argument, `Type` of a member. */
  readonly owner: string;
  readonly name: string;
  /** Whether it is the one member of a `@oneOf` input object: no variable may stand there that could be null. */
  readonly isOneOf?: boolean;
}

/** The same place where null is no value. */
export const withoutNull = (place: Place): Place => ({
  ...place,
  type: new GraphQLNonNull(getNullableType(place.type)),
});

/** What the pool has for a place; undefined when it knows nothing of it. */
export const pooled = (pool: Pool, { owner, name }: Place): readonly unknown[] | undefined =>
  pool[`${owner}.${name}`] ?? pool[name];
