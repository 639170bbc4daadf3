import type { z } from 'zod';

/** Makes what we work with of a value from outside. @throws Unreadable when that is not what its contract says */
export type Reader<T> = (value: unknown) => T;

/** Something from outside that is not what its contract says. It says where, and never repeats what was there. */
export class Unreadable extends Error {
  /** Members and indexes that lead to what is wrong; empty for the value as a whole. */
  readonly path: readonly PropertyKey[];

  constructor(expected: string, path: readonly PropertyKey[] = [], options?: ErrorOptions) {
    super(`expected ${expected}`, options);
    this.name = 'Unreadable';
    this.path = path;
  }
}

/** The same failure, seen from the value that holds the one that cannot be read. */
export const below = (error: unknown, ...steps: readonly PropertyKey[]): unknown =>
  error instanceof Unreadable ? new Unreadable('something else', [...steps, ...error.path], { cause: error }) : error;

/** A reader of what is asked for now and then: the schema says what is allowed, `read` makes our own of it. */
export const fromSchema =
  <Schema extends z.ZodType, T>(schema: Schema, read: (wire: z.output<Schema>) => T): Reader<T> =>
  (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return read(parsed.data);
    throw new Unreadable('something else', parsed.error.issues[0]?.path, { cause: parsed.error });
  };
