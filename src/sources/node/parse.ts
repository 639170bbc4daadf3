import { type Reader, Unreadable } from '../../reading/reader.ts';
import { SourceError } from '../../transport/source-error.ts';
import { badAnswer } from './errors.ts';

function unreadable(source: string, what: string, error: unknown): unknown {
  if (!(error instanceof Unreadable)) return error;
  const where = error.path.length > 0 ? ` (at ${error.path.join('.')})` : '';
  return badAnswer(source, `an answer that is not ${what}${where}`, { cause: error });
}

/** Reads an answer, or throws `SOURCE_BAD_ANSWER`. `what` names what was expected, for the sentence. */
export function parseAnswer<T>(source: string, what: string, read: Reader<T>, body: unknown): T {
  if (body === undefined) throw badAnswer(source, `an empty answer instead of ${what}`, { retryable: true });
  try {
    return read(body);
  } catch (error) {
    throw unreadable(source, what, error);
  }
}

/** Reads one item of a list; when it cannot be read, the error takes its place. */
export function parseItem<T>(source: string, what: string, read: Reader<T>, item: unknown): T | SourceError {
  try {
    return read(item);
  } catch (error) {
    const bad = unreadable(source, what, error);
    if (bad instanceof SourceError) return bad;
    throw bad;
  }
}

/** Reads the items of a list one by one: a bad one becomes an error in its place, the others stay. */
export const parseItems = <T>(
  source: string,
  what: string,
  read: Reader<T>,
  items: readonly unknown[],
): (T | SourceError)[] => items.map((item) => parseItem(source, what, read, item));
