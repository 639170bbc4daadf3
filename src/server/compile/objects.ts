import type { GraphQLObjectType, SelectionSetNode } from 'graphql';
import { collectFields } from './collect-fields.ts';
import { compileField } from './fields.ts';
import { writeObjectMaker } from './object-code.ts';
import type { Compilation, CompiledField, MakeObject } from './types.ts';

/** The fields that are asked of an object of this type. */
export function compileFields(
  compilation: Compilation,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
): readonly CompiledField[] {
  return [...collectFields(compilation, type, sets)]
    .map((entry) => compileField(compilation, type, entry))
    .filter((field) => field !== undefined);
}

/** Makes objects of one type at one place of an operation; it is compiled when the first of them is there. */
export function createObjectMaker(
  compilation: Compilation,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
): MakeObject {
  let made: MakeObject | undefined;
  return (run, source, place) => {
    made ??= writeObjectMaker(compileFields(compilation, type, sets));
    return made(run, source, place);
  };
}
