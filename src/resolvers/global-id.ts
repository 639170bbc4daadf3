const isPlain = /^[\w.~-]*$/;

/** Most names and ids are as they are encoded. */
const encode = (part: string) => (isPlain.test(part) ? part : encodeURIComponent(part));

/** The part of a global id behind the type name: source name and vendor ids, each unambiguous. */
export const joinId = (...parts: readonly string[]): string => parts.map(encode).join('/');

/** Reads what `joinId` made; undefined when it has another number of parts. */
export function splitId(id: string, count: number): readonly string[] | undefined {
  const parts = id.split('/');
  if (parts.length !== count) return undefined;
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
