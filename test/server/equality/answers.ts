/** The answer to an operation, as a client has it. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[];
}

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly unknown[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * What is not the same in two answers to one question, and why. Nothing else may differ: the clock stands still, sources
 * say the same twice, and the ids of kept specs follow from what is in them.
 * - `requestId`: each operation has its own; the log is searched by it.
 */
const changing: ReadonlySet<string> = new Set(['requestId']);

/** The same without what may differ. Members keep their order, which clients see, too. */
function settle(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settle);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, changing.has(name) && inner !== null ? name : settle(inner)]),
  );
}

/** Where the answer is null for an error at this path: there, or around it where null was not allowed. */
function nulledPlace(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let value = data;
  for (const [depth, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return path.slice(0, depth);
    value = (value as Record<string | number, unknown>)[key];
  }
  return path;
}

/**
 * An answer as it is compared with others: text, so that the order of members counts. Errors come in the order in which
 * they happened, which is a matter of timing. So it is also, of several errors inside of a part that becomes null, which
 * of them are still told: of those there is only the part.
 */
export function comparable({ data, errors }: Answer): string {
  const told = errors?.map((error) => {
    const { path = [] } = error;
    const place = nulledPlace(data, path);
    return JSON.stringify(place.length === path.length ? settle(error) : { nulled: place });
  });
  const sorted = told && [...new Set(told)].sort().map((error) => JSON.parse(error));
  return JSON.stringify({ data: settle(data), ...(sorted ? { errors: sorted } : {}) }, null, 1);
}
