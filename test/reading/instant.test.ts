import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainInstant } from '../../src/reading/instant.ts';

const two = fc.integer({ min: 0, max: 65 }).map((number) => String(number).padStart(2, '0'));
const small = fc.integer({ min: 0, max: 13 }).map((number) => String(number).padStart(2, '0'));
const days = fc.integer({ min: 0, max: 32 }).map((number) => String(number).padStart(2, '0'));
const hours = fc.integer({ min: 0, max: 25 }).map((number) => String(number).padStart(2, '0'));

/** Texts in the form of a moment, of which many are none. */
const lookalikes = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), small, days, hours, two, two, fc.constantFrom('', '.000', '.25', '.999'))
  .map(
    ([year, month, day, hour, minute, second, fraction]) =>
      `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`,
  );

describe('a plain instant', () => {
  it('is a moment that reads the same when it has been a Date', () => {
    let found = 0;
    fc.assert(
      fc.property(lookalikes, (text) => {
        if (!isPlainInstant(text)) return;
        found += 1;
        const written = text.length === 20 ? text.replace('Z', '.000Z') : text;
        expect(new Date(text).toISOString()).toBe(written);
      }),
      { numRuns: 5_000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  it('is every moment that a Date writes, but for leap days', () => {
    const moments = fc.date({ noInvalidDate: true, min: new Date('0000-01-01'), max: new Date('9999-12-31') });
    fc.assert(
      fc.property(moments, (date) => {
        const isLeapDay = date.getUTCMonth() === 1 && date.getUTCDate() === 29;
        expect(isPlainInstant(date.toISOString())).toBe(!isLeapDay);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['2026-01-31T09:00:00z', '2026-01-31 09:00:00Z', '2026-01-31T09:00:00Z\n', '2026-01-31T09:00Z', '', 'now'])(
    'is not %j',
    (text) => {
      expect(isPlainInstant(text)).toBe(false);
    },
  );
});
