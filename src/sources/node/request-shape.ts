/** The members that have a value: nodes take an absent member and a null one for different things. */
export const compact = <T>(members: Readonly<Record<string, T | undefined>>): Record<string, T> =>
  Object.fromEntries(Object.entries(members).filter((member): member is [string, T] => member[1] !== undefined));

/** `2026-11-23T00:22:56Z`: nodes read no fraction of a second. */
export const toSeconds = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
