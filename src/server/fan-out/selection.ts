import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { SourceKind } from '../../context/reach.ts';
import type { Declared, Shared } from '../../schema/declare.ts';

/** What is read of the document of a subscription in one pass. */
export interface Selection {
  /** The one field of the subscription. */
  readonly root: FieldNode;
  readonly shared: Shared;
  /** Kinds of sources that some field of the document may use; of an interface, whatever one of its types may use. */
  readonly kinds: ReadonlySet<SourceKind>;
  /** The document without what concerns one subscriber alone, and however it was written. */
  readonly text: string;
  /** The variables that are left in that text. */
  readonly variables: ReadonlySet<string>;
  /** Fields of the event itself, by their names in the answer. */
  readonly eventFields: ReadonlyMap<string, string>;
}

export const declaredOf = (thing: { readonly extensions: unknown } | undefined): Declared =>
  (thing?.extensions ?? {}) as Declared;

/** The type itself, and behind an interface or union those that it may turn out to be. */
function typesBehind(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  return isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
}

function kindsOf(schema: GraphQLSchema, parent: GraphQLNamedType, name: string): readonly SourceKind[] {
  return typesBehind(schema, parent).flatMap((type) => {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    return declaredOf(field).reaches ?? [];
  });
}

interface Walk {
  readonly subscription: GraphQLObjectType;
  readonly eventFields: Map<string, string>;
  readonly kinds: Set<SourceKind>;
  readonly variables: Set<string>;
  root: FieldNode | undefined;
}

const isEventOf = ({ subscription, root }: Walk, type: GraphQLNamedType): boolean => {
  const field = root && subscription.getFields()[root.name.value];
  return field !== undefined && getNamedType(field.type) === type;
};

/** Of the whole document, also of what another operation of it selects: more than is used does no harm. */
function walkDocument(schema: GraphQLSchema, document: DocumentNode, walk: Walk): DocumentNode {
  const info = new TypeInfo(schema);
  const withoutResume = visit(
    document,
    visitWithTypeInfo(info, {
      Field: (node) => {
        const parent = info.getParentType();
        if (!parent) return undefined;
        for (const kind of kindsOf(schema, parent, node.name.value)) walk.kinds.add(kind);
        if (isEventOf(walk, parent)) walk.eventFields.set((node.alias ?? node.name).value, node.name.value);
        if (parent !== walk.subscription) return undefined;
        walk.root = node;
        const { shared } = declaredOf(info.getFieldDef() ?? undefined);
        const kept = node.arguments?.filter(({ name }) => name.value !== shared?.resumeArgument) ?? [];
        return { ...node, arguments: kept };
      },
    }),
  );
  visit(withoutResume, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void walk.variables.add(name.value),
  });
  return visit(withoutResume, {
    VariableDefinition: ({ variable }) => (walk.variables.has(variable.name.value) ? undefined : null),
  });
}

function readSelection(schema: GraphQLSchema, document: DocumentNode): Selection | undefined {
  const subscription = schema.getSubscriptionType();
  // A document with several subscriptions is not worth the trouble: each of its subscribers is served alone.
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (!subscription || operations.length !== 1) return undefined;
  const walk: Walk = { subscription, kinds: new Set(), variables: new Set(), eventFields: new Map(), root: undefined };
  const text = print(walkDocument(schema, document, walk));
  const { root, kinds, variables, eventFields } = walk;
  const { shared } = declaredOf(root && subscription.getFields()[root.name.value]);
  return root && shared ? { root, shared, kinds, variables, text, eventFields } : undefined;
}

/** Reads each document once; those that are sent again are the same object. */
export function createSelections(schema: GraphQLSchema) {
  const known = new WeakMap<DocumentNode, { readonly selection: Selection | undefined }>();
  return (document: DocumentNode): Selection | undefined => {
    const found = known.get(document) ?? { selection: readSelection(schema, document) };
    known.set(document, found);
    return found.selection;
  };
}
