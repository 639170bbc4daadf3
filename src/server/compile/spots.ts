import {
  defaultTypeResolver,
  type FieldNode,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type Holder, isPromise, type Place, placeIn, type Run, type Spot, settle, whenSettled } from './run.ts';
import type { Compilation, MakeObject } from './types.ts';

/** A field as far as the completion of its values asks. */
export interface Asked {
  readonly nodes: readonly FieldNode[];
  /** `Type.field`, for sentences. */
  readonly name: string;
  readonly info: (run: Run, place: Place) => GraphQLResolveInfo;
}

type Complete = Spot['complete'];

/** For a value that is wrong whatever the caller does: which type it was of says enough. */
const kindOf = (value: unknown) => (typeof value === 'object' ? (value?.constructor?.name ?? 'null') : typeof value);

/** @throws what `serialize` throws */
export function serializeLeaf(type: GraphQLLeafType, value: unknown): unknown {
  const serialized = type.serialize(value);
  if (serialized !== null && serialized !== undefined) return serialized;
  throw new Error(`${type.name} has made nothing of a value of the type ${kindOf(value)}.`);
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

function completeList(spot: Spot, name: string): Complete {
  return (run, list, place) => {
    if (!isIterable(list)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
    }
    const items: unknown[] = [];
    const holder = items as unknown as Holder;
    for (const item of list) {
      items.push(null);
      settle(run, spot, item, placeIn(place, items.length - 1, holder, spot.isNullable));
    }
    return items;
  };
}

/** A value that says itself that it is not of the type that it was given for. */
const wrongType = (type: GraphQLObjectType, { nodes }: Asked) =>
  new GraphQLError(`Expected value of type "${type.name}" but got another.`, { nodes });

function completeObject(make: MakeObject, type: GraphQLObjectType, asked: Asked): Complete {
  const { isTypeOf } = type;
  if (!isTypeOf) return make;
  return (run, value, place) => {
    const verdict = isTypeOf(value, run.context, asked.info(run, place));
    const judge = (isOfType: unknown) => {
      if (isOfType) return make(run, value, place);
      throw wrongType(type, asked);
    };
    return isPromise(verdict) ? makeLater(run, verdict, { place, asked, complete: judge }) : judge(verdict);
  };
}

/** Null until it is known; the spot itself is known to have a value. */
function makeLater(
  run: Run,
  promise: PromiseLike<unknown>,
  { place, asked, complete }: { place: Place; asked: Asked; complete: (value: unknown) => unknown },
): null {
  const spot = { nodes: asked.nodes, isNullable: place.isNullable } as Spot;
  whenSettled(run, promise, { spot, place, complete });
  return null;
}

function concreteType({ schema }: Compilation, type: GraphQLAbstractType, name: unknown, asked: Asked) {
  const concrete = typeof name === 'string' ? schema.getType(name) : undefined;
  if (isObjectType(concrete) && schema.isSubType(type, concrete)) return concrete;
  const sentence =
    name === undefined || name === null
      ? `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${asked.name}". Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`
      : `Runtime Object type "${name}" is not a possible type for "${type.name}".`;
  throw new GraphQLError(sentence, { nodes: asked.nodes });
}

function completeAbstract(compilation: Compilation, type: GraphQLAbstractType, asked: Asked): Complete {
  const known = new Map<GraphQLObjectType, Complete>();
  const completerOf = (concrete: GraphQLObjectType) => {
    const made = known.get(concrete) ?? completeObject(objectMaker(compilation, concrete, asked), concrete, asked);
    known.set(concrete, made);
    return made;
  };
  const resolveType = type.resolveType ?? defaultTypeResolver;
  return (run, value, place) => {
    const found = resolveType(value, run.context, asked.info(run, place), type);
    const make = (name: unknown) => completerOf(concreteType(compilation, type, name, asked))(run, value, place);
    return isPromise(found) ? makeLater(run, found, { place, asked, complete: make }) : make(found);
  };
}

const objectMaker = ({ objectMaker: make }: Compilation, type: GraphQLObjectType, { nodes }: Asked) =>
  make(
    type,
    nodes.map(({ selectionSet }) => selectionSet),
  );

function completerFor(compilation: Compilation, type: GraphQLOutputType, asked: Asked): Complete {
  if (isLeafType(type)) return (_run, value) => serializeLeaf(type, value);
  if (isListType(type)) return completeList(createSpot(compilation, type.ofType, asked), asked.name);
  if (isAbstractType(type)) return completeAbstract(compilation, type, asked);
  if (isObjectType(type)) return completeObject(objectMaker(compilation, type, asked), type, asked);
  throw new TypeError('a type that is none of the kinds that GraphQL has');
}

/** How values of this type go into the answer at one place of an operation. */
export function createSpot(compilation: Compilation, type: GraphQLOutputType, asked: Asked): Spot {
  const isNullable = !isNonNullType(type);
  const inner = isNonNullType(type) ? type.ofType : type;
  return {
    nodes: asked.nodes,
    isNullable,
    missing: `Cannot return null for non-nullable field ${asked.name}.`,
    isLeaf: isLeafType(inner),
    complete: completerFor(compilation, inner, asked),
  };
}
