import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import type { OperationContext } from '../context/context.ts';
import { demandScopesOf } from './guard-abstract-types.ts';
import { bigIntScalar, dateTimeScalar, jsonScalar, localDateTimeScalar, safeIntScalar } from './scalars.ts';

/**
 * The one schema builder. `extensions` on types and fields declare what the server enforces in one pass over each
 * document: `scopes` (what the viewer must have) and `cost` (what a selection weighs; 1 for an object, 0 for a leaf).
 */
export const builder = new SchemaBuilder<{
  Context: OperationContext;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  Scalars: {
    ID: { Input: string; Output: string | number | bigint };
    /** Vendors' dates stay text until somebody asks for them. */
    DateTime: { Input: Date; Output: Date | string };
    SafeInt: { Input: number; Output: number };
    BigInt: { Input: string; Output: string };
    /** Date and time without a zone, as text. */
    LocalDateTime: { Input: string; Output: string };
    JSON: { Input: NonNullable<unknown> | null; Output: unknown };
  };
}>({
  plugins: [ErrorsPlugin, RelayPlugin],
  defaultFieldNullability: false,
  relay: {
    nodeTypeOptions: { description: 'Anything with a global id, which `node(id:)` finds again.' },
    idFieldOptions: { description: 'Global id, the same for the same thing always; `node(id:)` takes it.' },
    nodeQueryOptions: {
      args: { id: { description: 'Global id of the object.' } },
      description: 'Finds any object by its global id; null when it is not there or not yours to see.',
      // Nothing is asked for before it is clear that the viewer may have it.
      resolve: (_root, { id }, context, info, load) => {
        demandScopesOf(info.schema, id.typename, context);
        return load(id);
      },
    },
    nodesQueryOptions: {
      args: { ids: { description: 'Global ids of the objects.' } },
      description: 'Finds several objects by their global ids, in the order of the ids; null where one is not there.',
      resolve: (_root, { ids }, context, info, load) => {
        for (const { typename } of ids) demandScopesOf(info.schema, typename, context);
        return load([...ids]);
      },
    },
    clientMutationId: 'omit',
    cursorType: 'String',
    pageInfoTypeOptions: { description: 'Where a page of a connection lies and how to ask for the next.' },
  },
  errors: { directResult: true },
});

builder.addScalarType('DateTime', dateTimeScalar);
builder.addScalarType('SafeInt', safeIntScalar);
builder.addScalarType('BigInt', bigIntScalar);
builder.addScalarType('LocalDateTime', localDateTimeScalar);
builder.addScalarType('JSON', jsonScalar);

builder.queryType({
  description: 'Everything that can be read. Each top-level field names the kind of source it asks.',
});
builder.mutationType({
  description: 'Everything that changes something. Errors that a caller can act on come as typed results.',
});
builder.subscriptionType({
  description: 'Live progress. The gateway polls the sources once per thing, whoever watches.',
});
