import {
  type ConstValueNode,
  GraphQLBoolean,
  GraphQLNonNull,
  getNullableType,
  isNonNullType,
  Kind,
  parseType,
  type VariableDefinitionNode,
  type VariableNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Choices } from './choices.ts';
import { type Place, type Pool, withoutNull } from './pool.ts';
import { drawValue } from './values.ts';

/** The variables of one operation: what it declares, and what its caller gives. */
export interface Variables {
  /** A variable that may stand at this place, a new one or one that is there. */
  at(place: Place): VariableNode;
  /** A variable for `@skip` and `@include`. */
  condition(): VariableNode;
  readonly definitions: readonly VariableDefinitionNode[];
  readonly given: Readonly<Record<string, unknown>>;
  /** Gives one of them, if there are any, a value that it may not have. */
  spoil(): void;
}

interface Shape {
  readonly isNonNull: boolean;
  readonly hasDefault: boolean;
}

interface Declared extends Shape {
  readonly definition: VariableDefinitionNode;
  /** Its type without the last `!`. */
  readonly type: string;
  readonly name: string;
}

const variableNode = (name: string): VariableNode => ({ kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } });

/** Whether validation lets a variable stand there (GraphQL §5.8.5). */
function mayStand({ type, isNonNull, definition }: Declared, place: Place): boolean {
  if (type !== String(getNullableType(place.type))) return false;
  const { defaultValue } = definition;
  const isNeverNull = defaultValue !== undefined && defaultValue.kind !== Kind.NULL;
  return isNonNull || !isNonNullType(place.type) || (isNeverNull && place.isOneOf !== true);
}

const wrongValues: readonly unknown[] = [
  'neither this nor that',
  1.5,
  true,
  {},
  [],
  [null],
  null,
  9e15,
  { unknown: 1 },
  { and: 'x', or: [] },
  { groupId: 'a', userId: 'b' },
  [[1]],
];

export function createVariables(choices: Choices, pool: Pool): Variables {
  const declared: Declared[] = [];
  const given: Record<string, unknown> = {};

  const draw = (place: Place) => drawValue({ choices, pool }, place) as ConstValueNode;

  /** What the caller gives for it: nothing, null, or a value. */
  const give = (name: string, place: Place, { isNonNull, hasDefault }: Shape) => {
    if ((hasDefault || !isNonNull) && choices.chance(40)) return;
    if (!isNonNull && choices.chance(isNonNullType(place.type) ? 3 : 12)) given[name] = null;
    else given[name] = valueFromASTUntyped(draw(withoutNull(place)));
  };

  /** Where a value is demanded, a type that allows null needs a default (GraphQL §5.8.5). */
  const shapeFor = (place: Place): Shape => {
    const mustBe = isNonNullType(place.type);
    const isNonNull = place.isOneOf === true || choices.chance(mustBe ? 75 : 30);
    if (mustBe && !isNonNull) return { isNonNull, hasDefault: true };
    return { isNonNull, hasDefault: choices.chance(isNonNull ? 8 : 40) };
  };

  const declare = (place: Place): Declared => {
    const shape = shapeFor(place);
    const type = String(getNullableType(place.type));
    const name = `${place.name}${declared.length === 0 ? '' : `_${declared.length}`}`;
    const isPresent = shape.isNonNull || isNonNullType(place.type);
    const definition: VariableDefinitionNode = {
      kind: Kind.VARIABLE_DEFINITION,
      variable: variableNode(name),
      type: parseType(shape.isNonNull ? `${type}!` : type, { noLocation: true }),
      ...(shape.hasDefault ? { defaultValue: draw(isPresent ? withoutNull(place) : place) } : {}),
    };
    give(name, place, shape);
    const made = { ...shape, definition, type, name: place.name };
    declared.push(made);
    return made;
  };

  const at = (place: Place): VariableNode => {
    const fitting = declared.filter((one) => one.name === place.name && mayStand(one, place));
    const { definition } = fitting.length > 0 && choices.chance(40) ? choices.pick(fitting) : declare(place);
    return definition.variable;
  };

  return {
    at,
    condition: () => at({ type: new GraphQLNonNull(GraphQLBoolean), owner: '@', name: 'if' }),
    get definitions() {
      return declared.map(({ definition }) => definition);
    },
    given,
    spoil: () => {
      if (declared.length === 0) return;
      const { definition } = choices.pick(declared);
      given[definition.variable.name.value] = choices.pick(wrongValues);
    },
  };
}
