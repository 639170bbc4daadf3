/** Something kept for documents that come again. */
export interface DocumentCache<T> {
  get(document: string): T | undefined;
  set(document: string, value: T): void;
}

/** A document longer than this share of the cache is not kept: a few of them would push out all the others. */
const LARGEST_SHARE = 1 / 16;

/**
 * Keeps what was used last, bounded by the characters of the documents: what a caller can send is bounded by bytes, so
 * a bound by their number alone would let them fill the memory.
 */
export function createDocumentCache<T>(maxCharacters: number): DocumentCache<T> {
  const entries = new Map<string, T>();
  let characters = 0;
  const remove = (document: string) => {
    if (entries.delete(document)) characters -= document.length;
  };
  return {
    get: (document) => {
      const value = entries.get(document);
      if (value === undefined) return undefined;
      entries.delete(document);
      entries.set(document, value);
      return value;
    },
    set: (document, value) => {
      remove(document);
      if (document.length > maxCharacters * LARGEST_SHARE) return;
      entries.set(document, value);
      characters += document.length;
      for (const oldest of entries.keys()) {
        if (characters <= maxCharacters) return;
        remove(oldest);
      }
    },
  };
}
