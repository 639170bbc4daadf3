/** Something kept for documents that come again. */
export interface DocumentCache<T> {
  get(document: string): T | undefined;
  set(document: string, value: T): void;
  /** How many documents it holds. */
  readonly size: number;
}

/** Documents that operations came with, since the start. */
export interface DocumentCounts {
  /** Those that something was found for that is kept. */
  hits: number;
  /** Those that had to be parsed. */
  parsed: number;
  /** Those that were made ready to be executed quickly. */
  compiled: number;
  /** How many are kept at the moment. */
  kept: () => number;
}

export const newDocumentCounts = (): DocumentCounts => ({ hits: 0, parsed: 0, compiled: 0, kept: () => 0 });

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
    get size() {
      return entries.size;
    },
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
