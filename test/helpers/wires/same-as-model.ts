import fc from 'fast-check';
import { expect } from 'vitest';
import type { z } from 'zod';
import { type Reader, Unreadable } from '../../../src/reading/reader.ts';

/** What became of an item: a value, or the way to the first member of it that is wrong. */
type Outcome = { readonly value: unknown } | { readonly path: readonly PropertyKey[] };

function outcomeOf(read: Reader<unknown>, item: unknown): Outcome {
  try {
    return { value: read(item) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { path: error.path };
  }
}

function outcomeAtModel(model: z.ZodType, item: unknown): Outcome {
  const parsed = model.safeParse(item);
  return parsed.success ? { value: parsed.data } : { path: parsed.error.issues[0]?.path ?? [] };
}

/** Checks that a reader makes the same of every item as a schema does, or finds the same member wrong. */
export function expectSameAsModel(read: Reader<unknown>, model: z.ZodType, items: fc.Arbitrary<unknown>): void {
  const seen = { values: 0, refusals: 0 };
  fc.assert(
    fc.property(items, (item) => {
      const outcome = outcomeOf(read, item);
      expect(outcome).toEqual(outcomeAtModel(model, item));
      seen['value' in outcome ? 'values' : 'refusals'] += 1;
    }),
    { numRuns: 2_000 },
  );
  // Both ways have to have been tried.
  expect(seen.values).toBeGreaterThan(300);
  expect(seen.refusals).toBeGreaterThan(300);
}
