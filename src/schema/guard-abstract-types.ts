import { type GraphQLAbstractType, type GraphQLSchema, isAbstractType } from 'graphql';
import type { OperationContext } from '../context/context.ts';
import { ScopeMissing } from '../resolvers/forbidden.ts';

const scopeOf = (schema: GraphQLSchema, typeName: string): string | undefined =>
  schema.getType(typeName)?.extensions.scope as string | undefined;

/** @throws ScopeMissing when the viewer may not see things of this type */
export function demandScopeOf(schema: GraphQLSchema, typeName: string, { viewer }: OperationContext): void {
  const scope = scopeOf(schema, typeName);
  if (scope !== undefined && !(viewer.scopes as ReadonlySet<string>).has(scope)) throw new ScopeMissing(scope);
}

function guard(schema: GraphQLSchema, type: GraphQLAbstractType): void {
  const { resolveType } = type;
  if (!resolveType) return;
  type.resolveType = async (value, context, info, abstractType) => {
    const name = await resolveType(value, context, info, abstractType);
    if (name !== undefined) demandScopeOf(schema, name, context as OperationContext);
    return name;
  };
}

/**
 * Scopes are enforced in one pass over the document, where the type of a field says what it needs. Behind an interface
 * or union the type is known only when the value is: it is checked there, so that nothing goes round by `node(id:)`.
 */
export function guardAbstractTypes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) guard(schema, type);
  }
  return schema;
}
