/** The values of an enum with a description each: a value without one does not compile. */
export const describedValues = <Value extends string>(descriptions: Readonly<Record<Value, string>>) =>
  Object.fromEntries(
    Object.entries<string>(descriptions).map(([value, description]) => [value, { value: value as Value, description }]),
  ) as Readonly<Record<Value, { readonly value: Value; readonly description: string }>>;
