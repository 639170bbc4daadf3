import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { Place, Run } from './run.ts';

type Path = GraphQLResolveInfo['path'];

/** What a resolver may ask about its field, of which only the first two members differ from call to call. */
interface Call {
  readonly run: Run;
  readonly place: Place;
}

function pathTo(place: Place): Path {
  const prev = place.parent?.parent ? pathTo(place.parent) : undefined;
  return { prev, key: place.key, typename: undefined };
}

export interface FieldFacts {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  readonly parentType: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
}

/** Makes the fourth argument of a field's resolver. Few look at it, so that it is worked out when they do. */
export function createInfoMaker({ schema, fragments, operation, parentType, field, nodes }: FieldFacts) {
  const shared = {
    ...{ schema, fragments, operation, parentType },
    fieldName: field.name,
    fieldNodes: nodes,
    returnType: field.type,
    get path(): Path {
      const { place } = this as unknown as Call;
      return { ...pathTo(place), typename: parentType.name };
    },
    get rootValue(): unknown {
      return (this as unknown as Call).run.rootValue;
    },
    get variableValues(): Run['variables'] {
      return (this as unknown as Call).run.variables;
    },
  };
  return (run: Run, place: Place): GraphQLResolveInfo => {
    const info = Object.create(shared);
    info.run = run;
    info.place = place;
    return info;
  };
}
