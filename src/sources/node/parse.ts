import type { z } from 'zod';
import type { SourceError } from '../../transport/source-error.ts';
import { badAnswer } from './errors.ts';

function unreadable(source: string, what: string, error: z.ZodError): SourceError {
  const [issue] = error.issues;
  const where = issue && issue.path.length > 0 ? ` (at ${issue.path.join('.')})` : '';
  return badAnswer(source, `an answer that is not ${what}${where}`, { cause: error });
}

/** Reads an answer, or throws `SOURCE_BAD_ANSWER`. `what` names what was expected, for the sentence. */
export function parseAnswer<T extends z.ZodType>(source: string, what: string, schema: T, body: unknown): z.output<T> {
  if (body === undefined) throw badAnswer(source, `an empty answer instead of ${what}`, { retryable: true });
  const result = schema.safeParse(body);
  if (!result.success) throw unreadable(source, what, result.error);
  return result.data;
}

/** Reads one item of a list; when it cannot be read, the error takes its place. */
export function parseItem<T extends z.ZodType>(
  source: string,
  what: string,
  schema: T,
  item: unknown,
): z.output<T> | SourceError {
  const result = schema.safeParse(item);
  return result.success ? result.data : unreadable(source, what, result.error);
}

/** Reads the items of a list one by one: a bad one becomes an error in its place, the others stay. */
export function parseItems<T extends z.ZodType>(
  source: string,
  what: string,
  schema: T,
  items: readonly unknown[],
): (z.output<T> | SourceError)[] {
  return items.map((item) => parseItem(source, what, schema, item));
}
