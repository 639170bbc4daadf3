export type Json = Record<string, unknown>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object's member, or an empty object: a way down into documents whose shape is known. */
export const objectAt = (value: unknown, ...path: readonly (string | number)[]): Json => {
  const found = valueAt(value, ...path);
  return isJson(found) ? found : {};
};

export const valueAt = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inside, key) => (inside === null || inside === undefined ? undefined : (inside as Json)[key]),
    value,
  );

export const listAt = (value: unknown, ...path: readonly (string | number)[]): Json[] => {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.filter(isJson) : [];
};
