import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateTimeScalar } from '../../src/schema/scalars.ts';
import { dates } from '../helpers/wires/items.ts';

/** What DateTime has to write, by way of a Date. */
function written(value: unknown): string | undefined {
  const date = value instanceof Date ? value : new Date(String(value));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function serialized(value: unknown): unknown {
  try {
    return dateTimeScalar.serialize(value);
  } catch {
    return undefined;
  }
}

/** Moments as sources and Dates write them, each perhaps with a few characters exchanged. */
const texts = fc
  .tuple(dates, fc.array(fc.tuple(fc.nat({ max: 30 }), fc.constantFrom(...'0123456789-:.TZ+ ')), { maxLength: 2 }))
  .map(([text, changes]) =>
    changes.reduce((changed, [at, letter]) => `${changed.slice(0, at)}${letter}${changed.slice(at + 1)}`, text),
  );

describe('DateTime', () => {
  it('is written as a Date writes it, or refused where there is no such moment', () => {
    const values = fc.oneof({ weight: 8, arbitrary: texts }, fc.date(), fc.integer(), fc.string());
    const seen = { written: 0, refused: 0 };
    fc.assert(
      fc.property(values, (value) => {
        const expected = written(value);
        expect(serialized(value)).toBe(expected);
        seen[expected === undefined ? 'refused' : 'written'] += 1;
      }),
      { numRuns: 5_000 },
    );
    expect(seen.written).toBeGreaterThan(500);
    expect(seen.refused).toBeGreaterThan(500);
  });

  it.each([
    ['2026-01-31T09:00:00Z', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31T09:00:00.250Z', '2026-01-31T09:00:00.250Z'],
    ['2026-01-31T09:00:00+02:00', '2026-01-31T07:00:00.000Z'],
    ['2026-02-31T09:00:00Z', '2026-03-03T09:00:00.000Z'],
    ['2024-02-29T09:00:00Z', '2024-02-29T09:00:00.000Z'],
  ])('writes %s as %s', (text, expected) => {
    expect(dateTimeScalar.serialize(text)).toBe(expected);
  });
});
