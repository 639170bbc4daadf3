import { type FieldNode, type GraphQLError, locatedError } from 'graphql';

/** What members of an answer are written to: an object, or a list by its indexes. */
export type Holder = Record<string | number, unknown>;

/** Where in the answer a value is: enough to write null there later, and to say where an error was. */
export interface Place {
  /** Undefined for the root of the answer, which has no place in the path of an error. */
  readonly parent: Place | undefined;
  readonly key: string | number;
  readonly holder: Holder;
  readonly isNullable: boolean;
  /** Whether an error made it null: nothing below it is told any more. */
  isNulled: boolean;
}

/** One execution of a compiled operation. */
export interface Run {
  readonly context: unknown;
  readonly rootValue: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly errors: GraphQLError[];
  /** Arguments that hold variables, by the number of their field: the same for every object of a list. */
  readonly arguments: (Readonly<Record<string, unknown>> | undefined)[];
  data: unknown;
  /** What is waited for. */
  pending: number;
  /** Called once nothing is waited for any more. */
  finish: (() => void) | undefined;
  /** Leaves of the object being made that turned out to be promises. */
  readonly late: Late[];
}

export interface Late {
  readonly field: Spot & { readonly key: string };
  readonly promise: PromiseLike<unknown>;
}

/** What a place in the answer is for: the same for every object of a list. */
export interface Spot {
  readonly nodes: readonly FieldNode[];
  readonly isNullable: boolean;
  /** What is said when there is no value and must be one. */
  readonly missing: string;
  /** Whether the value has no members, and so needs no place for them. */
  readonly isLeaf: boolean;
  /** Makes a value that is there what it is in the answer. @throws what is wrong with it */
  readonly complete: (run: Run, value: NonNullable<unknown>, place: Place) => unknown;
}

export const placeIn = (parent: Place, key: string | number, holder: Holder, isNullable: boolean): Place => ({
  ...{ parent, key, holder, isNullable },
  isNulled: false,
});

function pathOf(parent: Place, key: string | number): readonly (string | number)[] {
  const path = [key];
  for (let place = parent; place.parent; place = place.parent) path.unshift(place.key);
  return path;
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

function isNulledAbove(place: Place | undefined): boolean {
  for (let above = place; above; above = above.parent) if (above.isNulled) return true;
  return false;
}

/** The value of a spot in the answer. @throws what is wrong with it */
export function completeAt(run: Run, spot: Spot, value: unknown, place: Place): unknown {
  if (value instanceof Error) throw value;
  if (value !== null && value !== undefined) return spot.complete(run, value, place);
  if (spot.isNullable) return null;
  throw new Error(spot.missing);
}

/** Writes null where an error may stand, and passes the error on to what is around it where none may (GraphQL §6.4.4). */
export function failNow(run: Run, error: unknown, spot: Spot, place: Place): void {
  const { parent, key, holder } = place;
  const located = locatedError(error, spot.nodes, parent && pathOf(parent, key));
  if (!spot.isNullable) throw located;
  if (!isNulledAbove(place)) run.errors.push(located);
  place.isNulled = true;
  holder[key] = null;
}

/** The same once the objects around it have been made: the nearest that may be null becomes it. */
function failLater(run: Run, error: unknown, spot: Spot, place: Place): void {
  const located = locatedError(error, spot.nodes, place.parent && pathOf(place.parent, place.key));
  let nulled = place;
  while (!nulled.isNullable && nulled.parent) nulled = nulled.parent;
  if (!isNulledAbove(nulled)) run.errors.push(located);
  nulled.isNulled = true;
  nulled.holder[nulled.key] = null;
}

function arrive(run: Run): void {
  run.pending -= 1;
  if (run.pending === 0) run.finish?.();
}

/** Writes to a place what becomes of a promise, once it is settled. */
export function whenSettled(
  run: Run,
  promise: PromiseLike<unknown>,
  { spot, place, complete }: { spot: Spot; place: Place; complete: (value: unknown) => unknown },
): void {
  run.pending += 1;
  const fail = (error: unknown) => failLater(run, error, spot, place);
  promise.then(
    (value) => {
      try {
        place.holder[place.key] = complete(value);
      } catch (error) {
        fail(error);
      }
      arrive(run);
    },
    (error) => {
      fail(error);
      arrive(run);
    },
  );
}

/** Writes a value to its place in the answer, now or when it is there. @throws where the place must not be null */
export function settle(run: Run, spot: Spot, value: unknown, place: Place): void {
  try {
    if (isPromise(value)) {
      whenSettled(run, value, { spot, place, complete: (found) => completeAt(run, spot, found, place) });
    } else {
      place.holder[place.key] = completeAt(run, spot, value, place);
    }
  } catch (error) {
    failNow(run, error, spot, place);
  }
}
