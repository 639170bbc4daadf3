import { type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';

/**
 * The global id of something. `local` is what `joinId` made, which is ASCII.
 * @returns the same text as the encoder of the Relay plugin
 */
export const globalId = (typename: string, local: string): string => btoa(`${typename}:${local}`);

/** What `builder.node` was told of a type. */
interface NodeOptions {
  readonly id: { readonly resolve: (value: unknown) => string };
}

const isNode = (type: GraphQLObjectType) => type.getInterfaces().some(({ name }) => name === 'Node');

/**
 * The Relay plugin makes every id in a promise. Ours are made of what is at hand, so that a list of fifty need not wait
 * for a hundred promises.
 */
export function makeIdsAtOnce(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !isNode(type)) continue;
    const { id } = type.extensions.pothosOptions as NodeOptions;
    const field = type.getFields().id;
    if (field) field.resolve = (value) => globalId(type.name, id.resolve(value));
  }
  return schema;
}
