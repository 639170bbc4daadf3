import { type GraphQLAbstractType, type GraphQLSchema, isAbstractType } from 'graphql';
import type { OperationContext } from '../context/context.ts';
import type { Scope } from '../identity/scopes.ts';
import { ScopeMissing } from '../resolvers/forbidden.ts';

/** @throws ScopeMissing when the viewer may not see things of this type */
export function demandScopesOf(schema: GraphQLSchema, typeName: string, { viewer }: OperationContext): void {
  const scopes = (schema.getType(typeName)?.extensions.scopes ?? []) as readonly Scope[];
  const missing = scopes.find((scope) => !viewer.scopes.has(scope));
  if (missing !== undefined) throw new ScopeMissing(missing);
}

function guard(schema: GraphQLSchema, type: GraphQLAbstractType): void {
  const { resolveType } = type;
  if (!resolveType) return;
  const demand = (name: string | undefined, context: unknown) => {
    if (name !== undefined) demandScopesOf(schema, name, context as OperationContext);
    return name;
  };
  type.resolveType = (value, context, info, abstractType) => {
    const name = resolveType(value, context, info, abstractType);
    // Compiled code knows no promise of a type, so none is made where there was none.
    return name instanceof Promise ? name.then((found) => demand(found, context)) : demand(name as string, context);
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
