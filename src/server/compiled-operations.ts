import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Compiled, compile } from './compile/compile.ts';
import type { KnownOperation } from './documents.ts';

/** Operations that are sent again and again, compiled. */
export interface CompiledOperations {
  /** Notes that an operation is run once more; gives its compiled form from the third time on. */
  sight(operation: KnownOperation): Compiled | undefined;
  /** How often one was compiled since the start, and how many are kept at the moment. */
  readonly counts: { readonly compiled: number; readonly kept: number };
}

/** Compiling takes as long as several runs: not worth it for what is sent once, as floods of literals are. */
const SIGHTS = 3;

const MAX_OPERATIONS = 500;

/** Characters of the documents whose operations are kept compiled; the code takes some fifty times the room. */
const MAX_CHARACTERS = 500_000;

/** A longer document is left to graphql-js: compiling it would keep everybody waiting. */
const MAX_SIZE = 20_000;

export function createCompiledOperations(schema: GraphQLSchema): CompiledOperations {
  const sights = new WeakMap<KnownOperation, number>();
  const kept = new LRUCache<KnownOperation, Compiled>({
    max: MAX_OPERATIONS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_compiled, { size }) => Math.max(1, size),
    // It has to be seen again as often to be compiled again.
    dispose: (_compiled, operation) => void sights.delete(operation),
  });
  let made = 0;
  return {
    get counts() {
      return { compiled: made, kept: kept.size };
    },
    sight: (operation) => {
      const known = kept.get(operation);
      if (known) return known;
      const times = (sights.get(operation) ?? 0) + 1;
      sights.set(operation, times);
      if (times < SIGHTS || operation.size > MAX_SIZE) return undefined;
      made += 1;
      const compiled = compile(schema, operation.document, operation.operation);
      kept.set(operation, compiled);
      return compiled;
    },
  };
}
