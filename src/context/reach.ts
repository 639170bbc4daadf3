import type { Sources } from './context.ts';

export type SourceKind = keyof Sources;

/** One source, or all of one kind where it has no name. */
export interface SourcePlace {
  readonly kind: SourceKind;
  readonly name?: string | undefined;
}

/** The sources that an operation may use. */
export interface Reach {
  readonly places: readonly SourcePlace[];
  has(kind: SourceKind, name: string): boolean;
}

export function createReach(places: readonly SourcePlace[]): Reach {
  return {
    places,
    has: (kind, name) =>
      places.some((place) => place.kind === kind && (place.name === undefined || place.name === name)),
  };
}

/** An operation came to a source that it was not known to use: the schema does not declare what a field reaches. */
export class OutOfReach extends Error {
  constructor(kind: string, name: string) {
    super(`The schema does not declare that this selection reaches the ${kind} source ${name}.`);
    this.name = 'OutOfReach';
  }
}
